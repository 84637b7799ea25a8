//! The three lanes of an entry in words: what scripts see, what travelled with the last request, what the server holds,
//! and what differs between them.

use crate::{
    browser::{Entry, Store},
    sessions::{Observation, SESSION_COOKIE},
    words::thousands,
};

/// One sentence for each lane, and one for the difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lanes {
    pub scripts: String,
    pub travelled: String,
    pub server: String,
    pub difference: String,
}

/// The lanes of an entry, by what was seen of it.
pub(super) fn lanes(store: Store, entry: &Entry, seen: &Observation) -> Lanes {
    match store {
        Store::Cookies => cookie(entry),
        Store::Address => address(entry),
        Store::ServerSession => {
            let id = seen.session.as_ref().map_or("", |session| session.id.as_str());
            Lanes {
                scripts: "Scripts cannot reach it; this page shows what the server told it.".into(),
                travelled: format!("Only the id, in the cookie {SESSION_COOKIE}: {id}.••••••••"),
                server: format!("The server holds name and value, {} bytes.", thousands(entry.bytes.into())),
                difference: format!("The server holds the value; what travelled is only the id, in {SESSION_COOKIE}."),
            }
        }
        _ => Lanes {
            scripts: match store {
                Store::SessionStorage => "Scripts of this origin read and change it, in this tab alone.".into(),
                _ => "Scripts of this origin read and change it, in every tab.".into(),
            },
            travelled: "Nothing of it.".into(),
            server: "Nothing of it.".into(),
            difference: format!("It stays in the browser: {} is never sent.", store.title()),
        },
    }
}

fn cookie(entry: &Entry) -> Lanes {
    let size = thousands(entry.bytes.into());
    let arrived = entry.seen_by_server == Some(true);
    let scripts = match entry.seen_by_scripts {
        true => "Scripts read name and value.",
        false => "Scripts do not see it at all.",
    };
    let travelled = match arrived {
        true => format!("It travelled: {size} bytes of the Cookie header."),
        false => "It did not travel.".to_owned(),
    };
    let server = match (arrived, entry.protected) {
        (true, true) => {
            "The server knows the session by the id in it, and keeps a hash of the secret, never the secret."
        }
        (true, false) => "The server received name and value, and keeps neither.",
        (false, _) => "The server did not receive it.",
    };
    let path = entry.path.as_deref().filter(|path| *path != "/");
    let difference = match (entry.seen_by_scripts, arrived, path) {
        (true, true, _) => "None: scripts and server see the same cookie.".to_owned(),
        (false, true, _) => match &entry.only_at {
            Some(at) => format!("It travels to {at} only, and scripts of this page do not see it: Path."),
            None => "The server saw this cookie; scripts cannot: HttpOnly.".to_owned(),
        },
        (true, false, Some(path)) => {
            format!("Scripts see this cookie; the server did not: it is sent to addresses under {path} alone.")
        }
        (true, false, None) => {
            "Scripts see this cookie; the server did not: it was set after the last request, or its attributes keep it back."
                .to_owned()
        }
        (false, false, _) => "Neither scripts nor the server see it now.".to_owned(),
    };
    Lanes { scripts: scripts.into(), travelled, server: server.into(), difference }
}

fn address(entry: &Entry) -> Lanes {
    let (travelled, server, difference) = match entry.seen_by_server {
        Some(true) => (
            "It travelled in the Referer field, as it does with every request of this page.",
            "The server received name and value, and anything on the way that keeps addresses may have them.",
            "None: scripts and server see the same, and so does whoever sees the address.",
        ),
        Some(false) => (
            "It did not travel: the Referer field came without it.",
            "The server receives it when this address is loaded.",
            "Scripts see it; the server did not.",
        ),
        None => ("Not known: the server did not answer.", "Not known.", "Not known."),
    };
    Lanes {
        scripts: "Scripts of this page read and change it, in this tab alone.".into(),
        travelled: travelled.into(),
        server: server.into(),
        difference: difference.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::browser::Expires;

    fn nothing_seen() -> Observation {
        Observation { now: 0, cookie_header_bytes: 0, cookies: Vec::new(), session: None }
    }

    fn difference(store: Store, scripts: bool, server: Option<bool>, path: Option<&str>) -> String {
        let entry = Entry {
            seen_by_scripts: scripts,
            seen_by_server: server,
            path: path.map(str::to_owned),
            ..Entry::new("lab-a".into(), "1", Expires::Unknown)
        };
        lanes(store, &entry, &nothing_seen()).difference
    }

    #[test]
    fn the_difference_between_scripts_and_server_is_said() {
        let cookie = |scripts, server, path| difference(Store::Cookies, scripts, server, path);
        assert_eq!(cookie(true, Some(true), Some("/")), "None: scripts and server see the same cookie.");
        assert_eq!(cookie(false, Some(true), None), "The server saw this cookie; scripts cannot: HttpOnly.");
        assert!(cookie(true, Some(false), Some("/lab")).ends_with("it is sent to addresses under /lab alone."));
        assert!(cookie(true, Some(false), None).contains("after the last request"));
    }

    #[test]
    fn what_never_travels_is_said_to_stay() {
        assert_eq!(
            difference(Store::SessionStorage, true, None, None),
            "It stays in the browser: sessionStorage is never sent."
        );
    }

    #[test]
    fn what_the_address_holds_travels_with_every_request() {
        let address = |server| difference(Store::Address, true, server, None);
        assert!(address(Some(true)).starts_with("None: scripts and server see the same"));
        assert_eq!(address(Some(false)), "Scripts see it; the server did not.");
        assert_eq!(address(None), "Not known.");
    }

    #[test]
    fn of_a_server_session_only_the_id_travels() {
        assert_eq!(
            difference(Store::ServerSession, false, Some(true), None),
            "The server holds the value; what travelled is only the id, in __Host-session."
        );
    }
}
