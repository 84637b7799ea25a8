//! The session cookie's lines and how it is read back.

use super::Token;
use crate::cookies;
use app::bench::SESSION_COOKIE;
use axum::http::{HeaderMap, HeaderValue, header};
use axum_extra::extract::cookie::{Cookie, SameSite};

/// Most tokens of one request that are looked up: each costs a query.
const MOST_TOKENS: usize = 4;

/// The `Set-Cookie` line that hands out a token. With `max_age` (seconds) the browser keeps it beyond its own end;
/// without, it is a session cookie and the server alone decides how long it is good for.
pub(super) fn line(token: &Token, max_age: Option<i64>) -> HeaderValue {
    let mut cookie = Cookie::build((SESSION_COOKIE, token.reveal()));
    if let Some(seconds) = max_age {
        cookie = cookie.max_age(cookie::time::Duration::seconds(seconds));
    }
    sensitive(cookie)
}

/// The line that removes the cookie; it repeats the attributes, or the browser refuses it (RFC 6265bis §4.1.3.2).
pub(super) fn removal() -> HeaderValue {
    sensitive(Cookie::build((SESSION_COOKIE, "")).max_age(cookie::time::Duration::ZERO))
}

/// The same for a cookie that is kept apart by the site whose page is open (CHIPS §3.2).
fn removal_of_partitioned() -> HeaderValue {
    sensitive(Cookie::build((SESSION_COOKIE, "")).max_age(cookie::time::Duration::ZERO).partitioned(true))
}

fn sensitive(cookie: cookie::CookieBuilder<'_>) -> HeaderValue {
    let cookie = cookie.path("/").secure(true).http_only(true).same_site(SameSite::Lax).build();
    // Base64 and fixed attributes: always a legal header.
    let mut line = HeaderValue::try_from(cookie.to_string()).unwrap_or_else(|_| HeaderValue::from_static(""));
    line.set_sensitive(true);
    line
}

/// The tokens that a request carries, in the order in which they came, four at most. There may be two cookies of the name,
/// one of them `Partitioned`: browsers keep and send both.
pub fn tokens_from(headers: &HeaderMap) -> Vec<Token> {
    let values = cookies::values(headers, SESSION_COOKIE).filter_map(|value| std::str::from_utf8(value).ok());
    values.filter_map(Token::parse).take(MOST_TOKENS).collect()
}

/// The session cookies of a request, as far as the answer must know of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Carried {
    /// Whether there is more than one.
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
            Some(line) if self.several || *line == removal() => vec![removal_of_partitioned()],
            None if self.several && !self.opens => vec![removal_of_partitioned(), removal()],
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

    fn text(line: HeaderValue) -> String {
        line.to_str().unwrap().to_owned()
    }

    fn request(cookies: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::COOKIE, HeaderValue::try_from(cookies.as_bytes()).unwrap())])
    }

    #[test]
    fn the_cookie_is_host_only_secure_and_out_of_reach_of_scripts() {
        let token = Token::random().unwrap();
        let expected = format!("__Host-session={}; HttpOnly; SameSite=Lax; Secure; Path=/", token.reveal());
        assert_eq!(text(line(&token, None)), expected);
    }

    #[test]
    fn a_kept_log_in_outlives_the_browser() {
        let token = Token::random().unwrap();
        assert!(text(line(&token, Some(2_592_000))).ends_with("; Max-Age=2592000"));
    }

    #[test]
    fn the_removal_repeats_the_attributes() {
        assert_eq!(text(removal()), "__Host-session=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0");
    }

    fn found(cookies: &str) -> Vec<app::services::SessionId> {
        tokens_from(&request(cookies)).iter().map(|token| token.id).collect()
    }

    #[test]
    fn the_token_is_found_among_other_cookies() {
        let token = Token::random().unwrap();
        assert_eq!(found(&format!("a=1; \t__Host-session={} ; lab-x=2", token.reveal())), [token.id]);
    }

    #[test]
    fn two_session_cookies_are_found_in_the_order_in_which_they_came() {
        let (one, two) = (Token::random().unwrap(), Token::random().unwrap());
        let both = format!("__Host-session={}; __Host-session=x; __Host-session={}", one.reveal(), two.reveal());
        assert_eq!(found(&both), [one.id, two.id]);
        let many = format!("__Host-session={}; ", one.reveal()).repeat(50);
        assert_eq!(found(&many).len(), MOST_TOKENS);
    }

    #[test]
    fn a_name_with_another_blank_around_it_is_another_name() {
        let token = Token::random().unwrap().reveal();
        for blank in ["\u{2000}", "\u{a0}", "\u{85}", "\u{2028}", "\u{3000}", "\u{feff}", "\u{200b}", "\""] {
            assert_eq!(found(&format!("{blank}__Host-session={token}")), [], "{blank:?}");
            assert_eq!(found(&format!("__Host-session{blank}={token}")), [], "{blank:?}");
        }
    }

    #[test]
    fn a_cookie_in_other_letters_does_not_hide_the_session() {
        let token = Token::random().unwrap();
        let mut line = format!("lab-é=漢; __Host-session={}; lab-x=", token.reveal()).into_bytes();
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
        assert_eq!(settled(false, true, &[removal()]), [PARTITIONED_GONE, GONE]);
        assert_eq!(settled(true, false, &[removal()]), [PARTITIONED_GONE, GONE]);
    }

    #[test]
    fn a_new_token_is_handed_out_after_the_other_cookie_is_removed() {
        let new = line(&Token::random().unwrap(), None);
        assert_eq!(settled(true, true, std::slice::from_ref(&new)), [PARTITIONED_GONE.to_owned(), text(new.clone())]);
        assert_eq!(settled(false, true, std::slice::from_ref(&new)), [text(new)]);
        let other = HeaderValue::from_static("__Host-session2=x");
        assert_eq!(settled(false, true, std::slice::from_ref(&other)), ["__Host-session2=x"]);
    }
}
