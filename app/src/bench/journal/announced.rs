//! Who said that a change would come: how the journal knows its maker.

use super::change::Change;
use crate::browser::{Store, Who};

/// How long an announced change is waited for, in milliseconds.
const WAITED_FOR: f64 = 5_000.0;

/// A change that somebody said would come. Without a name it may be any entry of the store.
#[derive(Clone, Debug)]
struct Announced {
    store: Store,
    name: Option<String>,
    who: Who,
    until: f64,
}

/// The changes that are waited for, the latest last.
#[derive(Clone, Debug, Default)]
pub(super) struct Announcements(Vec<Announced>);

impl Announcements {
    /// Somebody is about to change an entry, or any of the store.
    pub fn add(&mut self, store: Store, name: Option<&str>, who: Who, now: f64) {
        self.0.retain(|announced| announced.until > now);
        self.0.push(Announced { store, name: name.map(str::to_owned), who, until: now + WAITED_FOR });
    }

    /// Fills in who made the changes that nobody is known of yet. Who named the entry goes before who spoke of the whole
    /// store, and explains one change alone.
    pub fn explain(&mut self, changes: &mut [Change], now: f64) {
        self.0.retain(|announced| announced.until > now);
        for change in changes.iter_mut().filter(|change| change.who == Who::Unknown) {
            let of_store = |announced: &Announced| announced.store == change.store;
            let by_name = |announced: &Announced| of_store(announced) && announced.name.as_ref() == Some(&change.name);
            let any = |announced: &&Announced| of_store(announced) && announced.name.is_none();
            let who = match self.0.iter().position(by_name) {
                Some(at) => Some(self.0.remove(at).who),
                None => self.0.iter().rfind(any).map(|announced| announced.who),
            };
            change.who = who.unwrap_or(Who::Unknown);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        bench::journal::change::differences,
        browser::{Entry, Expires},
    };

    const STORE: Store = Store::Cookies;

    /// Who changed the entry "a", the first time and the second.
    fn makers(announced: &[(Option<&str>, Who)]) -> [Who; 2] {
        let mut all = Announcements::default();
        for (name, who) in announced {
            all.add(STORE, *name, *who, 0.0);
        }
        [(); 2].map(|()| {
            let mut found = differences(STORE, &[], &[Entry::new("a".into(), "1", Expires::Never)], 1.0, 0);
            all.explain(&mut found, 1.0);
            found[0].who
        })
    }

    #[test]
    fn who_named_the_entry_changed_it_once() {
        assert_eq!(makers(&[(Some("a"), Who::ThisTab)]), [Who::ThisTab, Who::Unknown]);
        assert_eq!(makers(&[(Some("b"), Who::ThisTab)]), [Who::Unknown; 2]);
        assert_eq!(makers(&[(Some("a"), Who::ThisTab), (Some("a"), Who::AnotherTab)]), [Who::ThisTab, Who::AnotherTab]);
    }

    #[test]
    fn who_named_the_entry_goes_before_who_spoke_of_the_store() {
        assert_eq!(makers(&[(Some("a"), Who::AnotherTab), (None, Who::Server)]), [Who::AnotherTab, Who::Server]);
        assert_eq!(makers(&[(None, Who::ThisTab), (None, Who::Server)]), [Who::Server; 2]);
    }

    #[test]
    fn an_announcement_that_nothing_followed_is_forgotten() {
        let mut all = Announcements::default();
        all.add(STORE, Some("a"), Who::ThisTab, 0.0);
        let mut found = differences(STORE, &[], &[Entry::new("a".into(), "1", Expires::Never)], 0.0, 0);
        all.explain(&mut found, WAITED_FOR);
        assert_eq!(found[0].who, Who::Unknown);
    }
}
