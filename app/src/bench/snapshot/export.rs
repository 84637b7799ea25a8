//! What the bench holds, as other tools read it.

use super::commands::statements;
use crate::{
    bench::requests::{Sender, cookie_field},
    browser::{Entry, Expires, SameSite},
};
use serde_json::{Map, Value, json};

/// A form of another tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Request(Sender),
    Statements,
    CookieEditor,
    Netscape,
    StorageState,
    LocalStorage,
}

/// What is written.
pub(super) struct Held<'a> {
    pub host: &'a str,
    pub origin: &'a str,
    pub cookies: &'a [Entry],
    pub local_storage: &'a [Entry],
}

/// A text, and how many entries it leaves out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub text: String,
    pub left: usize,
}

impl Form {
    /// Those that are chosen from a list.
    pub const LISTED: [Self; 9] = [
        Self::CookieEditor,
        Self::Netscape,
        Self::StorageState,
        Self::LocalStorage,
        Self::Request(Sender::CurlInPowerShell),
        Self::Request(Sender::CurlInCmd),
        Self::Request(Sender::Httpie),
        Self::Request(Sender::NodeFetch),
        Self::Request(Sender::PythonRequests),
    ];

    pub fn title(self) -> String {
        match self {
            Self::Request(sender) => format!("cookies as {}", sender.title()),
            Self::Statements => "cookies as document.cookie".into(),
            Self::CookieEditor => "cookies as a list for Cookie-Editor".into(),
            Self::Netscape => "cookies as cookies.txt (Netscape)".into(),
            Self::StorageState => "storageState for Playwright".into(),
            Self::LocalStorage => "localStorage as JSON".into(),
        }
    }

    /// The name of its file.
    pub fn file(self) -> &'static str {
        match self {
            Self::CookieEditor => "cookies.json",
            Self::Netscape => "cookies.txt",
            Self::StorageState => "storage-state.json",
            Self::LocalStorage => "local-storage.json",
            Self::Statements | Self::Request(Sender::NodeFetch) => "cookies.js",
            Self::Request(Sender::PythonRequests) => "cookies.py",
            Self::Request(_) => "cookies-command.txt",
        }
    }

    /// Writes it; `None` where it has no spelling for what is held.
    pub fn write(self, held: &Held) -> Option<Written> {
        let readable = |entry: &&Entry| entry.value.is_some() && !entry.protected;
        let mut cookies: Vec<_> = held.cookies.iter().filter(readable).cloned().collect();
        if self == Self::Netscape {
            // Its fields are divided by tabs.
            cookies.retain(|cookie| ![&*cookie.name, value(cookie)].iter().any(|text| text.contains('\t')));
        }
        let left = held.cookies.len() - cookies.len();
        let text = match self {
            Self::Request(sender) => {
                sender.text(&format!("{}/lab/echo", held.origin), cookie_field(&cookies).as_deref())?
            }
            Self::Statements => statements(&cookies),
            Self::CookieEditor => pretty(cookies.iter().map(|cookie| cookie_editor(cookie, held.host)).collect()),
            Self::Netscape => netscape(&cookies, held.host),
            Self::StorageState => {
                let cookies: Vec<_> = cookies.iter().map(|cookie| playwright(cookie, held.host)).collect();
                let entries =
                    held.local_storage.iter().map(|entry| json!({ "name": entry.name, "value": value(entry) }));
                let entries: Vec<_> = entries.collect();
                pretty(json!({ "cookies": cookies, "origins": [{ "origin": held.origin, "localStorage": entries }] }))
            }
            Self::LocalStorage => {
                let entries = held.local_storage.iter().map(|entry| (entry.name.clone(), value(entry).into()));
                return Some(Written { text: pretty(Value::Object(entries.collect::<Map<_, _>>())), left: 0 });
            }
        };
        Some(Written { text, left })
    }
}

fn value(entry: &Entry) -> &str {
    entry.value.as_deref().unwrap_or_default()
}

fn pretty(value: Value) -> String {
    serde_json::to_string_pretty(&value).unwrap_or_default()
}

fn ends(cookie: &Entry) -> Option<i64> {
    match cookie.expires {
        Expires::At(second) => Some(second),
        _ => None,
    }
}

/// The domain as tools write it: with a dot before it where the cookie is for the hosts below too.
fn domain(cookie: &Entry, host: &str) -> String {
    cookie.flags.domain.as_deref().map_or_else(|| host.to_owned(), |domain| format!(".{domain}"))
}

fn path(cookie: &Entry) -> &str {
    cookie.path.as_deref().unwrap_or("/")
}

/// What Cookie-Editor and EditThisCookie import.
fn cookie_editor(cookie: &Entry, host: &str) -> Value {
    let mut object = json!({
        "domain": domain(cookie, host),
        "hostOnly": cookie.flags.domain.is_none(),
        "httpOnly": false,
        "name": cookie.name,
        "path": path(cookie),
        "sameSite": match cookie.flags.same_site {
            Some(SameSite::Lax) => "lax",
            Some(SameSite::Strict) => "strict",
            Some(SameSite::None) => "no_restriction",
            Some(SameSite::Unspecified) | None => "unspecified",
        },
        "secure": cookie.flags.secure == Some(true),
        "session": ends(cookie).is_none(),
        "storeId": null,
        "value": value(cookie),
    });
    if let Some(end) = ends(cookie) {
        object["expirationDate"] = end.into();
    }
    object
}

/// What Playwright's `storageState` takes; it knows no cookie without `SameSite`, which browsers mostly take for `Lax`.
fn playwright(cookie: &Entry, host: &str) -> Value {
    json!({
        "name": cookie.name,
        "value": value(cookie),
        "domain": domain(cookie, host),
        "path": path(cookie),
        "expires": ends(cookie).unwrap_or(-1),
        "httpOnly": false,
        "secure": cookie.flags.secure == Some(true),
        "sameSite": match cookie.flags.same_site {
            Some(SameSite::Strict) => "Strict",
            Some(SameSite::None) => "None",
            _ => "Lax",
        },
    })
}

fn netscape(cookies: &[Entry], host: &str) -> String {
    let flag = |is: bool| if is { "TRUE" } else { "FALSE" };
    let lines = cookies.iter().map(|cookie| {
        let fields = [
            &domain(cookie, host),
            flag(cookie.flags.domain.is_some()),
            path(cookie),
            flag(cookie.flags.secure == Some(true)),
            &ends(cookie).unwrap_or(0).to_string(),
            &cookie.name,
            value(cookie),
        ];
        format!("{}\n", fields.join("\t"))
    });
    format!("# Netscape HTTP Cookie File\n\n{}", lines.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::{
        super::import::{Here, read},
        *,
    };
    use crate::browser::CookieFlags;

    fn cookies() -> Vec<Entry> {
        let flags = CookieFlags { secure: Some(true), same_site: Some(SameSite::None), ..CookieFlags::default() };
        vec![
            Entry {
                flags,
                path: Some("/shop".into()),
                ..Entry::new("lab-a".into(), "x \"y\" é", Expires::At(1_900_000_000))
            },
            Entry::new("lab-b".into(), "", Expires::BrowserSession),
            Entry { value: None, ..Entry::new("lab-hidden".into(), "", Expires::Unknown) },
        ]
    }

    fn written(form: Form, cookies: &[Entry]) -> Written {
        let local = [Entry::new("lab-c".into(), "{\"n\":1}\n", Expires::Never)];
        form.write(&Held { host: "lab.example", origin: "https://lab.example", cookies, local_storage: &local })
            .unwrap()
    }

    #[test]
    fn what_is_written_for_others_is_read_back_as_it_was() {
        let here = Here { host: "lab.example".into(), origin: "https://lab.example".into(), now: 0 };
        let first = (Some("x \"y\" é".to_owned()), Expires::At(1_900_000_000), Some("/shop".to_owned()));
        for form in [Form::CookieEditor, Form::Netscape, Form::StorageState] {
            let written = written(form, &cookies());
            assert_eq!(written.left, 1, "what scripts cannot read");
            let import = read(&written.text, &here).unwrap();
            let read = &import.snapshot.stores[0].entries;
            assert_eq!((read[0].value.clone(), read[0].expires, read[0].path.clone()), first, "{form:?}");
            let flags = read[0].attributes.clone().unwrap();
            assert_eq!((flags.secure, flags.domain), (Some(true), None), "{form:?}");
            assert_eq!((read.len(), read[1].value.as_deref(), read[1].expires), (2, Some(""), Expires::BrowserSession));
            assert!(read.iter().all(|record| record.changed.is_empty()), "{form:?}");
        }
        for form in [Form::StorageState, Form::LocalStorage] {
            let import = read(&written(form, &cookies()).text, &here).unwrap();
            let entry = &import.snapshot.stores.last().unwrap().entries[0];
            assert_eq!((entry.name.as_str(), entry.value.as_deref()), ("lab-c", Some("{\"n\":1}\n")));
        }
        for form in [Form::Statements, Form::Request(Sender::Curl)] {
            let import = read(&written(form, &cookies()).text, &here).unwrap();
            assert_eq!(import.snapshot.stores[0].entries[0].value.as_deref(), Some("x \"y\" é"), "{form:?}");
        }
    }

    #[test]
    fn a_cookie_file_has_no_room_for_a_tab() {
        let odd = [Entry::new("lab-a".into(), "x\ty", Expires::BrowserSession)];
        assert_eq!(written(Form::Netscape, &odd), Written { text: "# Netscape HTTP Cookie File\n\n".into(), left: 1 });
        assert_eq!(written(Form::CookieEditor, &odd).left, 0);
    }

    #[test]
    fn a_command_carries_the_cookies_to_the_echo() {
        let text = written(Form::Request(Sender::Curl), &cookies()[1..2]).text;
        assert_eq!(text, "curl -H 'Cookie: lab-b=' 'https://lab.example/lab/echo'");
        assert_eq!(written(Form::Request(Sender::Curl), &[]).text, "curl 'https://lab.example/lab/echo'");
    }
}
