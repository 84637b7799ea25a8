//! Runs whose pages act on the other site, or look from the other port: what the server answers when one is registered,
//! and what its page reports. The same types on both sides.

use serde::{Deserialize, Serialize};

/// The header field in which the page that registered a run shows the secret.
pub const SECRET_HEADER: &str = "lab-secret";

/// A run, as it was just registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// 128 random bits that name it in addresses.
    pub name: String,
    /// 128 random bits that open what came of it; in no address.
    pub secret: String,
    /// The page that acts, at the one origin where it is served.
    pub address: String,
}

/// What the page says when it is done. Of entries that the run has not made it says that there are some, and no name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Report {
    /// Something lies there that no run has made, so nothing was done.
    Others,
    /// The browser denied something: the error's name.
    Failed(String),
    /// It looked.
    Found(Found),
    /// It filled the cookie jar.
    Filled(Filled),
    /// It asked its server to clear.
    Cleared(Cleared),
}

/// The names that begin like the run's, as they were found at the other port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// In `document.cookie`.
    pub cookies: Vec<String>,
    /// In localStorage.
    pub local: Vec<String>,
    /// The cookies that its server received.
    pub carried: Vec<String>,
}

/// What became of the cookies that were set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filled {
    /// Cookies that were set, the Secure one among them.
    pub set: usize,
    /// How many were there at most.
    pub held: usize,
    /// How many were there after the last.
    pub left: usize,
    /// Which of the ordinary ones were gone, counted from 1.
    pub lost: Vec<usize>,
    /// Whether the Secure one was still there; nothing where it was not kept even at first.
    pub secure: Option<bool>,
    /// How many the server then received.
    pub received: usize,
}

/// What was there before the server asked to clear, and what afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cleared {
    /// Before.
    pub before: There,
    /// Afterwards.
    pub after: There,
}

/// Which of the entries that the page laid were there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct There {
    /// A cookie.
    pub cookie: bool,
    /// In localStorage.
    pub local: bool,
    /// In sessionStorage.
    pub session: bool,
    /// In Cache Storage.
    pub cache: bool,
}
