//! What an experiment's file needs: `use crate::experiments::prelude::*`.

pub(super) use super::{
    claims::*,
    client::*,
    model::*,
    needs::Need,
    parameter::Parameter,
    run::Run,
    subject::*,
    subjects::{row, with_account},
};
pub(super) use crate::ui::*;
