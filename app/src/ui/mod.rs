//! The design system: the few pieces that every page is made of. Their looks are in `style/`.

mod bound;
mod boxed;
mod clipboard;
mod download;
mod field;
mod focus;
mod marked;
mod not_found;
mod on_window;
mod random;
mod theme;
mod title;
mod when;
mod window_request;

pub(crate) use boxed::{aria, changing, effect, flag, handler, parts, text};
pub(crate) use clipboard::copy;
pub(crate) use download::download;
pub(crate) use field::{SubmittedForm, TextField, error_text};
pub(crate) use focus::{focus, focus_now};
pub(crate) use marked::{code, lines, name};
pub(crate) use not_found::NotFound;
pub(crate) use on_window::on_window;
pub(crate) use random::random;
pub(crate) use theme::{ThemeChoice, ThemeSwitch};
pub(crate) use title::Title;
pub(crate) use when::when;
pub(crate) use window_request::WindowRequest;
