//! How the session cookie is read from a request, and what an answer does about a second one.

use super::cookies;
use crate::sessions::Token;
use app::sessions::{SESSION_COOKIE, removal_line, removal_line_of_partitioned};
use axum::http::{HeaderMap, HeaderValue, header};

/// Most tokens of one request that are looked up: each costs a query.
const MOST_TOKENS: usize = 4;

/// The tokens that a request carries, in the order in which they came, four at most. A browser may keep two cookies of the
/// name, one of them `Partitioned`, and send both.
pub fn tokens_from(headers: &HeaderMap) -> Vec<Token> {
    let values = cookies::values(headers, SESSION_COOKIE).filter_map(|value| std::str::from_utf8(value).ok());
    values.filter_map(Token::parse).take(MOST_TOKENS).collect()
}

/// What the answer has to know of the request's session cookies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Carried {
    /// Whether the request carries more than one.
    pub several: bool,
    /// Whether one of them opens a session.
    pub opens: bool,
}

impl Carried {
    /// Whether a request carries more than one.
    pub fn several(headers: &HeaderMap) -> bool {
        cookies::values(headers, SESSION_COOKIE).nth(1).is_some()
    }

    /// Lets the answer remove what must not stay beside the session's one cookie: both, where there were several and none
    /// opens a session; the partitioned one, where the answer removes the other, or where it hands out a token and there
    /// were several, since what the other one opens would come before it.
    pub fn settle(self, answer: &mut HeaderMap) {
        let lines: Vec<_> = answer.get_all(header::SET_COOKIE).iter().cloned().collect();
        let is_ours = |line: &&HeaderValue| {
            line.as_bytes().strip_prefix(SESSION_COOKIE.as_bytes()).is_some_and(|rest| rest.starts_with(b"="))
        };
        let removals = match lines.iter().find(is_ours) {
            Some(line) if self.several || *line == removal_line(SESSION_COOKIE) => {
                vec![removal_line_of_partitioned(SESSION_COOKIE)]
            }
            None if self.several && !self.opens => {
                vec![removal_line_of_partitioned(SESSION_COOKIE), removal_line(SESSION_COOKIE)]
            }
            _ => return,
        };
        // Before a token that is handed out: a browser that does not know `Partitioned` takes both lines for one cookie's.
        answer.remove(header::SET_COOKIE);
        for line in removals.into_iter().chain(lines) {
            answer.append(header::SET_COOKIE, line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::sessions::IssuedSession;
    use secrecy::ExposeSecret;

    fn text(line: HeaderValue) -> String {
        line.to_str().unwrap().to_owned()
    }

    fn request(cookies: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::COOKIE, HeaderValue::try_from(cookies.as_bytes()).unwrap())])
    }

    fn found(cookies: &str) -> Vec<app::sessions::SessionId> {
        tokens_from(&request(cookies)).iter().map(|token| token.id).collect()
    }

    #[test]
    fn the_token_is_found_among_other_cookies() {
        let token = Token::random().unwrap();
        assert_eq!(found(&format!("a=1; \t__Host-session={} ; lab-x=2", token.reveal().expose_secret())), [token.id]);
    }

    #[test]
    fn two_session_cookies_are_found_in_the_order_in_which_they_came() {
        let (one, two) = (Token::random().unwrap(), Token::random().unwrap());
        let both = format!(
            "__Host-session={}; __Host-session=x; __Host-session={}",
            one.reveal().expose_secret(),
            two.reveal().expose_secret()
        );
        assert_eq!(found(&both), [one.id, two.id]);
        let many = format!("__Host-session={}; ", one.reveal().expose_secret()).repeat(50);
        assert_eq!(found(&many).len(), MOST_TOKENS);
    }

    #[test]
    fn a_name_with_another_blank_around_it_is_another_name() {
        let token = Token::random().unwrap().reveal();
        let token = token.expose_secret();
        for blank in ["\u{2000}", "\u{a0}", "\u{85}", "\u{2028}", "\u{3000}", "\u{feff}", "\u{200b}", "\""] {
            assert_eq!(found(&format!("{blank}__Host-session={token}")), [], "{blank:?}");
            assert_eq!(found(&format!("__Host-session{blank}={token}")), [], "{blank:?}");
        }
    }

    #[test]
    fn a_cookie_in_other_letters_does_not_hide_the_session() {
        let token = Token::random().unwrap();
        let mut line = format!("lab-é=漢; __Host-session={}; lab-x=", token.reveal().expose_secret()).into_bytes();
        line.push(0xff);
        let headers = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_bytes(&line).unwrap())]);
        assert_eq!(tokens_from(&headers).len(), 1);
    }

    /// The lines of an answer that had these.
    fn settled(several: bool, opens: bool, lines: &[HeaderValue]) -> Vec<String> {
        let mut answer: HeaderMap = lines.iter().map(|line| (header::SET_COOKIE, line.clone())).collect();
        Carried { several, opens }.settle(&mut answer);
        answer.get_all(header::SET_COOKIE).iter().map(|line| text(line.clone())).collect()
    }

    const GONE: &str = "__Host-session=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0";
    const PARTITIONED_GONE: &str = "__Host-session=; HttpOnly; SameSite=Lax; Partitioned; Secure; Path=/; Max-Age=0";

    #[test]
    fn several_cookies_that_open_nothing_are_removed() {
        assert_eq!(settled(true, false, &[]), [PARTITIONED_GONE, GONE]);
        assert_eq!(settled(true, true, &[]), <[&str; 0]>::default());
        // Another tab's log-in may just have overwritten the one.
        assert_eq!(settled(false, false, &[]), <[&str; 0]>::default());
    }

    #[test]
    fn logging_out_removes_a_partitioned_cookie_as_well() {
        assert_eq!(settled(false, true, &[removal_line(SESSION_COOKIE)]), [PARTITIONED_GONE, GONE]);
        assert_eq!(settled(true, false, &[removal_line(SESSION_COOKIE)]), [PARTITIONED_GONE, GONE]);
    }

    #[test]
    fn a_new_token_is_handed_out_after_the_other_cookie_is_removed() {
        let token = Token::random().unwrap();
        let new = IssuedSession { id: token.id, token: token.reveal(), max_age: None }.cookie_line(SESSION_COOKIE);
        assert_eq!(settled(true, true, std::slice::from_ref(&new)), [PARTITIONED_GONE.to_owned(), text(new.clone())]);
        assert_eq!(settled(false, true, std::slice::from_ref(&new)), [text(new)]);
        let other = HeaderValue::from_static("__Host-session2=x");
        assert_eq!(settled(false, true, std::slice::from_ref(&other)), ["__Host-session2=x"]);
    }
}
