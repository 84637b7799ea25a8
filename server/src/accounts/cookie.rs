//! The session cookie's lines and how it is read back.

use super::Token;
use app::bench::SESSION_COOKIE;
use axum::http::{HeaderMap, HeaderValue, header};
use axum_extra::extract::cookie::{Cookie, SameSite};

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

fn sensitive(cookie: cookie::CookieBuilder<'_>) -> HeaderValue {
    let cookie = cookie.path("/").secure(true).http_only(true).same_site(SameSite::Lax).build();
    // Base64 and fixed attributes: always a legal header.
    let mut line = HeaderValue::try_from(cookie.to_string()).unwrap_or_else(|_| HeaderValue::from_static(""));
    line.set_sensitive(true);
    line
}

/// The token that a request carries. Two session cookies in one request are nobody's: a `__Host-` cookie is unique in
/// a browser, so the second one was planted.
pub fn token_from(headers: &HeaderMap) -> Option<Token> {
    // Other cookies may hold any bytes; they must not hide this one.
    let pairs = headers.get_all(header::COOKIE).iter().flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
    let pairs = pairs.filter_map(|pair| Cookie::parse(std::str::from_utf8(pair).ok()?).ok());
    let mut session_cookies = pairs.filter(|cookie| cookie.name() == SESSION_COOKIE);
    match (session_cookies.next(), session_cookies.next()) {
        (Some(cookie), None) => Token::parse(cookie.value()),
        _ => None,
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

    #[test]
    fn the_token_is_found_among_other_cookies() {
        let token = Token::random().unwrap();
        let found = token_from(&request(&format!("a=1; __Host-session={}; lab-x=2", token.reveal()))).unwrap();
        assert_eq!(found.id, token.id);
    }

    #[test]
    fn two_session_cookies_are_nobodys() {
        let (one, two) = (Token::random().unwrap(), Token::random().unwrap());
        let both = format!("__Host-session={}; __Host-session={}", one.reveal(), two.reveal());
        assert!(token_from(&request(&both)).is_none());
    }

    #[test]
    fn a_cookie_in_other_letters_does_not_hide_the_session() {
        let token = Token::random().unwrap();
        let mut line = format!("lab-é=漢; __Host-session={}; lab-x=", token.reveal()).into_bytes();
        line.push(0xff);
        let headers = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_bytes(&line).unwrap())]);
        assert!(token_from(&headers).is_some());
    }
}
