//! Attempts counted in the database by the network that they come from, so that all servers count together. Log-ins,
//! sign-ups, anonymous sessions, trials and test accounts are counted by these rules.

use crate::{
    network::Network,
    store::{Counter, Rule, Store, StoreError},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use std::{iter, net::IpAddr};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
/// The longest wait of a network that has used up what it may do in an hour, in seconds.
const LONGEST_HOURLY_WAIT: i64 = HOUR;
/// An IPv6 network of 56 bits may do so many times as much as one of 64, and one of 48 bits so many times as much as that.
const WIDER: i64 = 4;

/// The first `free` attempts of an hour cost nothing; the wait after each further one doubles from a minute to an hour.
pub(crate) const fn hourly(free: i64) -> Rule {
    Rule { free, first_wait: MINUTE, longest_wait: LONGEST_HOURLY_WAIT, memory: HOUR, lasting: None }
}

/// The counters of what comes from one address: of its network, and of the wider networks around that. Many subscribers of
/// one provider share a wider one, so it may do more.
pub(crate) fn by_network(kind: &str, address: &str, rule: Rule) -> Vec<Counter> {
    let counter = |network: String, free| Counter { key: key(kind, "", &network), rule: Rule { free, ..rule } };
    let Ok(ip) = address.parse::<IpAddr>() else { return vec![counter(address.to_owned(), rule.free)] };
    let network = Network::of(ip);
    let networks = iter::once(network).chain(network.wider());
    let free = iter::successors(Some(rule.free), |free| Some(free.saturating_mul(WIDER)));
    networks.zip(free).map(|(network, free)| counter(network.to_string(), free)).collect()
}

/// The narrowest network of an address. A text that is no address stands for itself, as a test account's caller does.
pub(crate) fn narrowest(address: &str) -> String {
    address.parse().map_or_else(|_| address.to_owned(), |ip| Network::of(ip).to_string())
}

/// The key of a counter. It is hashed: what was typed as a username may be a password by mistake.
pub(crate) fn key(kind: &str, account: &str, network: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!("{kind}\n{account}\n{network}")))
}

/// Deletes at most `most` counters that no longer count; returns how many.
///
/// # Errors
/// [`StoreError::Database`].
pub(crate) async fn sweep(store: &Store, now: i64, most: i64) -> Result<u64, StoreError> {
    store.delete_old_attempts(now, most).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_address_is_counted_by_three_widths_of_network() {
        let counted = |address| by_network("sign-up", address, hourly(60));
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
