//! The server session: named values on the server, of which the browser holds no more than the id.

use super::Draft;
use crate::bench::{delete_value, model::Refusal, put_value};

pub(super) async fn put(draft: &Draft) -> Result<(), Refusal> {
    put_value(draft.name.clone(), draft.value.clone()).await.map_err(Refusal::Server)
}

pub(super) async fn delete(name: &str) -> Result<(), Refusal> {
    delete_value(name.to_owned()).await.map_err(Refusal::Server)
}
