//! What both sides know of an account.

use crate::AppError;
use serde::{Deserialize, Serialize};

/// Fewest code points of a password (NIST SP 800-63B-4 §3.1.1.2, for a password that is the only factor).
pub const MIN_PASSWORD: usize = 15;
/// Most code points of a password.
pub const MAX_PASSWORD: usize = 128;

/// A username that keeps the rules: 3 to 64 ASCII letters, digits and `. _ - @ +`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// Checks a typed name; spaces around it are dropped.
    ///
    /// # Errors
    /// [`AppError::InvalidUsername`] when it breaks a rule.
    pub fn parse(typed: &str) -> Result<Self, AppError> {
        let name = typed.trim();
        let legal = |c: char| c.is_ascii_alphanumeric() || "._-@+".contains(c);
        if (3..=64).contains(&name.len()) && name.chars().all(legal) {
            Ok(Self(name.to_owned()))
        } else {
            Err(AppError::InvalidUsername)
        }
    }

    /// As typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What makes it unique: `Ada` and `ada` are one name.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

/// What `/account` shows its owner. Times are UTC seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// As typed at sign-up.
    pub username: String,
    /// When the account was made.
    pub joined_at: i64,
    /// When this session began.
    pub session_began_at: i64,
    /// When this session ends if nothing more is asked of it.
    pub session_idle_end: i64,
    /// When this session ends whatever happens.
    pub session_end: i64,
    /// The server's time.
    pub now: i64,
}

/// Whether a path is only for those who are logged in.
pub fn is_guarded(path: &str) -> bool {
    path == "/account" || path.starts_with("/account/")
}

/// Where to go after log-in: `next` if it is a path of this site, else `/account`.
///
/// A browser reads `//host` and `/\host` as another site, so both are refused (OWASP: unvalidated redirects).
pub fn safe_next(next: &str) -> &str {
    let mut bytes = next.bytes();
    let rooted = bytes.next() == Some(b'/') && !matches!(bytes.next(), Some(b'/' | b'\\'));
    if rooted && next.bytes().all(|byte| byte.is_ascii_graphic()) { next } else { "/account" }
}

/// `page` with those fields as its query that are not empty.
pub fn with_query<'a>(page: &str, fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(fields.into_iter().filter(|(_, value)| !value.is_empty()));
    match query.finish() {
        query if query.is_empty() => page.to_owned(),
        query => format!("{page}?{query}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_username_keeps_its_spelling_and_is_unique_without_case() {
        let name = Username::parse("  Ada.Lovelace ").expect("legal");
        assert_eq!(name.as_str(), "Ada.Lovelace");
        assert_eq!(name.key(), "ada.lovelace");
    }

    #[test]
    fn an_illegal_username_is_refused() {
        for typed in ["", "ab", "a b c", "<script>", "ädä", &"x".repeat(65), "a\nbc"] {
            assert_eq!(Username::parse(typed), Err(AppError::InvalidUsername), "{typed:?}");
        }
    }

    #[test]
    fn next_stays_on_this_site() {
        for path in ["/", "/account", "/account?tab=1#x", "/a//b"] {
            assert_eq!(safe_next(path), path);
        }
        for trick in [
            "",
            "account",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\r\nSet-Cookie: x=y",
            "/\tx",
            "/é",
        ] {
            assert_eq!(safe_next(trick), "/account", "{trick:?}");
        }
    }

    #[test]
    fn a_query_is_encoded_and_leaves_out_what_is_empty() {
        assert_eq!(with_query("/login", [("username", "a&b c"), ("next", "")]), "/login?username=a%26b+c");
        assert_eq!(with_query("/login", []), "/login");
    }

    #[test]
    fn account_and_what_lies_under_it_is_guarded() {
        assert!(is_guarded("/account") && is_guarded("/account/sessions"));
        assert!(!is_guarded("/") && !is_guarded("/accounting"));
    }
}
