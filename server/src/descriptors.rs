//! How many file descriptors the process may have, and how many of them connections get.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Descriptors that are kept for the database, the listeners and the log.
pub(crate) const RESERVED_DESCRIPTORS: usize = 64;
/// Most connections at once: some 50 KB of memory each with TLS.
pub(crate) const MOST_CONNECTIONS: usize = 8_192;
/// Descriptors under which that many connections may be open.
pub(crate) const DESCRIPTORS_WANTED: usize = RESERVED_DESCRIPTORS + 2 * MOST_CONNECTIONS;

/// Raises the soft limit of descriptors to the hard one: the soft one is low for the sake of old programs that use
/// `select`, which this is not. Returns the limit in force; `None` is none.
pub fn raise_limit() -> Option<u64> {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current != maximum
        && let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum })
    {
        tracing::warn!(%error, "the limit of open descriptors stays as it is");
    }
    getrlimit(Resource::Nofile).current
}

/// Most connections that may be open at once under the limit of descriptors.
pub fn most_connections() -> usize {
    connections_of(getrlimit(Resource::Nofile).current)
}

/// Of the descriptors that are not reserved the connections get half: answers read files. Where there are next to none,
/// an eighth of all.
fn connections_of(descriptors: Option<u64>) -> usize {
    let descriptors = descriptors.and_then(|number| usize::try_from(number).ok()).unwrap_or(usize::MAX);
    let half = descriptors.saturating_sub(RESERVED_DESCRIPTORS) / 2;
    half.max(descriptors / 8).clamp(1, MOST_CONNECTIONS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_descriptors_for_the_database_and_for_files() {
        assert_eq!(connections_of(Some(50)), 6);
        assert_eq!(connections_of(Some(1_024)), 480);
        assert_eq!(connections_of(Some(4_096)), 2_016);
        assert_eq!(connections_of(Some(DESCRIPTORS_WANTED as u64)), MOST_CONNECTIONS);
        assert_eq!(connections_of(Some(1_048_576)), MOST_CONNECTIONS);
        assert_eq!(connections_of(None), MOST_CONNECTIONS, "no limit at all");
    }

    #[test]
    fn the_soft_limit_becomes_the_hard_one() {
        let raised = raise_limit();
        assert_eq!(raised, getrlimit(Resource::Nofile).maximum);
    }
}
