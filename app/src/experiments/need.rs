//! What an experiment may rely on; [`preconditions`](super::preconditions) proves it.

/// Something that works in one browser, under one address, and not in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// Cookies are kept, set by a script or by the server, and are sent with requests.
    Cookies,
    /// So are cookies with `Secure`.
    SecureCookies,
    /// Both areas of web storage can be written and read.
    WebStorage,
    /// A page of this site is shown in a frame.
    Frames,
    /// The browser opens a window when the visitor asks for it. The window itself is the proof (`Run::window`).
    Windows,
    /// The lab answers under the name of another site as well.
    OtherSite,
    /// The lab answers at another port of this host as well.
    OtherPort,
}

impl Need {
    /// In words for the visitor.
    pub fn title(self) -> &'static str {
        match self {
            Self::Cookies => "cookies of this site are kept and sent",
            Self::SecureCookies => "cookies with Secure are kept at this address",
            Self::WebStorage => "web storage can be written",
            Self::Frames => "pages of this site are shown in frames",
            Self::Windows => "the browser opens a window when you ask for it",
            Self::OtherSite => "the lab answers under the name of another site, too",
            Self::OtherPort => "the lab answers at another port, too",
        }
    }
}
