//! A session that was just issued, and the `Set-Cookie` lines that hand its token out and take it away again.

use cookie::{Cookie, CookieBuilder, SameSite, time::Duration};
use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

/// The public half of a session token: enough to name a session, not enough to use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SessionId(pub [u8; 16]);

/// A session under a token that was just drawn. Whoever answers the request hands the token out.
#[derive(Clone, Debug)]
pub struct IssuedSession {
    /// The public half of the token.
    pub id: SessionId,
    /// The whole token, as the cookie spells it.
    pub token: SecretString,
    /// How many seconds the browser keeps the cookie. With `None` it keeps it until its own session ends, and the server alone
    /// decides how long the token is good for.
    pub max_age: Option<i64>,
}

impl IssuedSession {
    /// The `Set-Cookie` line that hands the token out in a cookie of this name.
    pub fn cookie_line(&self, name: &str) -> HeaderValue {
        let mut cookie = Cookie::build((name, self.token.expose_secret()));
        if let Some(seconds) = self.max_age {
            cookie = cookie.max_age(Duration::seconds(seconds));
        }
        line(cookie)
    }
}

/// The line that removes the cookie; it repeats the attributes, or the browser refuses it (RFC 6265bis §4.1.3.2).
pub fn removal_line(name: &str) -> HeaderValue {
    line(Cookie::build((name, "")).max_age(Duration::ZERO))
}

/// The same for a cookie of the partition that belongs to the top-level page's site (CHIPS §3.2).
pub fn removal_line_of_partitioned(name: &str) -> HeaderValue {
    line(Cookie::build((name, "")).max_age(Duration::ZERO).partitioned(true))
}

fn line(cookie: CookieBuilder<'_>) -> HeaderValue {
    let cookie = cookie.path("/").secure(true).http_only(true).same_site(SameSite::Lax).build();
    // Base64, a cookie's name and fixed attributes: always a legal header.
    let mut line = HeaderValue::try_from(cookie.to_string()).unwrap_or_else(|_| HeaderValue::from_static(""));
    line.set_sensitive(true);
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sessions::SESSION_COOKIE;

    fn issued(max_age: Option<i64>) -> HeaderValue {
        let session = IssuedSession { id: SessionId([0; 16]), token: "id.secret".into(), max_age };
        session.cookie_line(SESSION_COOKIE)
    }

    #[test]
    fn the_cookie_is_host_only_secure_and_out_of_reach_of_scripts() {
        assert_eq!(issued(None), "__Host-session=id.secret; HttpOnly; SameSite=Lax; Secure; Path=/");
    }

    #[test]
    fn a_kept_log_in_outlives_the_browser() {
        assert!(issued(Some(2_592_000)).to_str().unwrap().ends_with("; Max-Age=2592000"));
    }

    #[test]
    fn the_removal_repeats_the_attributes() {
        let gone = "__Host-session=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0";
        assert_eq!(removal_line(SESSION_COOKIE), gone);
    }

    #[test]
    fn neither_a_line_nor_a_session_shows_its_token_in_a_log() {
        let session = IssuedSession { id: SessionId([0; 16]), token: "id.secret".into(), max_age: None };
        assert!(!format!("{session:?} {:?}", session.cookie_line("lab-a")).contains("secret"));
    }
}
