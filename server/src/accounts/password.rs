//! The rules for passwords (NIST SP 800-63B-4 §3.1.1.2).

use super::{breached_passwords, pattern};
use app::{
    AppError,
    accounts::{MAX_PASSWORD, MIN_PASSWORD, Username},
};
use secrecy::{ExposeSecret, SecretString};
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// A password in the one spelling that is hashed: Unicode NFC.
pub(super) fn normalised(password: &SecretString) -> SecretString {
    password.expose_secret().nfc().collect::<String>().into()
}

/// Whether two passwords are the same in that spelling.
pub(super) fn are_one(one: &SecretString, other: &SecretString) -> bool {
    normalised(one).expose_secret() == normalised(other).expose_secret()
}

/// The site's name, as it may be written.
const SITE_NAMES: [&str; 5] = ["storagelab", "storage lab", "storage-lab", "storage_lab", "storage.lab"];

/// Checks a new password's rules and returns it in its one spelling. Capital letters make no difference to what is
/// easy to guess; the password itself keeps them. Words that everybody can guess here, the username and the site's name, count
/// for nothing: what is left must be a password by itself (NIST SP 800-63B-4 §3.1.1.2, OWASP ASVS 6.2.11). Without a username
/// nothing is compared with it.
pub(super) fn check(password: SecretString, username: Option<&Username>) -> Result<SecretString, AppError> {
    let password = normalised(&password);
    let text = password.expose_secret();
    match text.chars().count() {
        count if count < MIN_PASSWORD => return Err(AppError::PasswordTooShort),
        count if count > MAX_PASSWORD => return Err(AppError::PasswordTooLong),
        _ => {}
    }
    // A later version of Unicode may normalise them otherwise, and then the password would not match (RFC 8265 §7.2).
    if text.chars().any(|c| c.general_category() == GeneralCategory::Unassigned) {
        return Err(AppError::PasswordUnassigned);
    }
    let lower = text.to_lowercase();
    if username.is_some_and(|username| leans_on(&lower, &[&username.key()])) {
        Err(AppError::PasswordHoldsUsername)
    } else if leans_on(&lower, &SITE_NAMES) {
        Err(AppError::PasswordHoldsSiteName)
    } else if pattern::is_predictable(&lower) {
        Err(AppError::PasswordRepeats)
    } else if breached_passwords::is_common(&lower) {
        Err(AppError::PasswordCommon)
    } else {
        Ok(password)
    }
}

/// Whether a password holds one of these words and is too short or too predictable a password without them.
fn leans_on(lower: &str, words: &[&str]) -> bool {
    let left = words.iter().fold(lower.to_owned(), |text, word| without(&text, word));
    // What parted the word from the rest is no secret either.
    let rest = left.trim_matches(|c: char| !c.is_alphanumeric());
    left.len() < lower.len() && (rest.chars().count() < MIN_PASSWORD || pattern::is_predictable(rest))
}

/// A text without a word, where that stands as one: `the` is no word of `weather`.
fn without(text: &str, word: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(word) {
        kept.push_str(before);
        let is_word = !kept.ends_with(char::is_alphabetic) && !after.starts_with(char::is_alphabetic);
        if !is_word {
            kept.push_str(word);
        }
        rest = after;
    }
    kept + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(password: &str) -> Result<String, AppError> {
        let ada = Username::parse("Ada").unwrap();
        check(password.into(), Some(&ada)).map(|password| password.expose_secret().to_owned())
    }

    /// Letters that make no word, as many as asked for.
    fn letters(first: &str, count: usize) -> String {
        first.chars().chain("mjwfkzbnqgxhdcvytrpsl".chars().cycle().skip(3)).take(count).collect()
    }

    #[test]
    fn a_password_has_15_to_128_code_points() {
        assert_eq!(checked(&letters("éé漢", 14)), Err(AppError::PasswordTooShort));
        assert_eq!(checked(&letters("éé漢", 15)), Ok(letters("éé漢", 15)));
        assert!(checked(&letters("漢", 128)).is_ok());
        assert_eq!(checked(&letters("漢", 129)), Err(AppError::PasswordTooLong));
    }

    #[test]
    fn a_password_is_one_in_all_its_spellings() {
        assert_eq!(checked(&letters("e\u{301}", 16)), Ok(letters("é", 15)));
    }

    #[test]
    fn a_password_on_the_list_of_breached_ones_is_refused_in_any_case() {
        for password in ["30secondstomars", "YoungAndRestless", "MauriceUndTommy"] {
            assert_eq!(checked(password), Err(AppError::PasswordCommon), "{password}");
        }
    }

    #[test]
    fn a_password_that_repeats_or_follows_the_keys_is_refused() {
        assert_eq!(checked("PasswordPassword"), Err(AppError::PasswordRepeats));
        assert_eq!(checked("1234567890-=qwertyuiop"), Err(AppError::PasswordRepeats));
    }

    #[test]
    fn the_sites_name_with_little_beside_it_is_no_password() {
        for password in ["my StorageLab secret", "STORAGE-LAB for me", "the storage lab, mine", "storage_lab.2026!"] {
            assert_eq!(checked(password), Err(AppError::PasswordHoldsSiteName), "{password}");
        }
    }

    #[test]
    fn unrelated_words_and_random_characters_are_fine() {
        for password in ["correct horse battery staple", "k7Rw-2mXq-9vTz-4b", "Zwölf Boxkämpfer jagen"] {
            assert_eq!(checked(password), Ok(password.to_owned()));
        }
    }

    #[test]
    fn a_username_counts_for_nothing_where_it_is_a_word() {
        for password in ["ADA-1815-secret", "ada ada ada ada ada", "ada.qwertyuiop1234567890", "1815ada1852secret"] {
            assert_eq!(checked(password), Err(AppError::PasswordHoldsUsername), "{password}");
        }
        assert!(checked("the secret of ADA herself").is_ok(), "the rest is a password");
    }

    #[test]
    fn a_username_within_other_words_forbids_nothing() {
        let the = Username::parse("the").unwrap();
        for password in ["sunset over the quiet harbour", "weatherforecast", "otherwise gathered", "northern mothers"] {
            assert!(check(password.into(), Some(&the)).is_ok(), "{password}");
        }
        assert_eq!(check("the other day 1".into(), Some(&the)).err(), Some(AppError::PasswordHoldsUsername));
    }

    #[test]
    fn a_long_username_with_little_beside_it_is_no_password() {
        let name = Username::parse("Ada.Lovelace.1815@example.org").unwrap();
        for password in
            ["ada.lovelace.1815@example.org", "Ada.Lovelace.1815@example.org!2026", "x-ada.lovelace.1815@example.org"]
        {
            assert_eq!(check(password.into(), Some(&name)).err(), Some(AppError::PasswordHoldsUsername), "{password}");
        }
    }

    #[test]
    fn the_sites_name_beside_a_password_is_fine() {
        assert!(checked("the storage lab behind the mill").is_ok());
        assert!(checked("cold storage laboratory").is_ok());
    }
}
