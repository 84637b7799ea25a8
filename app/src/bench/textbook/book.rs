//! The usual comparison of the stores, as textbooks print it, and what is found of it here.

use crate::browser::Store;

/// A row of the comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::bench) enum Question {
    Capacity,
    Browsers,
    AccessibleFrom,
    Expires,
    Location,
    Sent,
}

impl Question {
    pub const ALL: [Self; 6] =
        [Self::Capacity, Self::Browsers, Self::AccessibleFrom, Self::Expires, Self::Location, Self::Sent];

    pub fn title(self) -> &'static str {
        match self {
            Self::Capacity => "Capacity",
            Self::Browsers => "Browsers",
            Self::AccessibleFrom => "Accessible from",
            Self::Expires => "Expires",
            Self::Location => "Storage location",
            Self::Sent => "Sent with requests",
        }
    }

    /// What the textbook says of the four stores, in their order.
    const fn printed(self) -> [&'static str; 4] {
        match self {
            Self::Capacity => ["4 KB each", "5 MB", "10 MB", "what the server allows"],
            Self::Browsers => ["all, since HTML 4", "all with HTML 5", "all with HTML 5", "all that take cookies"],
            Self::AccessibleFrom => ["any window", "the same tab", "any window", "all pages of the site"],
            Self::Expires => [
                "when it was set to",
                "when the tab closes",
                "never",
                "when the browser closes, or after 30 minutes without a request",
            ],
            Self::Location => ["browser and server", "browser only", "browser only", "server; the id in the browser"],
            Self::Sent => ["with every request", "no", "no", "the id only"],
        }
    }

    /// What the textbook says of one of the four.
    pub fn says(self, store: Store) -> &'static str {
        self.printed().get(store as usize).copied().unwrap_or_default()
    }
}

/// How what was found compares with what is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::bench) enum Verdict {
    Agrees,
    Differs,
    /// It could not be found out, and the finding says why.
    Open,
}

impl Verdict {
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Agrees => "✓",
            Self::Differs => "≠",
            Self::Open => "?",
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Self::Agrees => "as printed",
            Self::Differs => "differs",
            Self::Open => "open",
        }
    }
}

/// What was found in this browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::bench) struct Finding {
    pub question: Question,
    pub store: Store,
    pub here: String,
    pub verdict: Verdict,
}
