//! A tab that is opened for a moment, to see what this tab's stores look like from there.

use crate::{
    browser::{Draft, Store, stores, windows::Opener},
    ui::WindowRequest,
};
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, Storage, Window};

/// A small page of this origin.
const PAGE: &str = "/healthz";
/// How often it is looked at, and how long it may take to load: 5 s.
const LOOK_EVERY_MS: u32 = 50;
const LOOKS: u32 = 100;

/// What was found from the other tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FromOtherTab {
    pub cookie: bool,
    pub local_storage: bool,
    /// What sessionStorage held before the tab was opened.
    pub session_storage_before: bool,
    /// What was put there afterwards.
    pub session_storage_after: bool,
}

/// Looks for the markers; `after` is a second one for sessionStorage, put there once the tab is open. `None` where the
/// browser opens no tab.
pub(super) async fn look_from_other_tab(
    markers: &[Draft; 4],
    after: &Draft,
    windows: WindowRequest,
) -> Option<FromOtherTab> {
    let tab = windows.open(PAGE, Opener::Tab).await?;
    let found = look(&tab, markers, after).await;
    let _ = tab.close();
    let _ = stores::delete(Store::SessionStorage, after).await;
    found
}

async fn look(tab: &Window, markers: &[Draft; 4], after: &Draft) -> Option<FromOtherTab> {
    let [cookie, session, local, _] = markers;
    loaded(tab).await?;
    let _ = stores::put(Store::SessionStorage, after).await;
    let holds = |area: Option<Storage>, draft: &Draft| {
        area.and_then(|area| area.get_item(&draft.name).ok().flatten()).as_deref() == Some(&*draft.value)
    };
    let session_storage = || tab.session_storage().ok().flatten();
    // Another window's document is of another class to this one, so it cannot be checked for being one.
    let document: HtmlDocument = tab.document()?.unchecked_into();
    let cookies = document.cookie().unwrap_or_default();
    Some(FromOtherTab {
        cookie: cookies.contains(&*cookie.value),
        local_storage: holds(tab.local_storage().ok().flatten(), local),
        session_storage_before: holds(session_storage(), session),
        session_storage_after: holds(session_storage(), after),
    })
}

async fn loaded(tab: &Window) -> Option<()> {
    for _ in 0..LOOKS {
        let there = tab.location().pathname().is_ok_and(|path| path == PAGE);
        if there && tab.document().is_some_and(|document| document.ready_state() == "complete") {
            return Some(());
        }
        TimeoutFuture::new(LOOK_EVERY_MS).await;
    }
    None
}
