//! Which experiments are run, and how they came out: kept in localStorage, under one name. For a user who is logged in
//! the server keeps it as well ([`sync`](super::sync)).

use super::model::Kind;
use crate::{browser::Area, json};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Its name in localStorage.
const KEPT_AS: &str = "lab-progress";

/// How an experiment came out when it was last run to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// What became of the claim.
    pub verdict: Kind,
    /// UTC seconds.
    pub at: i64,
}

/// What is done, by the experiments' slugs.
pub type Progress = BTreeMap<String, Done>;

/// What is kept; nothing where it cannot be read.
pub(super) fn load() -> Progress {
    Area::Local.get(KEPT_AS).and_then(|text| json::read(&text).ok()).unwrap_or_default()
}

/// Notes that an experiment has come to a verdict. A browser that denies the area keeps no progress.
pub(super) fn note(slug: &str, verdict: Kind) {
    let mut progress = load();
    progress.insert(slug.to_owned(), Done { verdict, at: (js_sys::Date::now() / 1_000.0) as i64 });
    let _ = Area::Local.set(KEPT_AS, &text(&progress));
}

/// Forgets what is done in this browser.
pub(super) fn forget() {
    let _ = Area::Local.delete(KEPT_AS);
}

/// As it is kept, and as it is exported.
pub(super) fn text(progress: &Progress) -> String {
    serde_json::to_string_pretty(progress).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_reads_back_as_it_was() {
        let progress = Progress::from([("http-forgets".to_owned(), Done { verdict: Kind::HoldsWithACatch, at: 7 })]);
        let text = text(&progress);
        assert!(text.contains("\"http-forgets\"") && text.contains("\"holds_with_a_catch\""), "{text}");
        assert_eq!(serde_json::from_str::<Progress>(&text).unwrap(), progress);
        assert_eq!(Kind::from_word("holds_with_a_catch"), Some(Kind::HoldsWithACatch));
    }
}
