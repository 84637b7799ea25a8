//! Who changes what a store holds.

/// Who made a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    ThisTab,
    AnotherTab,
    /// The app whose page has the bench in a frame.
    App,
    Server,
    Expiry,
    /// A script of this page, or the browser itself: nobody announced it.
    Unknown,
}

impl Who {
    pub const ALL: [Self; 6] = [Self::ThisTab, Self::AnotherTab, Self::App, Self::Server, Self::Expiry, Self::Unknown];

    /// As the journal names them.
    pub fn words(self) -> &'static str {
        match self {
            Self::ThisTab => "this tab",
            Self::AnotherTab => "another tab",
            Self::App => "the app",
            Self::Server => "the server",
            Self::Expiry => "expiry",
            Self::Unknown => "unannounced: a script or the browser",
        }
    }

    /// As a row that has just changed says it; what this tab did needs no words.
    pub fn mark(self) -> &'static str {
        match self {
            Self::ThisTab => "",
            Self::AnotherTab => "changed by another tab",
            Self::App => "changed by the app",
            Self::Server => "changed by the server",
            Self::Expiry | Self::Unknown => "changed",
        }
    }
}
