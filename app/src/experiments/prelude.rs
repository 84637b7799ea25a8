//! What an experiment's file needs: `use crate::experiments::prelude::*`.

pub(super) use super::{
    claims::*, client::*, model::*, need::Need, parameter::Parameter, procedure::*, run::Run, test_account::*,
};
pub(super) use crate::{browser::page_address::*, words::*};
