//! Attempts on passwords, slowed down: counted in the database, so that all servers count together (OWASP ASVS 6.3.1,
//! NIST SP 800-63B-4 §3.2.2).
//!
//! A stranger must not lock an account's owner out (ASVS 6.1.1): the wait grows for the pair of account and address; the
//! account as a whole slows down only for addresses from which it was not logged in to of late.

use crate::{
    clock::Clock,
    network::Network,
    store::{Counter, Forgiveness, Lasting, Rule, Store},
};
use app::AppError;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use std::{iter, net::IpAddr, sync::Arc};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// An address from which an account was logged in to is known for so long.
const KNOWN_FOR: i64 = 30 * DAY;
/// Wrong passwords of one account from one network, which are free.
const PAIR_FREE: i64 = 5;
/// Wrong codes for a new password from one network, which are free.
const CODES_FREE: i64 = 10;
/// The longest wait of one network after wrong passwords or codes.
const LONGEST_WAIT: i64 = 15 * MINUTE;
/// The longest wait of strangers after wrong passwords of one account, and of one network after what it may make by the hour.
const LONGEST_HOURLY_WAIT: i64 = HOUR;
/// Wrong passwords of one account from networks that it does not know, which are free.
const GUESSES_FREE: i64 = 50;
/// Those in all since the last log-in, past which strangers have one guess a day (NIST SP 800-63B-4 §3.2.2: 100 at most).
const GUESSES_IN_ALL: i64 = 100;
/// One of them is forgotten for each day without another; all of them after so many days without any.
const GUESSES_REMEMBERED: i64 = 90 * DAY;
/// An IPv6 network of 56 bits may do so many times as much as one of 64, and one of 48 bits so many times as much as that.
const WIDER: i64 = 4;

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
    /// Anonymous sessions begun from one address.
    pub anonymous: Rule,
    /// Wrong codes for a new password from one address.
    pub resets: Rule,
}

impl Limits {
    /// The limits with so many failures, and sign-ups and anonymous sessions an hour, free for each address.
    pub fn new(failures_per_address: u32, sign_ups_per_address: u32, sessions_per_address: u32) -> Self {
        let failures = |free| Rule { free, first_wait: 1, longest_wait: LONGEST_WAIT, memory: HOUR, lasting: None };
        let lasting = Lasting { forget_one_each: DAY, most: GUESSES_IN_ALL, then_wait: DAY };
        Self {
            pair: failures(PAIR_FREE),
            account: Rule {
                free: GUESSES_FREE,
                first_wait: 1,
                longest_wait: LONGEST_HOURLY_WAIT,
                memory: GUESSES_REMEMBERED,
                lasting: Some(lasting),
            },
            address: failures(failures_per_address.into()),
            sign_ups: hourly(sign_ups_per_address.into()),
            anonymous: hourly(sessions_per_address.into()),
            resets: failures(CODES_FREE),
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
        let network = narrowest(address);
        let known = key("known", account, &network);
        let mut counters = by_address("address", address, self.limits.address);
        let addresses = counters.iter().map(|counter| counter.key.clone()).collect();
        let pair = Counter { key: key("pair", account, &network), rule: self.limits.pair };
        let account = Counter { key: key("account", account, ""), rule: self.limits.account };
        let forgiveness = Forgiveness {
            take_back: addresses,
            forget: vec![pair.key.clone(), account.key.clone()],
            remember: Some((known.clone(), now + KNOWN_FOR)),
        };
        counters.push(pair);
        if !self.store.is_remembered(&known, now).await? {
            counters.push(account);
        }
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
        let counters = by_address("sign-up", address, self.limits.sign_ups);
        Ok(self.store.count_attempt(&counters, self.clock.now()).await?)
    }

    /// Counts a code for a new password as wrong. What is returned takes that back if it is right.
    ///
    /// # Errors
    /// As [`Throttle::attempt`].
    pub async fn reset(&self, address: &str) -> Result<Forgiveness, AppError> {
        let counters = by_address("reset", address, self.limits.resets);
        let take_back = counters.iter().map(|counter| counter.key.clone()).collect();
        let forgiveness = Forgiveness { take_back, ..Forgiveness::default() };
        self.store.count_attempt(&counters, self.clock.now()).await?;
        Ok(forgiveness)
    }

    /// Forgets the failures of an account, from that address and from all unknown ones: its password is another one now.
    pub fn forget(&self, account: &str, address: &str) -> Forgiveness {
        let forget = vec![key("pair", account, &narrowest(address)), key("account", account, "")];
        Forgiveness { forget, ..Forgiveness::default() }
    }
}

/// So many an hour cost nothing, then each waits longer: a minute, doubling to an hour.
pub(crate) const fn hourly(free: i64) -> Rule {
    Rule { free, first_wait: MINUTE, longest_wait: LONGEST_HOURLY_WAIT, memory: HOUR, lasting: None }
}

/// The counters of what comes from one address: of its network, and of the wider ones around that, which many subscribers
/// of one provider share and so may do more.
pub(crate) fn by_address(kind: &str, address: &str, rule: Rule) -> Vec<Counter> {
    let counter = |network: String, free| Counter { key: key(kind, "", &network), rule: Rule { free, ..rule } };
    let Ok(ip) = address.parse::<IpAddr>() else { return vec![counter(address.to_owned(), rule.free)] };
    let network = Network::of(ip);
    let networks = iter::once(network).chain(network.wider());
    let free = iter::successors(Some(rule.free), |free| Some(free.saturating_mul(WIDER)));
    networks.zip(free).map(|(network, free)| counter(network.to_string(), free)).collect()
}

/// The narrowest network of an address. What is no address stands for itself: the throw-away accounts' callers.
fn narrowest(address: &str) -> String {
    address.parse().map_or_else(|_| address.to_owned(), |ip| Network::of(ip).to_string())
}

/// Hashed: what was typed as a username may be a password by mistake.
fn key(kind: &str, account: &str, network: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!("{kind}\n{account}\n{network}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_address_is_counted_by_three_widths_of_network() {
        let counted = |address| by_address("sign-up", address, hourly(60));
        let (one, other) = (counted("2001:db8:1:2:3::4"), counted("2001:db8:1:3::9"));
        assert_eq!(one.iter().map(|counter| counter.rule.free).collect::<Vec<_>>(), [60, 240, 960]);
        let same: Vec<_> = one.iter().zip(&other).map(|(one, other)| one.key == other.key).collect();
        assert_eq!(same, [false, true, true], "two networks of one end site");
        assert_eq!(counted("192.0.2.7").len(), 1);
    }

    #[test]
    fn what_is_no_address_counts_as_itself() {
        assert_eq!((narrowest("lab-x"), narrowest("")), ("lab-x".to_owned(), String::new()));
    }

    #[test]
    fn a_key_tells_nothing_and_is_never_another_ones() {
        let keys = [key("pair", "ada", "192.0.2.7"), key("account", "ada", ""), key("address", "", "192.0.2.7")];
        assert!(keys.iter().all(|key| !key.contains("ada") && !key.contains("192")));
        assert!(keys[0] != keys[1] && keys[1] != keys[2] && keys[0] != keys[2]);
    }
}
