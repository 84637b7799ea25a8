//! Client-side navigation: where the visitor is, and how a link is followed without a new document. It knows no page:
//! whoever provides it says which path is one and fetches what the page needs.

use crate::{
    reactive::{State, Stored},
    ui::effect,
};
use futures::future::LocalBoxFuture;
use gloo_events::{EventListener, EventListenerOptions};
use leptos::{prelude::*, server_fn::redirect::set_redirect_hook, task::spawn_local, wasm_split::SplitLoaderError};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, HtmlAnchorElement, MouseEvent, Url};

/// Links that the browser follows itself: into another window, to a file, to another site.
const OF_THE_BROWSER: &str = "[target]:not([target=_self]), [download], [rel~=external]";

/// Fetches what the page of a path needs; `None` where the path is no page.
pub(crate) type Fetch = fn(&str) -> Option<LocalBoxFuture<'static, Result<(), SplitLoaderError>>>;

/// Where the visitor is; lives as long as the app.
#[derive(Clone, Copy)]
pub(crate) struct Navigation {
    /// The path of the page that is shown, percent-encoded as in the address. It changes once the page can be shown.
    pub path: State<String>,
    /// Its query, without the question mark.
    query: State<String>,
    /// Whether the next page is on its way.
    pub is_busy: State<bool>,
    fetch: Fetch,
    /// Counts what was asked for: a page that comes late is not shown any more.
    turn: Stored<u32>,
}

/// What becomes of the address that stood there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Entry {
    /// It stays in the history, below the new one.
    New,
    /// The new one takes its place.
    Same,
    /// The browser itself has gone back or forward.
    Arrived,
}

impl Navigation {
    /// Puts it into context and, in the browser, listens for links and for back and forward.
    pub fn provide(fetch: Fetch) {
        let (path, query) = current();
        let navigation = Self {
            path: State::new(path),
            query: State::new(query),
            is_busy: State::new(false),
            fetch,
            turn: Stored::new(0),
        };
        provide_context(navigation);
        effect(move || navigation.listen());
    }

    /// The value of a field of the query, decoded. Whoever reads it in a view or an effect is told of changes.
    pub fn query(self, name: &str) -> Option<String> {
        field(&self.query.read(), name)
    }

    /// The same, read once.
    pub fn query_untracked(self, name: &str) -> Option<String> {
        field(&self.query.read_untracked(), name)
    }

    /// Goes to another address of this site.
    pub fn go(self, address: &str) {
        self.follow(address, Entry::New);
    }

    /// Goes there in place of this address: the way back does not lead here again.
    pub fn replace(self, address: &str) {
        self.follow(address, Entry::Same);
    }

    /// Leads on to another page of this site: while the server renders, by its answer.
    pub fn redirect(self, path: &str) {
        #[cfg(feature = "ssr")]
        leptos_axum::redirect(path);
        #[cfg(not(feature = "ssr"))]
        self.replace(path);
    }

    fn listen(self) {
        let clicked = move |event: &Event| {
            if let Some(address) = self.followed_link(event) {
                event.prevent_default();
                self.go(&address);
            }
        };
        // They last as long as the app.
        let options = EventListenerOptions::enable_prevent_default();
        EventListener::new_with_options(&window(), "click", options, clicked).forget();
        let arrived = move |_: &Event| {
            if let Ok(address) = window().location().href() {
                self.follow(&address, Entry::Arrived);
            }
        };
        EventListener::new(&window(), "popstate", arrived).forget();
        // The answer of a server function may lead on as well.
        let _ = set_redirect_hook(move |address| self.go(address));
    }

    /// The address of the link that a click follows to another page of the lab; `None` where the browser follows it
    /// itself: to another site or window, to a file, to another place of the same page.
    fn followed_link(self, event: &Event) -> Option<String> {
        let click = event.dyn_ref::<MouseEvent>()?;
        let modified = click.meta_key() || click.ctrl_key() || click.shift_key() || click.alt_key();
        if event.default_prevented() || click.button() != 0 || modified {
            return None;
        }
        let link = event.target()?.dyn_into::<web_sys::Element>().ok()?.closest("a[href]").ok()??;
        if link.matches(OF_THE_BROWSER).ok()? {
            return None;
        }
        let link = link.dyn_into::<HtmlAnchorElement>().ok()?;
        let (url, here) = (Url::new(&link.href()).ok()?, window().location());
        let is_here = Ok(url.pathname()) == here.pathname() && Ok(url.search()) == here.search();
        let leads_to_page = Ok(url.origin()) == here.origin() && (self.fetch)(&url.pathname()).is_some();
        (leads_to_page && (!is_here || url.hash().is_empty())).then(|| url.href())
    }

    /// Shows the page of an address once it is there; until then the page before stands.
    fn follow(self, address: &str, entry: Entry) {
        let Ok(url) = Url::new_with_base(address, &window().location().href().unwrap_or_default()) else { return };
        let is_of_this_site = window().location().origin() == Ok(url.origin());
        let Some(fetching) = is_of_this_site.then(|| (self.fetch)(&url.pathname())).flatten() else {
            return load(&url);
        };
        self.turn.update_value(|turn| *turn += 1);
        let turn = self.turn.get_value();
        self.is_busy.set(true);
        spawn_local(async move {
            let fetched = fetching.await;
            if self.turn.get_value() != turn {
                return;
            }
            self.is_busy.set(false);
            // The network is gone, or the server has a newer build by now: the page as the server sends it needs less.
            if fetched.is_err() || note(&url, entry).is_err() {
                return load(&url);
            }
            self.show(&url, entry);
        });
    }

    fn show(self, url: &Url, entry: Entry) {
        let (path, query) = (url.pathname(), without_mark(&url.search()));
        if *self.query.read_untracked() != query {
            self.query.set(query);
        }
        if *self.path.read_untracked() == path {
            return;
        }
        self.path.set(path);
        // Back and forward find the place by themselves.
        if entry != Entry::Arrived {
            let hash = url.hash();
            request_animation_frame(move || scroll_to(&hash));
        }
    }
}

/// The address in the history. A browser refuses when that is done too often.
fn note(url: &Url, entry: Entry) -> Result<(), JsValue> {
    let history = window().history()?;
    let is_here = window().location().href()? == url.href();
    match entry {
        Entry::Arrived => Ok(()),
        Entry::New if !is_here => history.push_state_with_url(&JsValue::NULL, "", Some(&url.href())),
        _ => history.replace_state_with_url(&JsValue::NULL, "", Some(&url.href())),
    }
}

/// Leaves it to the browser, with a new document. Where that fails too, the browser says so.
fn load(url: &Url) {
    let _ = window().location().assign(&url.href());
}

/// To the element that the address names, else to the top.
fn scroll_to(hash: &str) {
    let id = percent_encoding::percent_decode_str(hash.trim_start_matches('#')).decode_utf8_lossy();
    match document().get_element_by_id(&id) {
        Some(element) => element.scroll_into_view(),
        None => window().scroll_to_with_x_and_y(0.0, 0.0),
    }
}

fn field(query: &str, name: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes()).find(|(other, _)| other == name).map(|(_, value)| value.into_owned())
}

/// Path and query of the page that is rendered or woken.
fn current() -> (String, String) {
    #[cfg(feature = "ssr")]
    return use_context::<http::request::Parts>().map_or_else(Default::default, |request| {
        (request.uri.path().to_owned(), request.uri.query().unwrap_or_default().to_owned())
    });
    #[cfg(not(feature = "ssr"))]
    {
        let location = window().location();
        (location.pathname().unwrap_or_default(), without_mark(&location.search().unwrap_or_default()))
    }
}

fn without_mark(search: &str) -> String {
    search.trim_start_matches('?').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_of_the_query_is_decoded_and_the_first_of_its_name_counts() {
        assert_eq!(field("a=1&name=a+b%26c&name=2", "name").as_deref(), Some("a b&c"));
        assert_eq!(field("welcome", "welcome").as_deref(), Some(""));
        assert_eq!(field("a=1", "name"), None);
        assert_eq!(field("name=%FF", "name").as_deref(), Some("\u{fffd}"));
    }
}
