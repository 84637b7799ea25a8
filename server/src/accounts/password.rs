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

/// The site's name as far as it is compared: letters and digits alone, so that `Storage-Lab` is one of its spellings.
const SITE_NAME: &str = "storagelab";

/// Checks a new password's rules and returns it in its one spelling. Capital letters make no difference to what is
/// easy to guess; the password itself keeps them. Without a username nothing is compared with it.
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
    if username.is_some_and(|username| lower.contains(&username.key())) {
        Err(AppError::PasswordHoldsUsername)
    } else if lower.chars().filter(|c| c.is_alphanumeric()).collect::<String>().contains(SITE_NAME) {
        Err(AppError::PasswordHoldsSiteName)
    } else if pattern::is_predictable(&lower) {
        Err(AppError::PasswordRepeats)
    } else if breached_passwords::is_common(&lower) {
        Err(AppError::PasswordCommon)
    } else {
        Ok(password)
    }
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
    fn a_password_that_holds_the_sites_name_is_refused() {
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
    fn a_password_that_holds_the_username_is_refused() {
        assert_eq!(checked("the secret of ADA himself"), Err(AppError::PasswordHoldsUsername));
    }
}
