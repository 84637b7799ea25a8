//! Everything of the bench that is not needed at first sight: the tabs, the dialogs and the form of cookies, fetched
//! together when the first of them is opened.

mod chunk;
mod cookie_form;
mod dialog;
mod fetched;
mod panel;
mod panels;
mod tabs;

pub(super) use cookie_form::cookie_form;
pub(super) use dialog::dialogs;
pub(super) use fetched::fetched;
pub(super) use panel::Panel;
pub(super) use panels::Panels;
pub(super) use tabs::tools;
