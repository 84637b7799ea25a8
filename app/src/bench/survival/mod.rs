//! Then something happens: what each store still holds after an event, found with markers that were really there.

mod panel;

pub(super) use panel::panel;
