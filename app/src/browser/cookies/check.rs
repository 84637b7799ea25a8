//! What no script can put into a cookie.

use crate::{browser::refusal::Refusal, sessions::SESSION_COOKIE};

/// Checks what would make `document.cookie` store something other than what was typed. Size is for the browser to judge.
pub(crate) fn check_cookie(name: &str, value: &str) -> Result<(), Refusal> {
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let breaks_value = |c: char| c == ';' || c.is_control();
    if name.is_empty() {
        return Err(Refusal::NoName);
    }
    if name.eq_ignore_ascii_case(SESSION_COOKIE) {
        return Err(Refusal::Protected);
    }
    if let Some(c) = name.chars().find(|c| !token(*c)) {
        return Err(Refusal::NameCharacter(c));
    }
    match value.chars().find(|c| breaks_value(*c)) {
        Some(c) => Err(Refusal::ValueCharacter(c)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_that_would_be_stored_as_something_else_is_refused() {
        assert_eq!(check_cookie("lab-a b", "1"), Err(Refusal::NameCharacter(' ')));
        assert_eq!(check_cookie("lab-a=b", "1"), Err(Refusal::NameCharacter('=')));
        assert_eq!(check_cookie("lab-a", "1;2"), Err(Refusal::ValueCharacter(';')));
        assert_eq!(check_cookie("lab-a", "1\n2"), Err(Refusal::ValueCharacter('\n')));
        assert_eq!(check_cookie("", "1"), Err(Refusal::NoName));
        assert_eq!(check_cookie("__host-SESSION", "1"), Err(Refusal::Protected));
        assert_eq!(check_cookie("lab-a", "漢 = \"ok\""), Ok(()));
    }
}
