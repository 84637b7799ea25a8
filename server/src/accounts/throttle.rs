//! Slows attempts on passwords down. They are counted in the database, so that all servers count together (OWASP ASVS 6.3.1,
//! NIST SP 800-63B-4 §3.2.2).
//!
//! A stranger must not lock an account's owner out (ASVS 6.1.1): the wait grows for the pair of account and address; the
//! account as a whole slows down only for addresses without a recent log-in to it.

use crate::{
    clock::Clock,
    counters::{by_network, hourly, key, narrowest},
    store::{AttemptReset, Counter, Lasting, Rule, Store},
};
use app::AppError;
use std::sync::Arc;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// How long an account knows an address after a log-in from there, in seconds. It is written anew once a day at most.
const KNOWN_FOR: i64 = 30 * DAY;
/// Wrong passwords of one account from one network that cost no wait.
const PAIR_FREE: i64 = 5;
/// Wrong codes for a new password from one network that cost no wait.
const CODES_FREE: i64 = 10;
/// The longest wait of one network after wrong passwords or codes.
const LONGEST_WAIT: i64 = 15 * MINUTE;
/// The longest wait of strangers after wrong passwords of one account.
const LONGEST_WAIT_OF_STRANGERS: i64 = HOUR;
/// Wrong passwords of one account from networks that it does not know, which cost no wait.
const GUESSES_FREE: i64 = 50;
/// Past so many of these since the last log-in strangers have one guess a day (NIST SP 800-63B-4 §3.2.2: 100 at most).
const GUESSES_IN_ALL: i64 = 100;
/// Each day without another one of these is forgotten; all are forgotten after this time without any, in seconds.
const GUESSES_REMEMBERED: i64 = 90 * DAY;

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
    /// The limits of an operator: wrong passwords, and sign-ups and anonymous sessions in an hour, that cost an address no wait.
    pub fn new(failures_per_address: u32, sign_ups_per_address: u32, sessions_per_address: u32) -> Self {
        let failures = |free| Rule { free, first_wait: 1, longest_wait: LONGEST_WAIT, memory: HOUR, lasting: None };
        let lasting = Lasting { forget_one_each: DAY, most: GUESSES_IN_ALL, then_wait: DAY };
        Self {
            pair: failures(PAIR_FREE),
            account: Rule {
                free: GUESSES_FREE,
                first_wait: 1,
                longest_wait: LONGEST_WAIT_OF_STRANGERS,
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

/// Counts attempts, and refuses those that must wait.
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

    /// Counts an attempt on an account's password as failed. The result takes that back if the attempt succeeds. An account that
    /// does not exist is counted like any other.
    ///
    /// # Errors
    /// [`AppError::TooManyAttempts`], [`AppError::Unavailable`].
    pub async fn attempt(&self, account: &str, address: &str) -> Result<AttemptReset, AppError> {
        let now = self.clock.now();
        let network = narrowest(address);
        let known = key("known", account, &network);
        let mut counters = by_network("address", address, self.limits.address);
        let take_back = counters.iter().map(|counter| counter.key.clone()).collect();
        let pair = Counter { key: key("pair", account, &network), rule: self.limits.pair };
        let account = Counter { key: key("account", account, ""), rule: self.limits.account };
        let mut forget = vec![pair.key.clone()];
        counters.push(pair);
        match self.store.count_guess(counters, account.clone(), &known, now).await {
            Ok(guess) => {
                if guess.by_strangers {
                    forget.push(account.key);
                }
                let is_due = guess.known_until.is_none_or(|until| until < now + KNOWN_FOR - DAY);
                Ok(AttemptReset { take_back, forget, remember: is_due.then_some((known, now + KNOWN_FOR)) })
            }
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
        let counters = by_network("sign-up", address, self.limits.sign_ups);
        Ok(self.store.count_attempt(&counters, self.clock.now()).await?)
    }

    /// Counts a code for a new password as wrong. The result takes that back if the code is right.
    ///
    /// # Errors
    /// As [`Throttle::attempt`].
    pub async fn reset(&self, address: &str) -> Result<AttemptReset, AppError> {
        let counters = by_network("reset", address, self.limits.resets);
        let take_back = counters.iter().map(|counter| counter.key.clone()).collect();
        let attempt_reset = AttemptReset { take_back, ..AttemptReset::default() };
        self.store.count_attempt(&counters, self.clock.now()).await?;
        Ok(attempt_reset)
    }

    /// Resets the failures of an account, from this address and from all unknown ones, since it has a new password.
    pub fn forget(&self, account: &str, address: &str) -> AttemptReset {
        let forget = vec![key("pair", account, &narrowest(address)), key("account", account, "")];
        AttemptReset { forget, ..AttemptReset::default() }
    }
}
