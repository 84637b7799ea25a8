//! The page `/login-flow`: the six steps from sign-up to the guarded page and two more, with the code that ran, the
//! request, the answer and the rows. It is an experiment without a prediction ([`walk`]) on a [`page`] of its own, which
//! also shows the [`source`] of the server, as it was compiled.

mod api;
mod page;
mod source;
mod walk;

pub use api::{LoginFlowListings, SourceText, login_flow_listings, source_text};
pub(crate) use page::{LoginFlowPage, SourcePage};
pub use source::{Listing, Source, SourceFile};
pub(super) use walk::FLOW;
