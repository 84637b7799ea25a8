//! The dock's line in the pages of an app: where it stands, where it does not, and that nothing else changes.

use super::{
    app_proxy::Forwarded,
    app_wire::{ask, page},
};
use crate::support::{Database, Kind};
use async_compression::tokio::write::{BrotliEncoder, GzipEncoder};
use axum::{
    Router,
    body::{Body, Bytes},
    extract::RawQuery,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::any,
};
use futures::{StreamExt, stream};
use std::{
    convert::Infallible,
    io::{Read, Write},
    net::SocketAddr,
    sync::Arc,
};
use tokio::{io::AsyncWriteExt, net::TcpListener, sync::Notify};

const BEFORE: &str = "<!DOCTYPE html>\n<html lang=\"en\"><head>";
const BEHIND: &str = "<meta charset=\"utf-8\"><title>é</title></head><body><script>'<head>'</script></body></html>\n";
const HTML: (header::HeaderName, &str) = (header::CONTENT_TYPE, "text/html; charset=utf-8");
const OPENED: (&str, &str) = ("sec-fetch-dest", "document");
const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

fn whole() -> String {
    [BEFORE, BEHIND].concat()
}

async fn gzip() -> Response {
    let mut coder = GzipEncoder::new(Vec::new());
    coder.write_all(whole().as_bytes()).await.unwrap();
    coder.shutdown().await.unwrap();
    ([HTML, (header::CONTENT_ENCODING, "gzip")], coder.into_inner()).into_response()
}

async fn br() -> Response {
    let mut coder = BrotliEncoder::new(Vec::new());
    coder.write_all(whole().as_bytes()).await.unwrap();
    coder.shutdown().await.unwrap();
    ([HTML, (header::CONTENT_ENCODING, "br")], coder.into_inner()).into_response()
}

/// A page that the browser may keep: the app compares its tag as a text.
async fn kept(headers: HeaderMap) -> Response {
    let fields = [(header::ETAG, "\"of-the-app\""), (header::CONTENT_SECURITY_POLICY, "default-src 'self'")];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|tag| tag == "\"of-the-app\"") {
        return (StatusCode::NOT_MODIFIED, fields).into_response();
    }
    (fields, [HTML], whole()).into_response()
}

/// Pictures that the browser may keep, one by its tag, one by its date.
async fn picture(RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let is_known = |name, own| headers.get(name).is_some_and(|known| known == own);
    let (field, is_known) = match query.as_deref() {
        Some("dated") => ((header::LAST_MODIFIED, DATE), is_known(header::IF_MODIFIED_SINCE, DATE)),
        _ => ((header::ETAG, "\"picture\""), is_known(header::IF_NONE_MATCH, "\"picture\"")),
    };
    if is_known {
        return (StatusCode::NOT_MODIFIED, [field]).into_response();
    }
    ([field, (header::CONTENT_TYPE, "image/svg+xml")], "<svg/>").into_response()
}

/// A page where a cookie says so, else a text; both are kept by their tags.
async fn either(headers: HeaderMap) -> Response {
    let (kind, tag) = match headers.contains_key(header::COOKIE) {
        true => ("text/html", "\"page\""),
        false => ("text/plain", "\"text\""),
    };
    match headers.get(header::IF_NONE_MATCH) {
        Some(known) if known == tag => (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response(),
        _ => ([(header::ETAG, tag), (header::CONTENT_TYPE, kind)], whole()).into_response(),
    }
}

async fn part(headers: HeaderMap) -> Response {
    match headers.get(header::RANGE) {
        Some(_) => {
            (StatusCode::PARTIAL_CONTENT, [HTML, (header::CONTENT_RANGE, "bytes 0-5/9")], "<html>").into_response()
        }
        None => ([HTML], "<html>abc").into_response(),
    }
}

fn app(second_half: Arc<Notify>) -> Router {
    let halves = move || {
        let second_half = second_half.clone();
        async move {
            let first = stream::once(async { Ok::<_, Infallible>(Bytes::from(BEFORE)) });
            let second = stream::once(async move {
                second_half.notified().await;
                Ok(Bytes::from(BEHIND))
            });
            ([HTML], Body::from_stream(first.chain(second)))
        }
    };
    Router::new()
        .route("/", any(|| async { ([HTML, (header::ETAG, "\"x\"")], whole()) }))
        .route("/gzip", any(gzip))
        .route("/br", any(br))
        .route("/kept", any(kept))
        .route("/picture", any(picture))
        .route("/either", any(either))
        .route("/part", any(part))
        .route("/halves", any(halves))
        .route("/broken", any(|| async { ([HTML, (header::CONTENT_ENCODING, "gzip")], "no gzip at all") }))
        .route("/script", any(|| async { ([(header::CONTENT_TYPE, "text/javascript")], "'<html><head>'") }))
}

/// The lab before that app, at its address.
struct Docked {
    forwarded: Forwarded,
    app: SocketAddr,
    /// Lets the second half of a page come.
    second_half: Arc<Notify>,
}

/// Status, fields and body.
type Answer = (u16, HeaderMap, Vec<u8>);

impl Docked {
    async fn with(options: &[&str]) -> Self {
        let second_half = Arc::new(Notify::new());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = app(second_half.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { forwarded: Forwarded::to(&format!("http://{address}"), options).await, app: address, second_half }
    }

    /// The address of the lab, as pages name it.
    fn lab(&self) -> String {
        format!("http://127.0.0.1:{}", self.forwarded.lab.address.port())
    }

    fn with_line(&self) -> String {
        format!("{BEFORE}<script async src=\"{}/dock.js\"></script>{BEHIND}", self.lab())
    }

    fn get(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        get(&format!("http://127.0.0.1:{}{path}", self.forwarded.port), fields)
    }

    fn open(&self, path: &str) -> Answer {
        self.get(path, &[OPENED])
    }
}

fn get(url: &str, fields: &[(&str, &str)]) -> Answer {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let request = fields.iter().fold(agent.get(url), |request, (name, value)| request.header(*name, *value));
    let mut answer = request.call().unwrap();
    let body = answer.body_mut().read_to_vec().unwrap();
    (answer.status().as_u16(), answer.headers().clone(), body)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_gets_the_line_whatever_coding_it_comes_in() {
    let docked = Docked::with(&[]).await;
    for path in ["/", "/gzip", "/br"] {
        let (status, headers, body) = docked.open(path);
        assert_eq!((status, String::from_utf8_lossy(&body)), (200, docked.with_line().into()), "{path}");
        for gone in [header::CONTENT_ENCODING, header::CONTENT_LENGTH] {
            assert!(!headers.contains_key(&gone), "{path}: {headers:?}");
        }
    }
    let line = docked.with_line();
    let localhost = get(&format!("http://localhost:{}/", docked.forwarded.port), &[OPENED]).2;
    assert_eq!(String::from_utf8_lossy(&localhost), line.replace("127.0.0.1", "localhost"), "the page's own host");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_shown_while_the_app_still_sends_it() {
    let docked = Docked::with(&[]).await;
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", docked.forwarded.port)).unwrap();
    stream.set_read_timeout(Some(std::time::Duration::from_secs(30))).unwrap();
    let head = "GET /halves HTTP/1.1\r\nSec-Fetch-Dest: document\r\nConnection: close\r\n";
    write!(stream, "{head}Host: 127.0.0.1:{}\r\n\r\n", docked.forwarded.port).unwrap();
    let (mut shown, mut piece) = (Vec::new(), [0; 4_096]);
    while !String::from_utf8_lossy(&shown).contains("/dock.js\"></script>") {
        let length = stream.read(&mut piece).unwrap();
        assert_ne!(length, 0, "{}", String::from_utf8_lossy(&shown));
        shown.extend(&piece[..length]);
    }
    assert!(!String::from_utf8_lossy(&shown).contains("<title>"), "the second half is not there yet");
    docked.second_half.notify_one();
    stream.read_to_end(&mut shown).unwrap();
    assert!(String::from_utf8_lossy(&shown).contains(BEHIND));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_the_browser_keeps_is_asked_about_by_the_apps_own_tag() {
    let docked = Docked::with(&[]).await;
    let policy = format!(
        "default-src 'self'; script-src-elem 'self' {lab}/dock.js; frame-src 'self' {lab}/dock",
        lab = docked.lab()
    );
    let (status, headers, _) = docked.open("/kept");
    assert_eq!((status, headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap()), (200, policy.as_str()));
    let tag = headers[header::ETAG].to_str().unwrap().to_owned();
    assert_ne!(tag, "\"of-the-app\"", "it is another page");
    let (status, headers, body) = docked.get("/kept", &[OPENED, ("if-none-match", &tag)]);
    assert_eq!((status, body.len(), headers[header::ETAG].to_str().unwrap()), (304, 0, tag.as_str()));
    assert_eq!(headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap(), policy);
    let (status, _, body) = docked.get("/kept", &[OPENED, ("if-none-match", "\"of-the-app\"")]);
    assert_eq!((status, String::from_utf8(body).unwrap()), (200, docked.with_line()), "kept from before the dock");
    let without = docked.get("/kept", &[("sec-fetch-dest", "empty"), ("if-none-match", "\"of-the-app\"")]);
    assert_eq!(without.0, 304, "a script's request is the app's own matter");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_page_is_not_sent_again_once_the_port_has_seen_that_it_is_none() {
    let docked = Docked::with(&[]).await;
    for (path, known) in
        [("/picture", ("if-none-match", "\"picture\"")), ("/picture?dated", ("if-modified-since", DATE))]
    {
        let asked = || docked.get(path, &[OPENED, known]);
        assert_eq!(asked().0, 200, "{path}: nobody has seen yet what it is");
        let direct = get(&format!("http://{}{path}", docked.app), &[OPENED, known]);
        assert_eq!(direct.0, 304);
        assert_eq!(comparable(asked()), comparable(direct), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_becomes_a_page_has_the_line_and_its_own_conditions() {
    let docked = Docked::with(&[]).await;
    let (known, cookie) = (("if-none-match", "\"text\""), ("cookie", "a=1"));
    assert_eq!([docked.get("/either", &[OPENED, known]).0, docked.get("/either", &[OPENED, known]).0], [200, 304]);
    let (status, headers, body) = docked.get("/either", &[OPENED, known, cookie]);
    assert_eq!((status, String::from_utf8(body).unwrap()), (200, docked.with_line()));
    let tag = headers[header::ETAG].to_str().unwrap();
    assert_eq!(docked.get("/either", &[OPENED, ("if-none-match", tag), cookie]).0, 304);
    let before = docked.get("/either", &[OPENED, ("if-none-match", "\"page\""), cookie]);
    assert_eq!(
        (before.0, String::from_utf8(before.2).unwrap()),
        (200, docked.with_line()),
        "kept from before the dock"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_page_or_not_opened_stays_as_it_is() {
    let docked = Docked::with(&[]).await;
    for (path, fields) in [
        ("/", &[][..]),
        ("/", &[("sec-fetch-dest", "iframe"), ("accept", "text/html")]),
        ("/gzip", &[("sec-fetch-dest", "empty")]),
        ("/script", &[OPENED]),
        ("/part", &[OPENED, ("range", "bytes=0-5")]),
    ] {
        let (direct, through) = (get(&format!("http://{}{path}", docked.app), fields), docked.get(path, fields));
        assert_eq!(comparable(through), comparable(direct), "{path} {fields:?}");
    }
    let port = docked.forwarded.port;
    let head =
        format!("HEAD / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nSec-Fetch-Dest: document\r\nConnection: close\r\n\r\n");
    let head = String::from_utf8_lossy(&docked.forwarded.ask(&head)).into_owned();
    assert!(head.contains("etag: \"x\"\r\n") && head.ends_with("\r\n\r\n"), "{head}");
    let request = format!(
        "GET /broken HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nSec-Fetch-Dest: document\r\nConnection: close\r\n\r\n"
    );
    let broken = String::from_utf8_lossy(&docked.forwarded.ask(&request)).into_owned();
    assert!(broken.starts_with("HTTP/1.1 200") && !broken.ends_with("0\r\n\r\n"), "the body does not end: {broken}");
}

fn comparable((status, mut headers, body): Answer) -> (u16, HeaderMap, Vec<u8>) {
    headers.remove(header::DATE);
    (status, headers, body)
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_dock_pages_are_the_apps_to_the_byte() {
    let docked = Docked::with(&["--no-dock"]).await;
    for path in ["/", "/gzip", "/br", "/kept"] {
        for fields in [&[OPENED][..], &[OPENED, ("if-none-match", "\"of-the-app\"")]] {
            let (direct, through) = (get(&format!("http://{}{path}", docked.app), fields), docked.get(path, fields));
            assert_eq!(comparable(through), comparable(direct), "{path}");
        }
    }
    let shown = page(&docked.forwarded.lab, "/app");
    assert!(shown.contains("Its pages are left as they are"), "{shown}");
    assert_eq!(ask(&docked.forwarded.lab, "GET /dock.js", "").0, 200, "a page may have the line by itself");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lab_serves_the_docks_script_and_says_how_pages_load_it() {
    let docked = Docked::with(&[]).await;
    let lab = &docked.forwarded.lab;
    let (status, head, _) = ask(lab, "GET /dock.js", "Sec-Fetch-Site: same-site\r\n");
    assert_eq!(status, 200);
    for field in
        ["cross-origin-resource-policy: cross-origin", "cache-control: no-store", "content-type: text/javascript"]
    {
        assert!(head.contains(field), "{field} is not in\n{head}");
    }
    let line = format!("&lt;script async src=&quot;{}/dock.js&quot;&gt;&lt;/script&gt;", docked.lab());
    let shown = page(lab, "/app");
    assert!(shown.contains("Its pages get the dock") && shown.contains(&line), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lab_without_an_app_has_no_dock() {
    let database = Database::new(Kind::Sqlite).await;
    let lab = super::Process::start(&database);
    assert_eq!(ask(&lab, "GET /dock.js", "").0, 404);
    assert_eq!(ask(&lab, "GET /dock", "").0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_probe_tells_the_lab_what_the_browser_sends_and_the_page_nothing() {
    let docked = Docked::with(&[]).await;
    let fields = [("storage-lab-probe", "p1"), ("sec-fetch-site", "same-origin"), ("cookie", "sid=secret; b=2")];
    // A path that the app has not: it would answer 404.
    let (status, headers, body) = docked.get("/nowhere", &fields);
    assert_eq!((status, body.len(), headers.get(header::SET_COOKIE)), (204, 0, None));
    let asked = "Sec-Fetch-Site: same-origin\r\n";
    let told = ask(&docked.forwarded.lab, "GET /app/observation?probe=p1", asked);
    assert_eq!(told.0, 200);
    assert!(told.2.contains("\"sid\"") && told.2.contains("\"seen\":true") && !told.2.contains("secret"), "{}", told.2);
    let again = ask(&docked.forwarded.lab, "GET /app/observation?probe=p1", asked);
    assert!(again.2.contains("\"seen\":false"), "{}", again.2);
    let elsewhere = [("storage-lab-probe", "p2"), ("sec-fetch-site", "cross-site")];
    assert_eq!(docked.get("/nowhere", &elsewhere).0, 404, "the app's own matter");
}
