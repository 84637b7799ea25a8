//! The dock: the bench over the stores of an app's page, which has it in a frame. The script of that page, `dock.js` of the server's `app_proxy/dock`,
//! answers over a port what its stores hold and does what is asked; the bench is the same as on `/`.

mod cookies;
mod live;
mod page;
mod place;
mod port;
mod stores;

pub(crate) use page::DockPage;
