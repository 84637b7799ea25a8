//! Which answers get the line, and what of their heads changes with it.

use super::{
    Dock, PAGE, SCRIPT,
    body::WithLine,
    coding::Coding,
    line,
    policy::{Allowed, allow},
    stays::Place,
    tag::Mark,
};
use crate::{
    app_proxy::origin::Origin,
    http::is_document,
    ids::{random, write_id},
};
use axum::{
    body::Body,
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
        header::{
            ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG,
            LAST_MODIFIED, VARY,
        },
        request, response,
    },
};

const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");
const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
/// Of the body as the app sent it: its length, its parts and its digests (RFC 9530).
const OF_THE_BODY: [HeaderName; 6] = [
    CONTENT_LENGTH,
    ACCEPT_RANGES,
    HeaderName::from_static("content-md5"),
    HeaderName::from_static("digest"),
    HeaderName::from_static("content-digest"),
    HeaderName::from_static("repr-digest"),
];
/// The names of UTF-16 in `Content-Type` (Encoding §4.2).
const UTF_16: [&str; 9] = [
    "utf-16",
    "utf-16be",
    "utf-16le",
    "ucs-2",
    "iso-10646-ucs-2",
    "unicode",
    "unicodefeff",
    "unicodefffe",
    "csunicode",
];

/// A request for a page: its answer may get the line.
pub(in crate::app_proxy) struct Asked {
    /// The origin of the lab, at the host that the page is at.
    lab: String,
    mark: Mark,
    /// Where a GET asked.
    place: Option<Place>,
    /// Whether the browser has the page with this line.
    is_known: bool,
    /// The fields that told that it is a page.
    told_by: &'static str,
}

impl Dock {
    /// A request for a page that a window shows, as the browser sent it; `own` is the origin that it asked. Its conditions become the
    /// app's.
    pub(in crate::app_proxy) fn asked(&self, head: &mut request::Parts, own: &Origin) -> Option<Asked> {
        let is_navigation = head.headers.get(SEC_FETCH_MODE).is_some_and(|mode| mode == "navigate");
        let (is_page, told_by) = match head.headers.get(SEC_FETCH_DEST) {
            // A service worker passes it on, of a window or of a frame: the script does nothing in a frame.
            Some(what) if what == "empty" && is_navigation => {
                (head.method != Method::HEAD, "Sec-Fetch-Dest, Sec-Fetch-Mode")
            }
            Some(what) => (what == "document" && head.method != Method::HEAD, "Sec-Fetch-Dest"),
            // Old browsers do not say it, and none does to plain HTTP beyond this machine (Fetch Metadata §2.1).
            None => (head.method == Method::GET && is_document(&head.headers), "Sec-Fetch-Dest, Accept"),
        };
        let lab = self.beside(own.host()).filter(|_| is_page && self.is_added)?;
        let mark = Mark::new(self.lab);
        let address = head.uri.path_and_query().filter(|_| head.method == Method::GET);
        let place = address.map(|address| self.stays.at(address.as_str()));
        let is_known = mark.take_off(&mut head.headers, place.as_ref().is_some_and(Place::is_known));
        Some(Asked { lab, mark, place, is_known, told_by })
    }
}

impl Asked {
    /// The body of the answer as the browser gets it, whose head changes with it.
    pub fn answered(self, head: &mut response::Parts, body: Body) -> Body {
        let is_unchanged = head.status == StatusCode::NOT_MODIFIED && self.is_known;
        let (script, frame) = (format!("{}{SCRIPT}", self.lab), format!("{}{PAGE}", self.lab));
        let nonce = || random().ok().map(write_id);
        let docked = || Some((Coding::of(&head.headers)?, allow(&head.headers, &script, &frame, nonce)?));
        let docked = (is_unchanged || is_page(head)).then(docked).flatten();
        // A redirect, a part, an error or a 304 does not tell what there is.
        if let Some(place) = self.place.filter(|_| head.status.is_success() && has_page(head.status)) {
            place.note(docked.is_none());
        }
        let Some((coding, Allowed { lines, nonce, is_fresh })) = docked else { return body };
        // The page that the browser has would not know the nonce.
        if is_unchanged && is_fresh {
            return body;
        }
        let headers = &mut head.headers;
        for (name, values) in lines {
            headers.remove(&name);
            for value in values {
                headers.append(&name, value);
            }
        }
        if is_fresh {
            // A later 304 would bring another nonce to the page that the browser has.
            headers.remove(ETAG);
            headers.remove(LAST_MODIFIED);
        } else {
            self.mark.put_on(headers);
        }
        if is_unchanged {
            return body;
        }
        // A script that fetches the same address gets the page without the line.
        headers.append(VARY, HeaderValue::from_static(self.told_by));
        for name in OF_THE_BODY.into_iter().chain([CONTENT_ENCODING]) {
            headers.remove(name);
        }
        Body::new(WithLine::new(coding.decode(body), line(&self.lab, nonce.as_deref())))
    }
}

/// Whether a window shows the body of an answer with this status, all of it.
fn has_page(status: StatusCode) -> bool {
    !status.is_informational()
        && !status.is_redirection()
        && ![StatusCode::NO_CONTENT, StatusCode::RESET_CONTENT, StatusCode::PARTIAL_CONTENT].contains(&status)
}

/// Whether an answer is a page that a window shows, and may be changed.
fn is_page(head: &response::Parts) -> bool {
    has_page(head.status) && is_html(&head.headers) && !is_saved(&head.headers) && !is_to_stay(&head.headers)
}

/// `text/html`, in a coding whose first half is ASCII.
fn is_html(headers: &HeaderMap) -> bool {
    let mut lines = headers.get_all(CONTENT_TYPE).iter();
    let (Some(line), None) = (lines.next(), lines.next()) else { return false };
    let Ok(line) = line.to_str() else { return false };
    let mut parts = line.split(';').map(str::trim);
    let is_html = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("text/html"));
    let charset = parts.filter_map(|part| part.split_once('=')).find(|(name, _)| name.eq_ignore_ascii_case("charset"));
    let is_utf_16 = |name: &str| UTF_16.iter().any(|known| name.trim_matches('"').eq_ignore_ascii_case(known));
    is_html && !charset.is_some_and(|(_, name)| is_utf_16(name))
}

/// Whether it becomes a file: whatever is not `inline` does (RFC 6266 §4.2).
fn is_saved(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_DISPOSITION).map(|value| String::from_utf8_lossy(value.as_bytes()));
    kind.is_some_and(|kind| !kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("inline"))
}

/// Whether the app forbids changes (RFC 9111 §5.2.2.6).
fn is_to_stay(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(CACHE_CONTROL).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|directive| directive.trim().eq_ignore_ascii_case("no-transform"))
}

#[cfg(test)]
mod tests {
    use super::{super::Stays, *};
    use axum::{
        body::to_bytes,
        extract::Request,
        http::{
            header::{CONTENT_SECURITY_POLICY, IF_NONE_MATCH},
            uri::Scheme,
        },
        response::Response,
    };
    use rstest::rstest;

    const LINE: &str = "<script async src=\"http://127.0.0.1:3000/dock.js\"></script>";
    const OPENED: (&str, &str) = ("sec-fetch-dest", "document");
    const HTML: (&str, &str) = ("content-type", "text/html; charset=utf-8");

    fn dock() -> Dock {
        let app = Origin::read("http://localhost:8080").unwrap();
        Dock {
            app,
            scheme: Scheme::HTTP,
            port: ([127, 0, 0, 1], 3100).into(),
            lab: 3000,
            is_added: true,
            stays: Stays::default(),
        }
    }

    fn asked_at(own: &str, method: &str, fields: &[(&str, &str)]) -> Option<Asked> {
        let request = fields
            .iter()
            .fold(Request::builder().method(method), |request, (name, value)| request.header(*name, *value));
        let (mut head, ()) = request.body(()).unwrap().into_parts();
        dock().asked(&mut head, &Origin::read(own).unwrap())
    }

    fn asked(method: &str, fields: &[(&str, &str)]) -> Option<Asked> {
        asked_at("http://127.0.0.1:3100", method, fields)
    }

    async fn answered(asked: Asked, status: u16, fields: &[(&str, &str)], body: &'static str) -> (HeaderMap, String) {
        let mut answer = Response::builder().status(status);
        for (name, value) in fields {
            answer = answer.header(*name, *value);
        }
        let (mut head, body) = answer.body(Body::from(body)).unwrap().into_parts();
        let body = asked.answered(&mut head, body);
        let body = to_bytes(body, usize::MAX).await.unwrap();
        (head.headers, String::from_utf8(body.to_vec()).unwrap())
    }

    #[rstest]
    #[case("GET", &[OPENED], true)]
    #[case("POST", &[OPENED], true)]
    #[case("HEAD", &[OPENED], false)]
    #[case("GET", &[("sec-fetch-dest", "iframe"), ("accept", "text/html")], false)]
    #[case("GET", &[("sec-fetch-dest", "empty")], false)]
    #[case("GET", &[("sec-fetch-dest", "empty"), ("sec-fetch-mode", "cors"), ("accept", "text/html")], false)]
    #[case::passed_on_by_a_service_worker("GET", &[("sec-fetch-dest", "empty"), ("sec-fetch-mode", "navigate")], true)]
    #[case("HEAD", &[("sec-fetch-dest", "empty"), ("sec-fetch-mode", "navigate")], false)]
    #[case("GET", &[("sec-fetch-dest", "iframe"), ("sec-fetch-mode", "navigate")], false)]
    #[case("GET", &[("accept", "text/html,*/*;q=0.8")], true)]
    #[case("POST", &[("accept", "text/html")], false)]
    #[case("HEAD", &[("accept", "text/html")], false)]
    #[case("GET", &[("accept", "*/*")], false)]
    #[case("GET", &[], false)]
    fn the_line_is_for_pages_that_a_window_shows(
        #[case] method: &str,
        #[case] fields: &[(&str, &str)],
        #[case] expected: bool,
    ) {
        assert_eq!(asked(method, fields).is_some(), expected);
        assert!(asked_at("http://[::1]:3100", method, fields).is_none(), "which no policy can name");
    }

    #[rstest]
    #[case::found(200, &[HTML], true)]
    #[case::an_error(404, &[HTML], true)]
    #[case::in_capitals(200, &[("content-type", "Text/HTML;Charset=\"UTF-8\"")], true)]
    #[case::shown_in_the_window(200, &[HTML, ("content-disposition", "inline; filename=a")], true)]
    #[case::other_directives(200, &[HTML, ("cache-control", "no-store, max-age=0")], true)]
    #[case::another_type(200, &[("content-type", "application/xhtml+xml")], false)]
    #[case::plain_text(200, &[("content-type", "text/plain")], false)]
    #[case::no_type(200, &[], false)]
    #[case::two_types(200, &[HTML, ("content-type", "text/plain")], false)]
    #[case::in_utf_16(200, &[("content-type", "text/html; charset=\"UTF-16LE\"")], false)]
    #[case::a_file(200, &[HTML, ("content-disposition", "Attachment; filename=a.html")], false)]
    #[case::not_to_be_changed(200, &[HTML, ("cache-control", "no-store"), ("cache-control", "private, No-Transform")], false)]
    #[case::in_an_unknown_coding(200, &[HTML, ("content-encoding", "dcb")], false)]
    #[case::in_a_sandbox(200, &[HTML, ("content-security-policy", "sandbox")], false)]
    #[case::a_part(206, &[HTML], false)]
    #[case::a_redirect(302, &[HTML, ("location", "/a")], false)]
    #[case::not_modified(304, &[HTML], false)]
    #[tokio::test]
    async fn an_answer_that_is_no_page_to_be_changed_stays_as_it_is(
        #[case] status: u16,
        #[case] fields: &[(&str, &str)],
        #[case] expected: bool,
    ) {
        let fields = [fields, &[("content-length", "7"), ("etag", "\"x\""), ("x-own", "1")]].concat();
        let (headers, body) = answered(asked("GET", &[OPENED]).unwrap(), status, &fields, "<html>a").await;
        if expected {
            assert_eq!(body, format!("<html>{LINE}a"));
            assert!(!headers.contains_key(CONTENT_LENGTH) && headers["x-own"] == "1", "{headers:?}");
            assert_eq!(
                (&headers[VARY], &headers[ETAG]),
                (&"Sec-Fetch-Dest".parse().unwrap(), &"W/\"x.dock-3000-strong\"".parse().unwrap())
            );
        } else {
            let mut unchanged = HeaderMap::new();
            for (name, value) in fields {
                unchanged.append(name.parse::<HeaderName>().unwrap(), value.parse().unwrap());
            }
            assert_eq!((body.as_str(), headers), ("<html>a", unchanged));
        }
    }

    #[tokio::test]
    async fn what_is_about_the_body_as_the_app_sent_it_goes() {
        let fields =
            [HTML, ("accept-ranges", "bytes"), ("content-digest", "a"), ("repr-digest", "b"), ("vary", "Cookie")];
        let asked = asked("GET", &[("accept", "text/html")]).unwrap();
        let (headers, _) = answered(asked, 200, &fields, "a").await;
        assert_eq!(headers.len(), 3, "{headers:?}");
        let vary: Vec<_> = headers.get_all(VARY).iter().collect();
        assert_eq!(vary, ["Cookie", "Sec-Fetch-Dest, Accept"]);
        let passed_on = [("sec-fetch-dest", "empty"), ("sec-fetch-mode", "navigate")];
        let (headers, _) = answered(self::asked("GET", &passed_on).unwrap(), 200, &[HTML], "a").await;
        assert_eq!(headers[VARY], "Sec-Fetch-Dest, Sec-Fetch-Mode");
    }

    #[tokio::test]
    async fn a_policy_and_the_line_agree_on_a_nonce() {
        let policy = |policy| [HTML, ("content-security-policy", policy), ("etag", "\"x\""), ("last-modified", "a")];
        let dynamic = policy("script-src 'strict-dynamic' 'nonce-abc'");
        let (headers, body) = answered(asked("GET", &[OPENED]).unwrap(), 200, &dynamic, "").await;
        assert_eq!(body, LINE.replace("></", " nonce=\"abc\"></"));
        assert!(headers.contains_key(ETAG));
        let mut drawn = Vec::new();
        for _ in 0..2 {
            let hashes = policy("script-src 'strict-dynamic' 'sha256-x'");
            let (headers, body) = answered(asked("GET", &[OPENED]).unwrap(), 200, &hashes, "").await;
            let nonce = body.split("nonce=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
            let policy = headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
            assert!(nonce.len() > 20 && policy.contains(&format!(" 'nonce-{nonce}'")), "{policy}");
            assert!(!headers.contains_key(ETAG) && !headers.contains_key(LAST_MODIFIED), "{headers:?}");
            drawn.push(nonce);
        }
        assert_ne!(drawn[0], drawn[1]);
    }

    #[tokio::test]
    async fn an_answer_that_a_page_is_unchanged_is_about_the_page_with_the_line() {
        let known = asked("GET", &[OPENED, ("if-none-match", "W/\"x.dock-3000-strong\"")]).unwrap();
        let fields = [("etag", "\"x\""), ("content-security-policy", "script-src 'self'")];
        let (headers, body) = answered(known, 304, &fields, "").await;
        assert_eq!((headers[ETAG].to_str().unwrap(), body.as_str()), ("W/\"x.dock-3000-strong\"", ""));
        assert_eq!(
            headers[CONTENT_SECURITY_POLICY],
            "script-src 'self'; script-src-elem 'self' http://127.0.0.1:3000/dock.js"
        );
    }

    #[test]
    fn the_app_is_asked_by_its_own_tag() {
        let request = Request::get("/").header("sec-fetch-dest", "document");
        let request = request.header(IF_NONE_MATCH, "W/\"x.dock-3000-strong\"");
        let (mut head, ()) = request.body(()).unwrap().into_parts();
        let own = Origin::read("http://127.0.0.1:3100").unwrap();
        assert!(Dock { is_added: false, ..dock() }.asked(&mut head, &own).is_none());
        assert_eq!(head.headers[IF_NONE_MATCH], "W/\"x.dock-3000-strong\"");
        assert!(dock().asked(&mut head, &own).is_some_and(|asked| asked.is_known));
        assert_eq!(head.headers[IF_NONE_MATCH], "\"x\"");
    }
}
