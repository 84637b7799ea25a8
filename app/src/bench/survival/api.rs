//! The server functions that keep a trial. Whoever knows its id may read, change and end it: the id is drawn by the
//! server and is all there is to it.

#![expect(
    missing_docs,
    reason = "the fields of the structs that `#[server]` makes are the documented functions' arguments"
)]

use crate::{AppError, bench::Trial};
use leptos::{prelude::*, server_fn::codec::Json};
#[cfg(feature = "ssr")]
use {
    super::port::Trials,
    crate::request::{Request, port},
};

/// Keeps a trial and returns its id: a new one where none is given.
#[server(prefix = "/api", endpoint = "trial/save", input = Json)]
pub async fn save_trial(id: Option<String>, trial: Trial) -> Result<String, AppError> {
    let Request { visitor, .. } = Request::current()?;
    let trials = port::<dyn Trials>()?;
    match id {
        Some(id) => trials.save(&visitor, &id, &trial).await.map(|()| id),
        None => trials.begin(&visitor, &trial).await,
    }
}

/// A trial as it was saved last.
#[server(prefix = "/api", endpoint = "trial/load")]
pub async fn load_trial(id: String) -> Result<Trial, AppError> {
    let trials = port::<dyn Trials>()?;
    trials.load(&id).await
}

/// Forgets a trial; one that is not there is forgotten already.
#[server(prefix = "/api", endpoint = "trial/end")]
pub async fn end_trial(id: String) -> Result<(), AppError> {
    let trials = port::<dyn Trials>()?;
    trials.end(&id).await
}
