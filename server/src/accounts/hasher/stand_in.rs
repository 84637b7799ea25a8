//! Stands in for the hash of a user who does not exist, so that the answer takes as long as for one who does.
//!
//! After a change of cost the stored hashes cost differently for a while, and so do the stand-ins, in the same shares. Which
//! one a name gets is settled by a secret of this process: the same each time, and nobody can tell it beforehand.

use crate::store::CostShare;
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use sha2::{Digest, Sha256};
use std::sync::{Arc, PoisonError, RwLock};

/// Bytes of a salt and of a hash, as this server makes them.
const SALT: usize = 16;
const HASH: usize = 32;
/// Clones share what they have learned.
#[derive(Clone)]
pub(super) struct StandIns {
    secret: [u8; 16],
    /// Of today's cost.
    today: Arc<str>,
    shares: Arc<RwLock<Vec<CostShare>>>,
}

impl StandIns {
    /// The one of today's cost, until others are known.
    pub fn of(today: &str) -> Self {
        let mut secret = [0; 16];
        // Without randomness no session begins either, and the server is of no use to who guesses names.
        let _ = getrandom::fill(&mut secret);
        Self { secret, today: today.into(), shares: Arc::default() }
    }

    pub fn learn(&self, shares: &[CostShare]) {
        *self.shares.write().unwrap_or_else(PoisonError::into_inner) = shares.to_vec();
    }

    /// The PHC string that stands in for a name's.
    pub fn of_name(&self, name: &str) -> String {
        let drawn = Sha256::digest([self.secret.as_slice(), name.to_lowercase().as_bytes()].concat());
        let shares = self.shares.read().unwrap_or_else(PoisonError::into_inner);
        let all: u64 = shares.iter().map(|share| share.hashes).sum();
        let (head, rest) = drawn.split_at(8);
        let mut place = head.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)) % all.max(1);
        for CostShare { cost, hashes } in shares.iter() {
            if place < *hashes {
                let encoded =
                    |bytes: usize| STANDARD_NO_PAD.encode(rest.iter().cycle().take(bytes).copied().collect::<Vec<_>>());
                return format!("{cost}${}${}", encoded(SALT), encoded(HASH));
            }
            place -= hashes;
        }
        self.today.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::AFTER_COST;

    #[test]
    fn names_that_nobody_has_cost_as_the_stored_hashes_do() {
        let stand_ins = StandIns::of("$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$aGFzaA");
        assert!(stand_ins.of_name("ada").contains("m=64,t=1"));
        let share = |cost: &str, hashes| CostShare { cost: cost.to_owned(), hashes };
        let (old, new) = ("$argon2id$v=19$m=32,t=2,p=1", "$argon2id$v=19$m=64,t=1,p=1");
        stand_ins.learn(&[share(old, 30), share(new, 10)]);
        let names: Vec<_> = (0..4_000).map(|number| stand_ins.of_name(&format!("name-{number}"))).collect();
        let olds = names.iter().filter(|hash| hash.starts_with(old)).count();
        assert!((2_800..3_200).contains(&olds), "{olds}");
        assert_eq!(stand_ins.of_name("Name-1"), names[1], "a name has one, in any spelling");
        assert!(names.iter().all(|hash| hash.starts_with(old) || hash.starts_with(new)));
    }

    #[test]
    fn a_stand_in_is_read_as_a_hash_and_is_as_long_as_one() {
        let stand_ins = StandIns::of("");
        let cost = "$argon2id$v=19$m=64,t=1,p=1";
        stand_ins.learn(&[CostShare { cost: cost.to_owned(), hashes: 1 }]);
        let hash = stand_ins.of_name("ada");
        assert!(argon2::password_hash::phc::PasswordHash::new(&hash).is_ok(), "{hash}");
        assert_eq!(hash.len() as i64, cost.len() as i64 + AFTER_COST);
    }
}
