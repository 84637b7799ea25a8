//! Attempts on passwords, slowed down: counted in the database, so that all servers count together (OWASP ASVS 6.3.1,
//! NIST SP 800-63B-4 §3.2.2).
//!
//! A stranger must not lock an account's owner out (ASVS 6.1.1): the wait grows for the pair of account and address; the
//! account as a whole slows down only for addresses from which it was not logged in to of late.

use crate::{
    clock::Clock,
    store::{Counter, Forgiveness, Rule, Store},
};
use app::AppError;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use std::{
    net::{IpAddr, Ipv6Addr},
    sync::Arc,
};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// An address from which an account was logged in to is known for so long.
const KNOWN_FOR: i64 = 30 * DAY;

/// How failures are answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Wrong passwords of one account from one address.
    pub pair: Rule,
    /// Wrong passwords of one account from all addresses that it does not know.
    pub account: Rule,
    /// Wrong passwords from one address, whatever the account.
    pub address: Rule,
    /// Sign-ups from one address, whether they succeed or not.
    pub sign_ups: Rule,
    /// Wrong codes for a new password from one address.
    pub resets: Rule,
}

impl Limits {
    /// The limits with so many failures, and sign-ups an hour, free for each address.
    pub fn new(failures_per_address: u32, sign_ups_per_address: u32) -> Self {
        let quarter = 15 * MINUTE;
        Self {
            pair: Rule { free: 5, first_wait: 1, longest_wait: quarter, memory: HOUR },
            account: Rule { free: 50, first_wait: 1, longest_wait: HOUR, memory: DAY },
            address: Rule { free: failures_per_address.into(), first_wait: 1, longest_wait: quarter, memory: HOUR },
            sign_ups: Rule { free: sign_ups_per_address.into(), first_wait: MINUTE, longest_wait: HOUR, memory: HOUR },
            resets: Rule { free: 10, first_wait: 1, longest_wait: quarter, memory: HOUR },
        }
    }
}

/// Counts attempts and says who must wait.
#[derive(Clone)]
pub(super) struct Throttle {
    store: Store,
    clock: Arc<dyn Clock>,
    limits: Limits,
}

impl Throttle {
    pub fn new(store: Store, clock: Arc<dyn Clock>, limits: Limits) -> Self {
        Self { store, clock, limits }
    }

    /// Counts an attempt on an account's password as failed. What is returned takes that back if it succeeds. An account
    /// that does not exist is counted like any other.
    ///
    /// # Errors
    /// [`AppError::TooManyAttempts`], [`AppError::Unavailable`].
    pub async fn attempt(&self, account: &str, address: &str) -> Result<Forgiveness, AppError> {
        let now = self.clock.now();
        let network = network(address);
        let known = key("known", account, &network);
        let pair = Counter { key: key("pair", account, &network), rule: self.limits.pair };
        let address = Counter { key: key("address", "", &network), rule: self.limits.address };
        let account = Counter { key: key("account", account, ""), rule: self.limits.account };
        let forgiveness = Forgiveness {
            take_back: vec![address.key.clone()],
            forget: vec![pair.key.clone(), account.key.clone()],
            remember: Some((known.clone(), now + KNOWN_FOR)),
        };
        let counters = if self.store.is_remembered(&known, now).await? {
            vec![address, pair]
        } else {
            vec![address, pair, account]
        };
        match self.store.count_attempt(&counters, now).await {
            Ok(()) => Ok(forgiveness),
            Err(error) => {
                tracing::info!(event = "throttled", address = network, reason = %error);
                Err(error.into())
            }
        }
    }

    /// Counts a sign-up.
    ///
    /// # Errors
    /// As [`Throttle::attempt`].
    pub async fn sign_up(&self, address: &str) -> Result<(), AppError> {
        let counter = by_address("sign-up", address, self.limits.sign_ups);
        Ok(self.store.count_attempt(&[counter], self.clock.now()).await?)
    }

    /// Counts a code for a new password as wrong. What is returned takes that back if it is right.
    ///
    /// # Errors
    /// As [`Throttle::attempt`].
    pub async fn reset(&self, address: &str) -> Result<Forgiveness, AppError> {
        let counter = by_address("reset", address, self.limits.resets);
        let forgiveness = Forgiveness { take_back: vec![counter.key.clone()], ..Forgiveness::default() };
        self.store.count_attempt(&[counter], self.clock.now()).await?;
        Ok(forgiveness)
    }

    /// Forgets the failures of an account, from that address and from all unknown ones: its password is another one now.
    pub fn forget(&self, account: &str, address: &str) -> Forgiveness {
        let forget = vec![key("pair", account, &network(address)), key("account", account, "")];
        Forgiveness { forget, ..Forgiveness::default() }
    }
}

/// The counter of what comes from one address.
pub(crate) fn by_address(kind: &str, address: &str, rule: Rule) -> Counter {
    Counter { key: key(kind, "", &network(address)), rule }
}

/// What an address counts as: one subscriber usually has a whole IPv6 network of 64 bits (RFC 6177).
fn network(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_string()
        }
        _ => address.to_owned(),
    }
}

/// Hashed: what was typed as a username may be a password by mistake.
fn key(kind: &str, account: &str, network: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!("{kind}\n{account}\n{network}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_subscriber_counts_as_one() {
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("192.0.2.7"), "192.0.2.7");
        assert_eq!(network(""), "");
    }

    #[test]
    fn a_key_tells_nothing_and_is_never_another_ones() {
        let keys = [key("pair", "ada", "192.0.2.7"), key("account", "ada", ""), key("address", "", "192.0.2.7")];
        assert!(keys.iter().all(|key| !key.contains("ada") && !key.contains("192")));
        assert!(keys[0] != keys[1] && keys[1] != keys[2] && keys[0] != keys[2]);
    }
}
