//! What no script can put into a cookie.

use super::line::{is_control, trimmed};
use crate::{browser::refusal::Refusal, sessions::SESSION_COOKIE};

/// Checks what would make a browser keep something other than what was typed, or nothing (RFC 6265bis §5.6): browsers take
/// more than servers may send (§4.1.1). Size is for the browser to judge.
pub(crate) fn check_cookie(name: &str, value: &str) -> Result<(), Refusal> {
    let ends = |c: char| c == ';' || is_control(c);
    if name.is_empty() && trimmed(value).is_empty() {
        return Err(Refusal::NoName);
    }
    if trimmed(name).eq_ignore_ascii_case(SESSION_COOKIE) {
        return Err(Refusal::Protected);
    }
    let is_blank = |c: &char| matches!(c, ' ' | '\t');
    let cut_off = name.chars().next().filter(is_blank).or(name.chars().next_back().filter(is_blank));
    if let Some(c) = name.chars().find(|c| *c == '=' || ends(*c)).or(cut_off) {
        return Err(Refusal::NameCharacter(c));
    }
    match value.chars().find(|c| ends(*c)) {
        Some(c) => Err(Refusal::ValueCharacter(c)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_that_would_be_stored_as_something_else_is_refused() {
        assert_eq!(check_cookie("lab-a=b", "1"), Err(Refusal::NameCharacter('=')));
        assert_eq!(check_cookie("lab-a\u{1}", "1"), Err(Refusal::NameCharacter('\u{1}')));
        assert_eq!(check_cookie("lab-a", "1;2"), Err(Refusal::ValueCharacter(';')));
        assert_eq!(check_cookie("lab-a", "1\n2"), Err(Refusal::ValueCharacter('\n')));
        assert_eq!(check_cookie("lab-a", "\u{7f}"), Err(Refusal::ValueCharacter('\u{7f}')));
        assert_eq!(check_cookie("", " \t"), Err(Refusal::NoName));
        for name in ["__host-SESSION", " __Host-session\t"] {
            assert_eq!(check_cookie(name, "1"), Err(Refusal::Protected));
        }
        assert_eq!(check_cookie(" lab-a", "1"), Err(Refusal::NameCharacter(' ')));
        assert_eq!(check_cookie("lab-a\t", "1"), Err(Refusal::NameCharacter('\t')));
    }

    #[test]
    fn what_browsers_keep_is_taken_even_where_no_server_may_send_it() {
        for name in ["lab-é", "lab-a b", "lab-a\tb", "lab-()<>@,:\\\"/[]?{}", "lab-\u{85}", "lab-\u{202e}😀"] {
            assert_eq!(check_cookie(name, "1"), Ok(()), "{name:?}");
        }
        for value in ["漢 = \"ok\"", "a\tb", "a,b\\", "a\u{85}b", "\u{80}", "\u{feff}", "\u{2028}", ""] {
            assert_eq!(check_cookie("lab-a", value), Ok(()), "{value:?}");
        }
        assert_eq!(check_cookie("", "lonely-value"), Ok(()));
    }
}
