//! What an experiment consists of: what a visitor reads and chooses, and what running it comes to. What runs is its
//! [procedure](super::procedure).

use super::{claims::Claim, need::Need, parameter::Parameter};
use crate::{AppError, browser::Refusal};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// An experiment; each file in `catalogue/` holds one. How to write one is told in `docs/EXPERIMENTS.md`.
pub(crate) struct Experiment {
    /// Its name in the address: `/experiments/{slug}`.
    pub slug: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// Under which heading of the catalogue it stands.
    pub group: Group,
    /// What it tries, quoted.
    pub claims: &'static [&'static Claim],
    /// Paragraphs for somebody who learns this the first time.
    pub about: &'static [&'static str],
    /// What the visitor is asked to predict.
    pub question: &'static str,
    /// What they may expect. The verdict says which of them was right.
    pub choices: &'static [&'static str],
    /// What can be changed, in the page and in its link.
    pub parameters: &'static [Parameter],
    /// What happens, in its order; readable without running it.
    pub steps: &'static [Step],
    /// Whether it needs a store or the cookie jar to itself: then it waits for the other tabs, and they for it.
    pub alone: bool,
    /// What it relies on. Each is proved before the first step; where one is not, it cannot be tried here.
    pub needs: &'static [Need],
    /// Seconds that a run takes with the parameters as they are at first; the visitor is told before it.
    pub takes: u16,
    /// What a run opens beside its page, or asks the visitor to do; they are told before it.
    pub opens: &'static [Opens],
    /// What is to be expected in general.
    pub in_general: &'static [&'static str],
    /// How other browsers differ, where that is known; may be empty.
    pub other_browsers: &'static str,
    /// Where it is written.
    pub sources: &'static [Source],
}

/// What a run opens beside its page. Windows and tabs close with the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opens {
    /// A small window of this site.
    Window,
    /// A tab of this site.
    Tab,
    /// A small window of the other site.
    OtherSite,
    /// A small window of the lab at its other port.
    OtherPort,
    /// The visitor quits the browser and starts it again.
    Restart,
}

/// A step: what it is called, and what it does.
pub(crate) struct Step(pub &'static str, pub &'static str);

/// Where something is written.
pub(crate) struct Source {
    /// What it says of this, in our words.
    pub says: &'static str,
    /// The document and its part.
    pub rule: &'static str,
    pub link: &'static str,
}

/// The headings of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    Travels,
    Kept,
    Ends,
    Server,
    Attacks,
    Passwords,
}

impl Group {
    pub const ALL: [Self; 6] = [Self::Travels, Self::Kept, Self::Ends, Self::Server, Self::Attacks, Self::Passwords];

    pub fn title(self) -> &'static str {
        match self {
            Self::Travels => "What travels with a request",
            Self::Kept => "What the browser keeps",
            Self::Ends => "How long it lasts",
            Self::Server => "What the server keeps",
            Self::Attacks => "Attacked and defended",
            Self::Passwords => "Passwords and tokens",
        }
    }
}

/// Who sees something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    /// The page, its scripts and what the browser keeps.
    Browser,
    /// What goes over the network.
    Wire,
    /// What the server makes of it and what it keeps.
    Server,
}

impl Lane {
    pub const ALL: [Self; 3] = [Self::Browser, Self::Wire, Self::Server];

    pub fn title(self) -> &'static str {
        match self {
            Self::Browser => "Browser",
            Self::Wire => "Wire",
            Self::Server => "Server",
        }
    }
}

/// What was seen: real text, rows or figures.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Sight {
    /// A text as it is, such as a request's head.
    Text(String),
    /// Rows under headings; the first cell of each names it.
    Table(&'static [&'static str], Vec<Vec<String>>),
    /// Figures to compare: what it is, how much, and that in words.
    Bars(Vec<(String, f64, String)>),
}

impl From<String> for Sight {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Sight {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// What became of the claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// It holds as it stands.
    Holds,
    /// It holds, but something about it is to be known.
    HoldsWithACatch,
    /// Something else was seen.
    DoesNotHold,
    /// What it relies on does not work here, so nothing can be said of the claim.
    CannotBeTried,
}

impl Kind {
    pub(crate) const ALL: [Self; 4] = [Self::Holds, Self::HoldsWithACatch, Self::DoesNotHold, Self::CannotBeTried];

    /// Its name in the database and in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::HoldsWithACatch => "holds_with_a_catch",
            Self::DoesNotHold => "does_not_hold",
            Self::CannotBeTried => "cannot_be_tried",
        }
    }

    /// Which has that name.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Its name on pages.
    pub fn title(self) -> &'static str {
        match self {
            Self::Holds => "Holds",
            Self::HoldsWithACatch => "Holds, with a catch",
            Self::DoesNotHold => "Does not hold in this browser",
            Self::CannotBeTried => "Cannot be tried here",
        }
    }

    /// Its name in styles.
    pub fn class(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::HoldsWithACatch => "catch",
            Self::DoesNotHold => "differs",
            Self::CannotBeTried => "untried",
        }
    }
}

/// What a run has shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub kind: Kind,
    /// The choice that it showed to be right, by its place.
    pub right: usize,
    /// Why, with the figures of this run.
    pub words: String,
}

impl Verdict {
    /// The claim holds as it stands.
    pub fn holds(right: usize, words: impl Into<String>) -> Self {
        Self { kind: Kind::Holds, right, words: words.into() }
    }

    /// It holds, but something about it is to be known.
    pub fn holds_with_a_catch(right: usize, words: impl Into<String>) -> Self {
        Self { kind: Kind::HoldsWithACatch, right, words: words.into() }
    }

    /// This run showed something else.
    pub fn does_not_hold(right: usize, words: impl Into<String>) -> Self {
        Self { kind: Kind::DoesNotHold, right, words: words.into() }
    }
}

/// Why a run did not come to a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The visitor reset it, or left the page.
    Stopped,
    /// What happened, and what to do next.
    Because(Cow<'static, str>),
    /// What it relies on does not work here: why not, and what would help. That is an outcome: [`Kind::CannotBeTried`].
    CannotBeTried(Cow<'static, str>),
}

impl Trouble {
    /// In words that say what happened and what to do next.
    pub fn because(words: impl Into<Cow<'static, str>>) -> Self {
        Self::Because(words.into())
    }

    /// What does not work here, and what would help.
    pub fn cannot_be_tried(words: impl Into<Cow<'static, str>>) -> Self {
        Self::CannotBeTried(words.into())
    }
}

impl From<AppError> for Trouble {
    fn from(error: AppError) -> Self {
        Self::Because(error.to_string().into())
    }
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        let words = refusal.explain();
        match refusal {
            Refusal::Denied => Self::cannot_be_tried(words),
            _ => Self::because(words),
        }
    }
}
