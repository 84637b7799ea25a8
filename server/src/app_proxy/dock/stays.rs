//! Addresses at which a window shows something that stays as the app sends it: a picture, a text, a page that may not be changed. What
//! the browser has of these is the app's own, and so are the conditions under which it asks for them again.

use std::{
    collections::HashSet,
    hash::{BuildHasher, RandomState},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Most addresses that are known. With one more all are forgotten: each is then answered in full once.
const MOST: usize = 4_096;

/// The addresses, by hashes that nobody outside can choose: an address may be long.
#[derive(Clone, Debug, Default)]
pub(in crate::app_proxy) struct Stays {
    hasher: RandomState,
    known: Arc<Mutex<HashSet<u64>>>,
}

/// One address, and what is known of it.
pub(super) struct Place {
    stays: Stays,
    hash: u64,
}

impl Stays {
    pub(super) fn at(&self, address: &str) -> Place {
        Place { stays: self.clone(), hash: self.hasher.hash_one(address) }
    }

    fn known(&self) -> MutexGuard<'_, HashSet<u64>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Whether the latest answer stayed as the app sent it.
    pub fn is_known(&self) -> bool {
        self.stays.known().contains(&self.hash)
    }

    /// Notes of an answer whether it stays so.
    pub fn note(&self, stays: bool) {
        let mut known = self.stays.known();
        if !stays {
            known.remove(&self.hash);
            return;
        }
        if known.len() >= MOST && !known.contains(&self.hash) {
            known.clear();
        }
        known.insert(self.hash);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_known_as_its_latest_answer_was() {
        let stays = Stays::default();
        assert!(!stays.at("/a").is_known());
        stays.at("/a").note(true);
        assert!(stays.at("/a").is_known() && !stays.at("/a?b").is_known());
        stays.at("/a").note(false);
        assert!(!stays.at("/a").is_known());
    }

    #[test]
    fn however_many_addresses_there_are_the_memory_is_bounded() {
        let stays = Stays::default();
        for at in 0..=MOST {
            stays.at(&at.to_string()).note(true);
        }
        assert_eq!(stays.known().len(), 1);
        assert!(stays.at(&MOST.to_string()).is_known());
    }
}
