//! One request of a check, and its answer.

use axum::{
    body::Bytes,
    http::{HeaderMap, Method, StatusCode, header},
};
use cookie::Cookie;
use std::borrow::Cow;
use url::Url;

/// Cookies by names and values.
pub(super) type Cookies = Vec<(String, String)>;

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// A stranger asks for the page.
    FirstVisit,
    LogIn,
    /// The page is asked for after the log-in.
    Member,
    /// The page is asked for with some of the cookies, to find those that carry the session.
    Search,
    /// The page is asked for with an identifier that was there before the log-in.
    Planted,
    LogOut,
    /// The page is asked for after the log-out.
    Left,
    /// The page is asked for with the cookies from before the log-out.
    Replay,
    /// The page is asked for after a time without requests.
    Idle,
}

impl Stage {
    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::FirstVisit => "first visit",
            Self::LogIn => "log-in",
            Self::Member => "logged in",
            Self::Search => "with some of the cookies",
            Self::Planted => "with the identifier from before",
            Self::LogOut => "log-out",
            Self::Left => "logged out",
            Self::Replay => "with the cookies from before the log-out",
            Self::Idle => "after a time without requests",
        }
    }
}

/// The address of a target, path and query, of an app: `//host/path` and `/\\host` name no host here.
pub(super) fn at(app: &Url, target: &str) -> Url {
    let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
    let mut url = app.clone();
    url.set_path(path);
    url.set_query(query);
    url
}

/// A request and its answer.
#[derive(Clone, Debug)]
pub struct Exchange {
    pub stage: Stage,
    pub method: Method,
    pub url: Url,
    /// The cookies that the request carried: names and values.
    pub carried: Vec<(String, String)>,
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// The beginning of the answer's body.
    pub body: Bytes,
}

impl Exchange {
    /// Where the answer leads to.
    pub fn location(&self) -> Option<Url> {
        let location = self.headers.get(header::LOCATION)?.to_str().ok()?;
        self.status.is_redirection().then(|| self.url.join(location).ok())?
    }

    /// The cookies that the answer sets.
    pub fn set_cookies(&self) -> Vec<Cookie<'static>> {
        let lines = self.headers.get_all(header::SET_COOKIE).iter();
        lines.filter_map(|line| Cookie::parse(String::from_utf8_lossy(line.as_bytes()).into_owned()).ok()).collect()
    }

    /// The cookie of this name that the answer sets.
    pub fn set_cookie(&self, name: &str) -> Option<Cookie<'static>> {
        self.set_cookies().into_iter().rfind(|cookie| cookie.name() == name)
    }

    /// A header field's lines, joined.
    pub fn field(&self, name: &header::HeaderName) -> String {
        let lines = self.headers.get_all(name).iter();
        lines.map(|line| String::from_utf8_lossy(line.as_bytes())).collect::<Vec<_>>().join(", ")
    }

    /// The beginning of the body, as text.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_names_no_other_host() {
        let app = Url::parse("http://localhost:8080").unwrap();
        for (target, expected) in [
            ("/a?b=/c", "http://localhost:8080/a?b=/c"),
            ("//evil.example/a", "http://localhost:8080//evil.example/a"),
            ("/\\evil.example/a", "http://localhost:8080//evil.example/a"),
            ("@evil.example", "http://localhost:8080/@evil.example"),
        ] {
            assert_eq!(at(&app, target).as_str(), expected);
        }
    }
}
