//! Every attribute of a cookie: the form, the exact line before it is sent, and which rule a refused one broke.

mod form;

pub(super) use form::form;
