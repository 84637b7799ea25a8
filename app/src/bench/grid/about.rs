//! What the page says of a store before anything is measured.

use crate::browser::Store;

/// What the page says of a store before anything is measured.
pub(super) struct About {
    pub line: &'static str,
    pub read_by: &'static str,
    pub travels: &'static str,
    pub lives: &'static str,
    pub ends: &'static str,
}

pub(super) fn about(store: Store) -> About {
    match store {
        Store::Cookies => About {
            line: "Small texts that the browser sends along with every request to this site.",
            read_by: "scripts and server; with HttpOnly the server only",
            travels: "with every request",
            lives: "in this browser",
            ends: "at its expiry, or with the browser session",
        },
        Store::SessionStorage => About {
            line: "Texts for this one tab.",
            read_by: "scripts of this origin in this tab",
            travels: "never by itself",
            lives: "in this tab",
            ends: "when the tab closes",
        },
        Store::LocalStorage => About {
            line: "Texts for every tab of this origin, until someone deletes them.",
            read_by: "scripts of this origin, in every tab",
            travels: "never by itself",
            lives: "in this browser",
            ends: "never by itself",
        },
        Store::ServerSession => About {
            line: "Values kept on the server. Your browser holds the id alone.",
            read_by: "the server; it shows them to you here",
            travels: "the id only, in a cookie",
            lives: "in the server's database",
            ends: "after a time without requests, at log-out, at its latest end",
        },
        Store::IndexedDb => About {
            line: "A database of this origin, with objects, indexes and transactions.",
            read_by: "scripts of this origin, in every tab and worker",
            travels: "never by itself",
            lives: "in this browser",
            ends: "never by itself",
        },
        Store::CacheStorage => About {
            line: "Pairs of requests and answers, made for working without a network.",
            read_by: "scripts of this origin, in every tab and worker",
            travels: "never by itself",
            lives: "in this browser",
            ends: "never by itself",
        },
        Store::Address => About {
            line: "The query parameters of this page, in the address bar for everybody to see.",
            read_by: "whoever sees the address: scripts, the server, people, logs",
            travels: "with each navigation here, and as Referer with every request of this page",
            lives: "in the address bar, the history, bookmarks and links",
            ends: "with the next navigation",
        },
        Store::Opfs => About {
            line: "Files of this origin that no other program sees.",
            read_by: "scripts of this origin, in every tab and worker",
            travels: "never by itself",
            lives: "in this browser",
            ends: "never by itself",
        },
    }
}
