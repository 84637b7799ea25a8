//! Which experiments the catalogue shows: those that try a claim, those that are in a state, or all of them. The filter
//! stands in the address, so that a link has it and the server shows the same.

use crate::experiments::{
    claims::{CLAIMS, Claim},
    model::{Experiment, Kind},
    progress::Progress,
};

/// The names of its parts in the address, and of its fields.
pub(super) const CLAIM: &str = "claim";
pub(super) const STATE: &str = "state";

/// Both parts are to be met; `None` is met by all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Filter {
    pub claim: Option<&'static Claim>,
    pub state: Option<RunState>,
}

/// How far a visitor is with an experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RunState {
    NotRun,
    /// It has come to a verdict, whichever.
    Run,
    /// It came out like this when it was last run.
    CameTo(Kind),
}

impl RunState {
    pub const ALL: [Self; 6] = [
        Self::NotRun,
        Self::Run,
        Self::CameTo(Kind::Holds),
        Self::CameTo(Kind::HoldsWithACatch),
        Self::CameTo(Kind::DoesNotHold),
        Self::CameTo(Kind::CannotBeTried),
    ];

    /// Its name in the address.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotRun => "not_run",
            Self::Run => "run",
            Self::CameTo(kind) => kind.word(),
        }
    }

    /// Its name on the page.
    pub fn title(self) -> &'static str {
        match self {
            Self::NotRun => "Not run yet",
            Self::Run => "Run",
            Self::CameTo(kind) => kind.title(),
        }
    }

    fn is_of(self, slug: &str, progress: &Progress) -> bool {
        let came_to = progress.get(slug).map(|done| done.verdict);
        match self {
            Self::NotRun => came_to.is_none(),
            Self::Run => came_to.is_some_and(|kind| kind != Kind::CannotBeTried),
            Self::CameTo(kind) => came_to == Some(kind),
        }
    }
}

impl Filter {
    /// As an address or a form gives it. What it does not know is no filter.
    pub fn read(given: impl Fn(&str) -> Option<String>) -> Self {
        let (claim, state) = (given(CLAIM), given(STATE));
        Self {
            claim: CLAIMS.iter().copied().find(|known| Some(known.id) == claim.as_deref()),
            state: RunState::ALL.into_iter().find(|known| Some(known.word()) == state.as_deref()),
        }
    }

    /// The address of the catalogue with this filter.
    pub fn address(self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let parts = [(CLAIM, self.claim.map(|claim| claim.id)), (STATE, self.state.map(RunState::word))];
        query.extend_pairs(parts.into_iter().filter_map(|(name, value)| Some((name, value?))));
        match query.finish() {
            none if none.is_empty() => "/experiments".to_owned(),
            query => format!("/experiments?{query}"),
        }
    }

    pub fn is_none(self) -> bool {
        self == Self::default()
    }

    pub fn shows(self, experiment: &Experiment, progress: &Progress) -> bool {
        self.claim.is_none_or(|claim| experiment.claims.contains(&claim))
            && self.state.is_none_or(|state| state.is_of(experiment.slug, progress))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiments::{catalogue::CATALOGUE, progress::Done};

    fn read(query: &str) -> Filter {
        let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        Filter::read(|name| pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()))
    }

    fn shown(query: &str, progress: &Progress) -> Vec<&'static str> {
        let filter = read(query);
        CATALOGUE.iter().filter(|experiment| filter.shows(experiment, progress)).map(|known| known.slug).collect()
    }

    #[test]
    fn an_address_gives_back_the_filter_that_made_it() {
        for query in
            ["", "claim=C6", "state=not_run", "claim=L2&state=does_not_hold", "claim=C10&state=cannot_be_tried"]
        {
            let address = read(query).address();
            assert_eq!(address.trim_start_matches("/experiments").trim_start_matches('?'), query);
        }
    }

    #[test]
    fn what_is_not_known_filters_nothing() {
        for query in ["claim=&state=", "claim=C99", "state=Holds", "claim=c6&state=%00"] {
            assert!(read(query).is_none(), "{query}");
        }
    }

    #[test]
    fn a_claim_shows_what_tries_it_and_a_state_what_is_in_it() {
        let of = |verdict| Done { verdict, at: 7 };
        let progress = Progress::from([
            ("server-session".to_owned(), of(Kind::Holds)),
            ("what-travels".to_owned(), of(Kind::DoesNotHold)),
            ("sealed-cookie".to_owned(), of(Kind::CannotBeTried)),
        ]);
        assert_eq!(shown("claim=C8", &progress), ["server-session"]);
        assert_eq!(shown("state=run", &progress), ["what-travels", "server-session"]);
        assert_eq!(shown("state=does_not_hold", &progress), ["what-travels"]);
        assert_eq!(shown("state=cannot_be_tried", &progress), ["sealed-cookie"]);
        assert_eq!(shown("state=not_run", &progress).len(), CATALOGUE.len() - 3);
        assert_eq!(shown("claim=C3&state=not_run", &progress), ["what-cookies-cost"]);
        assert_eq!(shown("claim=C8&state=not_run", &progress), [""; 0]);
    }
}
