//! Which panels the bench has.

/// A panel of the bench. None is there at first sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::bench) enum Panel {
    Survival,
    Wire,
    Journal,
    Limits,
    Textbook,
    Snapshot,
    Reset,
    Inspector,
    CookieForm,
    Tour,
    Shortcuts,
}

impl Panel {
    /// Those that are tabs, in their order.
    pub const TABS: [Self; 6] =
        [Self::Survival, Self::Wire, Self::Journal, Self::Limits, Self::Textbook, Self::Snapshot];
    /// Those that are tabs over an app's stores. To measure a limit is to fill a store, which is done on the lab's own page alone.
    pub const TABS_OF_APP: [Self; 2] = [Self::Journal, Self::Snapshot];

    /// The tab's name.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Survival => "Survival",
            Self::Wire => "Wire view",
            Self::Journal => "Journal",
            Self::Limits => "Measure my limits",
            Self::Textbook => "Textbook and here",
            Self::Snapshot => "Snapshot",
            Self::Reset => "Reset the lab",
            Self::Inspector => "Inspector",
            Self::CookieForm => "Cookie with attributes",
            Self::Tour => "Tour",
            Self::Shortcuts => "Keys",
        }
    }

    /// Its name in ids and in the address.
    pub(super) fn slug(self) -> &'static str {
        match self {
            Self::Survival => "survival",
            Self::Wire => "wire",
            Self::Journal => "journal",
            Self::Limits => "limits",
            Self::Textbook => "textbook",
            Self::Snapshot => "snapshot",
            Self::Reset => "reset",
            Self::Inspector => "inspector",
            Self::CookieForm => "cookie",
            Self::Tour => "tour",
            Self::Shortcuts => "keys",
        }
    }
}
