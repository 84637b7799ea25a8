//! Passwords known from breaches: what attackers try first (NIST SP 800-63B-4 §3.1.1.2, OWASP ASVS 6.2.4 and 6.2.12).
//!
//! The lists are compiled in, so that checking asks nobody and tells nobody. `script/common-passwords` makes them.

use std::{collections::HashSet, sync::LazyLock};

type List = LazyLock<HashSet<&'static str>>;

/// Whole passwords, as long as the policy asks.
static PASSWORDS: List = LazyLock::new(|| read(include_str!("../../data/common-passwords.txt")));
/// The most frequent passwords that are too short to be one here, but are padded until they are not.
static WORDS: List = LazyLock::new(|| read(include_str!("../../data/common-words.txt")));

/// Whether a password, in NFC and lower case, is on the list as a whole.
pub(super) fn is_common(lower: &str) -> bool {
    PASSWORDS.contains(lower)
}

/// Whether a piece, in NFC and lower case, is a short password of the most frequent.
pub(super) fn is_common_word(lower: &str) -> bool {
    WORDS.contains(lower)
}

/// The entries follow the head and an empty line; an entry may itself begin with `#`.
fn read(file: &'static str) -> HashSet<&'static str> {
    file.split_once("\n\n").map_or("", |(_, entries)| entries).lines().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::accounts::{MAX_PASSWORD, MIN_PASSWORD};
    use std::time::{Duration, Instant};
    use unicode_normalization::UnicodeNormalization;

    #[test]
    fn the_list_holds_at_least_3000_passwords_and_each_could_be_chosen() {
        assert!(PASSWORDS.len() >= 3_000, "{}", PASSWORDS.len());
        for entry in PASSWORDS.iter() {
            assert!((MIN_PASSWORD..=MAX_PASSWORD).contains(&entry.chars().count()), "{entry:?}");
            assert_eq!(entry.nfc().collect::<String>().to_lowercase(), **entry);
        }
    }

    #[test]
    fn the_words_are_too_short_to_be_passwords() {
        assert_eq!(WORDS.len(), 2_000);
        assert!(WORDS.iter().all(|word| (4..MIN_PASSWORD).contains(&word.chars().count())));
    }

    #[test]
    fn only_the_whole_password_is_compared() {
        assert!(is_common("30secondstomars") && is_common_word("iloveyou"));
        assert!(!is_common("30secondstomars and back") && !is_common("the iloveyou"));
    }

    #[test]
    fn a_lookup_takes_well_under_a_millisecond() {
        const LOOKUPS: u32 = 10_000;
        let candidates = ["30secondstomars", "correct horse battery staple"];
        let began = Instant::now();
        let found = candidates.iter().cycle().take(LOOKUPS as usize).filter(|password| is_common(password)).count();
        let each = began.elapsed() / LOOKUPS;
        eprintln!("one lookup among {}: {each:?}, the first one's reading of the list included", PASSWORDS.len());
        assert_eq!(found, 5_000);
        assert!(each < Duration::from_millis(1), "{each:?}");
    }
}
