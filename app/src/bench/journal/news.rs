//! What others changed, in a sentence for the status line.

use super::change::Change;
use crate::{browser::Who, sessions::SESSION_COOKIE, text::told, words::spaced};

/// What is said of changes that came together; of this tab's own and of unannounced ones nothing is, nor of the login
/// cookie: it comes and goes with the values of the server session.
pub(in crate::bench) fn news(changes: &[Change]) -> Option<String> {
    let mut sentences = [Who::AnotherTab, Who::Server, Who::Expiry].into_iter().filter_map(|who| {
        let by: Vec<_> = changes.iter().filter(|change| change.who == who && change.name != SESSION_COOKIE).collect();
        match by.as_slice() {
            [] => None,
            [change] => Some(one(change)),
            many => Some(several(who, many.len())),
        }
    });
    Some(spaced(&mut sentences)).filter(|told| !told.is_empty())
}

fn one(change: &Change) -> String {
    let (name, store) = (told(&change.name), change.store.title());
    match (change.who, change.was, change.is) {
        (Who::Expiry, ..) => format!("{name} in {store} has expired."),
        (who, false, _) => format!("{} put {name} in {store}.", maker(who)),
        (who, true, true) => format!("{} changed {name} in {store}.", maker(who)),
        (who, true, false) => format!("{} deleted {name} from {store}.", maker(who)),
    }
}

fn several(who: Who, count: usize) -> String {
    match who {
        Who::Expiry => format!("{count} entries have expired."),
        who => format!("{} changed {count} entries.", maker(who)),
    }
}

fn maker(who: Who) -> &'static str {
    if who == Who::Server { "The server" } else { "Another tab" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        bench::journal::change::differences,
        browser::{Entry, Expires, Store},
    };

    fn changes(who: Who, names: &[&str]) -> Vec<Change> {
        let entries: Vec<_> = names.iter().map(|name| Entry::new((*name).into(), "1", Expires::Never)).collect();
        let mut found = differences(Store::LocalStorage, &[], &entries, 0.0, 0);
        found.iter_mut().for_each(|change| change.who = who);
        found
    }

    #[test]
    fn one_change_is_told_by_name_and_a_burst_by_its_number() {
        assert_eq!(
            news(&changes(Who::AnotherTab, &["lab-a"])).as_deref(),
            Some("Another tab put lab-a in localStorage.")
        );
        let mut burst = changes(Who::AnotherTab, &["a", "b", "c"]);
        burst.extend(changes(Who::Server, &["d"]));
        assert_eq!(news(&burst).as_deref(), Some("Another tab changed 3 entries. The server put d in localStorage."));
    }

    #[test]
    fn what_this_tab_did_or_nobody_announced_is_no_news() {
        assert_eq!(news(&changes(Who::ThisTab, &["a"])), None);
        assert_eq!(news(&changes(Who::Unknown, &["a"])), None);
        assert_eq!(news(&changes(Who::Server, &[SESSION_COOKIE])), None);
    }
}
