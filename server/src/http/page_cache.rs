//! Keeps the pages of visitors without cookies for a second. Such a page is the same for everybody who asks for it in the same
//! words, so that a crowd of first visitors costs one rendering and one compression a second.

use super::{
    address::{Channel, Client},
    refusal,
};
use app::{AppError, is_same_for_strangers};
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use moka::{policy::EvictionPolicy, sync::Cache};
use std::time::Duration;

/// How long a page is kept: what it tells the browser of the server's clock is no older than this.
const KEPT_FOR: Duration = Duration::from_secs(1);
/// Bytes that all kept pages may take together.
const MEMORY: u64 = 8 * 1024 * 1024;

/// The kept pages; clones share them.
#[derive(Clone)]
pub(super) struct PageCache(Cache<Asked, Kept>);

/// All that such a page depends on.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Asked {
    path: String,
    host: Option<HeaderValue>,
    channel: Channel,
    /// All lines of it, since all of them choose how the page is compressed.
    encodings: Vec<HeaderValue>,
}

/// The page as it was answered.
#[derive(Clone)]
struct Kept {
    headers: HeaderMap,
    body: Bytes,
}

impl Default for PageCache {
    fn default() -> Self {
        let weight = |asked: &Asked, kept: &Kept| {
            let lines = asked.host.iter().chain(&asked.encodings).map(HeaderValue::len).sum::<usize>();
            u32::try_from(asked.path.len() + lines + kept.body.len()).unwrap_or(u32::MAX)
        };
        let pages = Cache::builder().max_capacity(MEMORY).weigher(weight).eviction_policy(EvictionPolicy::lru());
        Self(pages.time_to_live(KEPT_FOR).build())
    }
}

impl Asked {
    /// `None` for a request whose answer is for the one who asks.
    fn of(request: &Request) -> Option<Self> {
        let (headers, uri) = (request.headers(), request.uri());
        let is_strangers = !headers.contains_key(header::COOKIE) && uri.query().is_none();
        // HTTP/2 has the host in the target.
        let host = || HeaderValue::try_from(uri.authority()?.as_str()).ok();
        let client = request.extensions().get::<Client>().copied().unwrap_or_default();
        (is_strangers && *request.method() == Method::GET && is_same_for_strangers(uri.path())).then(|| Self {
            path: uri.path().to_owned(),
            host: headers.get(header::HOST).cloned().or_else(host),
            channel: client.channel,
            encodings: headers.get_all(header::ACCEPT_ENCODING).iter().cloned().collect(),
        })
    }
}

/// Answers with the kept page where there is one, and keeps what is answered otherwise.
pub(super) async fn keep(State(PageCache(pages)): State<PageCache>, request: Request, next: Next) -> Response {
    let Some(asked) = Asked::of(&request) else { return next.run(request).await };
    if let Some(Kept { headers, body }) = pages.get(&asked) {
        return (headers, body).into_response();
    }
    let answer = next.run(request).await;
    if answer.status() != StatusCode::OK || answer.headers().contains_key(header::SET_COOKIE) {
        return answer;
    }
    let (head, body) = answer.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else { return refusal(AppError::Internal) };
    pages.insert(asked, Kept { headers: head.headers.clone(), body: body.clone() });
    Response::from_parts(head, Body::from(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(target: &str, lines: &[(&str, &str)]) -> Option<Asked> {
        let request = lines.iter().fold(Request::get(target), |request, (name, value)| request.header(*name, *value));
        Asked::of(&request.body(Body::empty()).unwrap())
    }

    #[test]
    fn a_page_is_kept_for_those_who_ask_in_the_same_words() {
        let line = ("accept-encoding", "gzip");
        let first = asked("/", &[("host", "localhost"), line, ("user-agent", "a")]);
        assert!(first.is_some() && first == asked("/", &[("host", "localhost"), line, ("user-agent", "b")]));
        for (other, why) in [
            (asked("/login", &[("host", "localhost"), line]), "another page"),
            (asked("/", &[("host", "lab.example"), line]), "another host"),
            (asked("/", &[("host", "localhost"), ("accept-encoding", "br")]), "another encoding"),
            (asked("/", &[("host", "localhost"), line, ("accept-encoding", "br")]), "a further encoding"),
            (asked("http://lab.example/", &[line]), "another host in the target"),
        ] {
            assert!(other.is_some() && other != first, "{why}");
        }
        for (target, lines, why) in [
            ("/", [("cookie", "a=b")], "whoever has a cookie"),
            ("/", [("cookie", "")], "even an empty one"),
            ("/login?next=/account", [line], "an address with a query"),
            ("/atlas", [line], "what the database holds"),
            ("/account", [line], "whose it is"),
            ("/nothing", [line], "no page"),
        ] {
            assert!(asked(target, &lines).is_none(), "{why}");
        }
    }
}
