//! What the bench shows: stores, entries and the server's view, with the rules that need neither browser nor server.

use super::{journal::Who, stores::further::Trouble};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

pub use crate::session::SESSION_COOKIE;

/// Most bytes, names and values in UTF-8, that the server keeps for one session.
pub const SESSION_LIMIT_BYTES: u32 = 65_536;
/// Most bytes of one name in a server session.
pub const SESSION_NAME_LIMIT_BYTES: usize = 256;
/// Most bytes of a cookie's name and value together; `=` is not counted (RFC 6265bis §5.6).
pub(crate) const COOKIE_LIMIT_BYTES: u32 = 4_096;
/// The textbook limit of each web storage area: 5 MiB, which Chromium counts in UTF-16 units (WHATWG Storage §4).
pub(crate) const WEB_STORAGE_LIMIT_UNITS: u32 = 5_242_880;

/// One of the stores: the four of the bench, and three further ones that can be switched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Store {
    Cookies,
    SessionStorage,
    LocalStorage,
    ServerSession,
    IndexedDb,
    CacheStorage,
    Opfs,
}

impl Store {
    /// The four that are always there.
    pub const FOUR: [Self; 4] = [Self::Cookies, Self::SessionStorage, Self::LocalStorage, Self::ServerSession];
    /// Those that can be switched on.
    pub const FURTHER: [Self; 3] = [Self::IndexedDb, Self::CacheStorage, Self::Opfs];
    pub const ALL: [Self; 7] = [
        Self::Cookies,
        Self::SessionStorage,
        Self::LocalStorage,
        Self::ServerSession,
        Self::IndexedDb,
        Self::CacheStorage,
        Self::Opfs,
    ];

    /// Its name on the page, part of the product's contract.
    pub fn title(self) -> &'static str {
        match self {
            Self::Cookies => "Cookies",
            Self::SessionStorage => "sessionStorage",
            Self::LocalStorage => "localStorage",
            Self::ServerSession => "Server session",
            Self::IndexedDb => "IndexedDB",
            Self::CacheStorage => "Cache Storage",
            Self::Opfs => "OPFS",
        }
    }

    /// Its name in styles and ids.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Cookies => "cookies",
            Self::SessionStorage => "session",
            Self::LocalStorage => "local",
            Self::ServerSession => "server",
            Self::IndexedDb => "indexed",
            Self::CacheStorage => "cache",
            Self::Opfs => "opfs",
        }
    }
}

/// Until when a store keeps an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Expires {
    /// A cookie without `Expires` and `Max-Age`.
    BrowserSession,
    /// sessionStorage.
    TabClose,
    /// localStorage.
    Never,
    /// At this UTC second.
    At(i64),
    /// This browser does not tell scripts, or only the server saw the entry.
    Unknown,
}

/// What a cookie says of requests from other sites (RFC 6265bis §5.6.7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SameSite {
    /// It says nothing; the browser decides.
    #[default]
    Unspecified,
    Lax,
    Strict,
    None,
}

/// A cookie's attributes beside its expiry and path, as far as they are known: `None` where this page is not told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct CookieFlags {
    pub domain: Option<String>,
    pub secure: Option<bool>,
    /// Found by behaviour: no browser tells scripts.
    pub http_only: Option<bool>,
    pub same_site: Option<SameSite>,
    pub partitioned: Option<bool>,
}

/// One row of a store, as scripts and the server see it together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub name: String,
    /// `None` where scripts cannot read it. Shared, since it may be millions of characters.
    pub value: Option<Arc<str>>,
    /// Name and value in UTF-8.
    pub bytes: u32,
    /// Name and value in UTF-16, where the value is known.
    pub units: Option<u32>,
    pub expires: Expires,
    pub path: Option<String>,
    pub seen_by_scripts: bool,
    /// `None`: this store never travels, so the server has nothing to see.
    pub seen_by_server: Option<bool>,
    /// The one path under which the server received it, where that is not this page's.
    pub only_at: Option<String>,
    /// A cookie's further attributes.
    pub flags: CookieFlags,
    /// The login cookie: shown, never changed here.
    pub protected: bool,
}

impl Entry {
    pub fn new(name: String, value: impl Into<Arc<str>>, expires: Expires) -> Self {
        let value = value.into();
        Self {
            bytes: bytes(&name) + bytes(&value),
            units: Some(units(&name) + units(&value)),
            name,
            value: Some(value),
            expires,
            path: None,
            seen_by_scripts: true,
            seen_by_server: None,
            only_at: None,
            flags: CookieFlags::default(),
            protected: false,
        }
    }

    /// What tells it from the other entries of its store: cookies of one name may live under several paths and domains,
    /// and beside one that is partitioned (RFC 6265bis §5.7, step 23).
    pub fn key(&self) -> String {
        let partition = if self.flags.partitioned == Some(true) { "partitioned " } else { "" };
        let domain = self.flags.domain.as_deref().unwrap_or_default();
        format!("{partition}{domain}{} {}", self.path.as_deref().unwrap_or_default(), self.name)
    }
}

/// A cookie as this page's scripts see it; times in UTC seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ScriptCookie {
    pub name: String,
    pub value: String,
    pub path: Option<String>,
    pub expires: Expires,
    pub flags: CookieFlags,
}

/// A cookie as it arrived at the server: never its value, since the server cannot tell an `HttpOnly` one from another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceivedCookie {
    /// Its name.
    pub name: String,
    /// Bytes of name and value together.
    pub bytes: u32,
}

/// A value that the server keeps for a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionValue {
    /// Its name.
    pub name: String,
    /// The value itself.
    pub value: String,
}

/// What an editor saw before it writes: where the server holds something else by now, nothing is written. In a form
/// `expected=nothing` or `expected[value]=…`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expected {
    /// There was no value of this name.
    Nothing,
    /// There was this value.
    Value(String),
}

/// A session as the server holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    /// The public half of the token, all that names the session.
    pub id: String,
    /// The user it belongs to; `None` while it is anonymous.
    pub username: Option<String>,
    /// When it ends if nothing more is asked of it, UTC seconds.
    pub expires_at: i64,
    /// The values kept on the server.
    pub values: Vec<SessionValue>,
}

/// What the server saw of one request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// The server's time, UTC seconds.
    pub now: i64,
    /// Bytes of the request's `Cookie` header, its name included.
    pub cookie_header_bytes: u32,
    /// The cookies in the order in which they arrived.
    pub cookies: Vec<ReceivedCookie>,
    /// The session, where there is one.
    pub session: Option<SessionView>,
}

/// The name under which the lab keeps what a visitor typed: with `lab-` before it, unless it has that already.
pub(crate) fn lab_name(typed: &str) -> String {
    let typed = typed.trim();
    if typed.is_empty() || is_lab_name(typed) { typed.to_owned() } else { format!("lab-{typed}") }
}

/// Whether the lab made this entry. Browsers match the prefixes without case (RFC 6265bis §4.1.3).
pub fn is_lab_name(name: &str) -> bool {
    ["lab-", "__host-lab-", "__secure-lab-", "__http-lab-", "__host-http-lab-"]
        .iter()
        .any(|prefix| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix)))
}

/// Bytes in UTF-8: what travels.
pub(crate) fn bytes(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

/// UTF-16 units: what web storage counts.
pub(crate) fn units(text: &str) -> u32 {
    // Counted by bytes, which is quick for millions of them: each character begins with one that continues none, and those
    // of four bytes are two units.
    if text.is_ascii() {
        return bytes(text);
    }
    text.bytes().map(|byte| u32::from(byte & 0xC0 != 0x80) + u32::from(byte >= 0xF0)).sum()
}

/// Why a store did not take a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// No name was given.
    NoName,
    /// A cookie's name cannot hold this character (RFC 6265bis §4.1.1: a token).
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

impl Refusal {
    /// Whether it is the name that is at fault, not the value.
    pub fn is_about_name(&self) -> bool {
        use crate::AppError::InvalidName;
        matches!(
            self,
            Self::NoName
                | Self::NameCharacter(_)
                | Self::Protected
                | Self::Trouble(Trouble::Name)
                | Self::Server(InvalidName)
        )
    }

    /// What somebody else has made of an entry meanwhile, where that is the reason.
    pub fn meanwhile(&self) -> Option<String> {
        let Self::Changed(now, who) = self else { return None };
        let by = match who {
            Who::AnotherTab => "Another tab",
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
        use crate::ui::thousands;
        match self {
            Self::NoName => "Give it a name.".into(),
            Self::NameCharacter(c) => {
                format!(
                    "A cookie's name cannot hold {}: use letters, digits and - _ . (RFC 6265bis §4.1.1).",
                    spelled(*c)
                )
            }
            Self::ValueCharacter(c) => {
                format!(
                    "A cookie's value cannot hold {}: it would end the value there (RFC 6265bis §5.6).",
                    spelled(*c)
                )
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
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

fn spelled(c: char) -> String {
    match c {
        ' ' => "a space".into(),
        ';' => "a semicolon".into(),
        c if c.is_control() => format!("the control character U+{:04X}", u32::from(c)),
        c => format!("“{c}”"),
    }
}

/// Checks what would make `document.cookie` store something other than what was typed. Size is for the browser to judge.
pub(crate) fn check_cookie(name: &str, value: &str) -> Result<(), Refusal> {
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let breaks_value = |c: char| c == ';' || c.is_control();
    if name.is_empty() {
        return Err(Refusal::NoName);
    }
    if name.eq_ignore_ascii_case(SESSION_COOKIE) {
        return Err(Refusal::Protected);
    }
    if let Some(c) = name.chars().find(|c| !token(*c)) {
        return Err(Refusal::NameCharacter(c));
    }
    match value.chars().find(|c| breaks_value(*c)) {
        Some(c) => Err(Refusal::ValueCharacter(c)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_bytes_on_the_wire_and_utf16_units() {
        let entry = Entry::new("lab-é".into(), "漢😀", Expires::Never);
        assert_eq!((entry.bytes, entry.units), (6 + 7, Some(5 + 3)));
    }

    #[test]
    fn what_the_lab_creates_is_named_lab() {
        assert_eq!(
            ["colour", " lab-colour ", "__Host-lab-x", "__HOST-LAB-X", ""].map(lab_name),
            ["lab-colour", "lab-colour", "__Host-lab-x", "__HOST-LAB-X", ""]
        );
    }

    #[test]
    fn a_cookie_that_would_be_stored_as_something_else_is_refused() {
        assert_eq!(check_cookie("lab-a b", "1"), Err(Refusal::NameCharacter(' ')));
        assert_eq!(check_cookie("lab-a=b", "1"), Err(Refusal::NameCharacter('=')));
        assert_eq!(check_cookie("lab-a", "1;2"), Err(Refusal::ValueCharacter(';')));
        assert_eq!(check_cookie("lab-a", "1\n2"), Err(Refusal::ValueCharacter('\n')));
        assert_eq!(check_cookie("", "1"), Err(Refusal::NoName));
        assert_eq!(check_cookie("__host-SESSION", "1"), Err(Refusal::Protected));
        assert_eq!(check_cookie("lab-a", "漢 = \"ok\""), Ok(()));
    }
}
