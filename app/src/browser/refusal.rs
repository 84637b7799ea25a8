//! Why a store did not take a value, and what to do about it.

use super::{maker::Who, optional::trouble::Trouble, sizes::COOKIE_LIMIT_BYTES};
use crate::text::{escaped, isolated};
use std::sync::Arc;

/// Why a store did not take a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// No name was given.
    NoName,
    /// The name holds this lone surrogate, and the store keeps Unicode text alone.
    NameUnit(u16),
    /// The value does.
    ValueUnit(u16),
    /// A cookie's name cannot hold this character, a blank not at its ends (RFC 6265bis §5.6).
    NameCharacter(char),
    /// A cookie's value cannot hold this character (RFC 6265bis §5.6).
    ValueCharacter(char),
    /// The browser dropped a cookie of this many bytes.
    CookieTooLarge(u32),
    /// The browser did not keep the cookie, for a reason that its size does not explain.
    CookieDropped,
    /// The browser kept a cookie that was to be deleted.
    CookieStays,
    /// The area is full (`QuotaExceededError`); the entry's UTF-16 units.
    AreaFull(u32),
    /// The browser denies this page the store.
    Denied,
    /// One of the stores that can be switched on has its own reasons.
    Trouble(Trouble),
    /// The server kept the value, but the browser not the cookie of its session.
    SessionDropped,
    /// The login cookie is not changed here.
    Protected,
    /// It is not what it was when the edit began, but this now, and who made it so.
    Changed(Option<Arc<str>>, Who),
    /// The server refused it.
    Server(crate::AppError),
}

/// What is asked of who gave no name.
pub(crate) const NO_NAME: &str = "Give it a name.";

impl Refusal {
    /// Whether it is the name that is at fault, not the value.
    pub fn is_about_name(&self) -> bool {
        use crate::AppError::InvalidName;
        matches!(
            self,
            Self::NoName
                | Self::NameUnit(_)
                | Self::NameCharacter(_)
                | Self::Protected
                | Self::Trouble(Trouble::Name | Trouble::Reserved)
                | Self::Server(InvalidName)
        )
    }

    /// What somebody else has made of an entry meanwhile, where that is the reason.
    pub fn meanwhile(&self) -> Option<String> {
        let Self::Changed(now, who) = self else { return None };
        let by = match who {
            Who::AnotherTab => "Another tab",
            Who::App => "The app",
            Who::Server => "The server",
            _ => "Somebody else",
        };
        Some(match now {
            Some(now) => format!("{by} changed it meanwhile to “{}”.", begun(now)),
            None => format!("{by} deleted it meanwhile."),
        })
    }

    /// The same to somebody who has typed something: what was typed stays.
    pub fn explain_to_editor(&self) -> String {
        match self.meanwhile() {
            Some(fact) => format!("{fact} Save again if you mean it."),
            None => self.explain(),
        }
    }

    /// What happened and what to do next.
    pub fn explain(&self) -> String {
        use crate::words::thousands;
        match self {
            Self::NoName => NO_NAME.into(),
            Self::NameUnit(unit) => half_of_a_pair("name", *unit),
            Self::ValueUnit(unit) => half_of_a_pair("value", *unit),
            Self::NameCharacter(c @ (' ' | '\t')) => {
                format!("A cookie's name cannot begin or end with {}: browsers cut it off (RFC 6265bis §5.6).", spelled(*c))
            }
            Self::NameCharacter(c @ ('=' | ';')) => {
                format!("A cookie's name cannot hold {}: it would end the name there (RFC 6265bis §5.6).", spelled(*c))
            }
            Self::ValueCharacter(';') => {
                "A cookie's value cannot hold a semicolon: it would end the value there (RFC 6265bis §5.6).".into()
            }
            Self::NameCharacter(c) | Self::ValueCharacter(c) => {
                format!("A cookie cannot hold {}: browsers drop the whole cookie (RFC 6265bis §5.6).", spelled(*c))
            }
            Self::CookieTooLarge(bytes) => format!(
                "The browser dropped it: name and value are {} bytes, and a cookie holds at most {} (RFC 6265bis §5.6). Shorten the value.",
                thousands((*bytes).into()),
                thousands(COOKIE_LIMIT_BYTES.into()),
            ),
            Self::CookieDropped => {
                "The browser did not keep it. Cookies may be blocked for this site; check the browser's settings."
                    .into()
            }
            Self::CookieStays => {
                "The browser kept it: it was set for a path or domain that this page cannot see. Delete it in the browser's own tools.".into()
            }
            Self::AreaFull(units) => format!(
                "The browser has no room for these {} UTF-16 units (QuotaExceededError). Delete something or shorten the value.",
                thousands((*units).into()),
            ),
            Self::Denied => "The browser denies this page the store. Check its settings for this site.".into(),
            Self::Trouble(trouble) => trouble.to_string(),
            Self::SessionDropped => {
                "The server took it, but this browser did not keep the session's cookie, so the server cannot know it again. \
                 Over plain HTTP some browsers take no Secure cookie: start the lab with --tls self-signed and open it with \
                 https://. Elsewhere allow cookies for this site."
                    .into()
            }
            Self::Protected => "That is the login cookie: log in or out to change it.".into(),
            Self::Changed(..) => format!("{} Do it again if you mean it.", self.meanwhile().unwrap_or_default()),
            Self::Server(error) => error.to_string(),
        }
    }
}

/// The beginning of a value, for a sentence.
fn begun(value: &str) -> String {
    const SHOWN: usize = 100;
    match value.char_indices().nth(SHOWN) {
        Some((end, _)) => isolated(escaped(&value[..end])) + "…",
        None => isolated(escaped(value)),
    }
}

fn half_of_a_pair(what: &str, unit: u16) -> String {
    format!(
        "Its {what} holds \\u{unit:04x}, half of a surrogate pair, and this store keeps Unicode text alone. Web storage and \
         IndexedDB keep it."
    )
}

fn spelled(c: char) -> String {
    match c {
        ' ' => "a space".into(),
        '\t' => "a tab".into(),
        ';' => "a semicolon".into(),
        c if c.is_control() => format!("the control character U+{:04X}", u32::from(c)),
        c => format!("“{c}”"),
    }
}
