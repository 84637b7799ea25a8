//! Every route, asked in every way that HTTP knows and some that it does not: the answers are those of RFC 9110, 9112 and 6454, and
//! every refusal has the one form, in no library's words.

use crate::support::{Answer, Kind, TestServer};
use app::PATHS;
use axum::{
    body::{Body, to_bytes},
    http::{Method, Request, Version, header, request::Builder},
};
use leptos::server_fn::axum::server_fn_paths;
use std::collections::BTreeSet;
use tower::ServiceExt;

const READ: &str = "GET, HEAD, OPTIONS";
const SENT: &str = "POST, OPTIONS";
const BOTH: &str = "GET, HEAD, POST, OPTIONS";

/// What a route does with a request's body.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// It reads the fields of a form, and nothing else.
    Form,
    /// It reads JSON, and nothing else.
    Json,
    /// It takes whatever comes.
    Anything,
    /// Every method is as good as another: there is nothing at it.
    Nothing,
}

/// A route as the router has it, the methods that it takes, and what it does with a body.
type Row = (String, &'static str, Takes);

/// Beside pages, server functions and files.
const OTHERS: [(&str, &str, Takes); 60] = [
    ("/healthz", READ, Takes::Anything),
    ("/readyz", READ, Takes::Anything),
    ("/csp-report", SENT, Takes::Anything),
    ("/account/export", BOTH, Takes::Anything),
    ("/api/whoami", READ, Takes::Anything),
    ("/app", READ, Takes::Anything),
    ("/app/exchanges", READ, Takes::Anything),
    ("/app/forget", SENT, Takes::Form),
    ("/app/observation", READ, Takes::Anything),
    ("/app/cookie", SENT, Takes::Form),
    ("/app/dock", SENT, Takes::Form),
    ("/dock.js", READ, Takes::Anything),
    ("/app/session", READ, Takes::Anything),
    ("/app/session/start", SENT, Takes::Form),
    ("/app/session/logged-in", SENT, Takes::Form),
    ("/app/session/cookies", SENT, Takes::Form),
    ("/app/session/logged-out", SENT, Takes::Form),
    ("/app/session/report/{format}", READ, Takes::Anything),
    ("/api/{*function}", "", Takes::Nothing),
    ("/lab/{*nothing}", "", Takes::Nothing),
    ("/lab/cookie", SENT, Takes::Form),
    ("/lab/clear-site-data", SENT, Takes::Form),
    ("/lab/echo", BOTH, Takes::Anything),
    ("/echo", READ, Takes::Anything),
    ("/lab/echo/{*rest}", BOTH, Takes::Anything),
    ("/lab/events", READ, Takes::Anything),
    ("/lab/wire", READ, Takes::Anything),
    ("/lab/reader", READ, Takes::Anything),
    ("/lab/embed", READ, Takes::Anything),
    ("/lab/away", READ, Takes::Anything),
    ("/lab/markers", READ, Takes::Anything),
    ("/lab/subject", SENT, Takes::Form),
    ("/lab/subject/anonymous", SENT, Takes::Form),
    ("/lab/subject/log-in", SENT, Takes::Form),
    ("/lab/subject/confirm", SENT, Takes::Form),
    ("/lab/subject/log-out", SENT, Takes::Form),
    ("/lab/subject/end-others", SENT, Takes::Form),
    ("/lab/subject/try", SENT, Takes::Form),
    ("/lab/subject/keep", SENT, Takes::Form),
    ("/lab/subject/put", SENT, Takes::Form),
    ("/lab/subject/end", SENT, Takes::Form),
    ("/lab/subject/whoami", READ, Takes::Anything),
    ("/lab/subject/rows", READ, Takes::Anything),
    ("/lab/hash", SENT, Takes::Form),
    ("/lab/seal", SENT, Takes::Form),
    ("/lab/unseal", READ, Takes::Anything),
    ("/lab/guestbook", READ, Takes::Anything),
    ("/lab/runs", SENT, Takes::Form),
    ("/lab/runs/end", SENT, Takes::Form),
    ("/lab/report", BOTH, Takes::Form),
    ("/lab/elsewhere", READ, Takes::Anything),
    ("/lab/forge", READ, Takes::Anything),
    ("/lab/transfer", BOTH, Takes::Anything),
    ("/lab/transfer/guarded", BOTH, Takes::Anything),
    ("/lab/transfers", READ, Takes::Anything),
    // The files of this build, and of another.
    ("/pkg/dev", "", Takes::Nothing),
    ("/pkg/dev/", "", Takes::Nothing),
    ("/pkg/dev/{*__private__axum_nest_tail_param}", "", Takes::Nothing),
    ("/pkg/{*file}", "", Takes::Nothing),
    ("/no-such-page", "", Takes::Nothing),
];

fn table() -> Vec<Row> {
    let others = OTHERS.into_iter().map(|(path, allow, takes)| (path.to_owned(), allow, takes));
    let pages = PATHS.iter().map(|path| ((*path).to_owned(), READ, Takes::Anything));
    let functions = server_fn_paths().map(|(path, method)| match method {
        Method::GET => (path.to_owned(), READ, Takes::Anything),
        _ if ["/api/progress/save", "/api/trial/save"].contains(&path) => (path.to_owned(), SENT, Takes::Json),
        _ => (path.to_owned(), SENT, Takes::Form),
    });
    others.chain(pages).chain(functions).collect()
}

/// An address that the route answers.
fn address(route: &str) -> String {
    let route = route.replace("{slug}", "http-forgets").replace("{*path}", "server/src/main.rs");
    route.split("{*").next().map(|start| if start == route { route.clone() } else { format!("{start}x") }).unwrap()
}

/// The server, and the client that a row's requests come from: each row has a rate of its own.
struct Asker<'a> {
    server: &'a TestServer,
    number: usize,
    cookie: Option<String>,
}

impl Asker<'_> {
    fn request(&self, method: &str, target: &str) -> Builder {
        let client = format!("198.51.{}.{}", self.number / 200, self.number % 200);
        let request = Request::builder().method(method).uri(target).header("x-forwarded-for", client);
        self.cookie.iter().fold(request, |request, cookie| request.header(header::COOKIE, cookie))
    }

    /// The usual request with these fields beside `Host`.
    async fn ask(&self, method: &str, target: &str, fields: &[(&str, &str)], body: impl Into<Body>) -> Answer {
        let request = self.request(method, target).header(header::HOST, "localhost:3000");
        let request = fields.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        self.send(request, body).await
    }

    async fn send(&self, request: Builder, body: impl Into<Body>) -> Answer {
        let request = request.body(body.into()).unwrap();
        let told = format!("{} {}", request.method(), request.uri());
        let (head, body) = self.server.router.clone().oneshot(request).await.unwrap().into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let body = String::from_utf8_lossy(&body).into_owned();
        let answer = Answer { status: head.status.as_u16(), headers: head.headers, body };
        has_the_one_form(&told, &answer);
        answer
    }
}

/// Words of the libraries beneath.
const NOT_OURS: [&str; 9] = [
    "Failed to",
    "deserialize",
    "missing field",
    "Method Not Allowed",
    "Not Found",
    "server function",
    "Cross-",
    "Cannot serve",
    "length limit",
];

/// A refusal is JSON with a code, or a page; a file that is not there has no body, since nobody reads it.
fn has_the_one_form(told: &str, answer: &Answer) {
    if answer.status < 400 || told.starts_with("HEAD ") {
        return;
    }
    for words in NOT_OURS {
        assert!(!answer.body.contains(words), "{told}: {answer:?}");
    }
    match answer.header("content-type") {
        "application/json" => {
            let refusal: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
            let code = refusal["error"].as_str().unwrap_or_default();
            assert!(
                !code.is_empty() && code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'),
                "{told}: {answer:?}"
            );
        }
        "text/html; charset=utf-8" => assert!(answer.body.contains("<h1"), "{told}: {answer:?}"),
        _ => assert!(answer.status == 404 && told.contains(" /pkg/") && answer.body.is_empty(), "{told}: {answer:?}"),
    }
}

fn code(answer: &Answer) -> String {
    let refusal: serde_json::Value = serde_json::from_str(&answer.body).unwrap_or_default();
    refusal["error"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn every_route_has_its_row() {
    let server = TestServer::on(Kind::Sqlite).await;
    let printed = server.routes.split('"').skip(1).step_by(2).filter(|text| text.starts_with('/'));
    // Whatever no route answers.
    let of_router: BTreeSet<_> = printed.filter(|path| !path.contains("axum_fallback")).collect();
    let table = table();
    let of_table: BTreeSet<_> =
        table.iter().map(|(path, ..)| path.as_str()).filter(|path| *path != "/no-such-page").collect();
    assert_eq!(of_router, of_table);
}

#[tokio::test]
async fn every_route_answers_as_http_has_it() {
    let server = TestServer::on(Kind::Sqlite).await;
    let user = server.user("Ada").await;
    for (number, (route, allow, takes)) in table().into_iter().enumerate() {
        let cookie = user.cookie.clone().filter(|_| route.starts_with("/account"));
        let asker = Asker { server: &server, number, cookie };
        let at = address(&route);
        takes_its_methods_alone(&asker, &at, allow, takes).await;
        let usual = if allow == SENT { "POST" } else { "GET" };
        follows_no_malformed_request(&asker, usual, &at, takes).await;
        if allow != READ && takes != Takes::Nothing {
            judges_bodies(&asker, &at, takes).await;
        }
    }
}

async fn takes_its_methods_alone(asker: &Asker<'_>, at: &str, allow: &str, takes: Takes) {
    let takes_method = |method: &str| allow.split(", ").any(|taken| taken == method);
    for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "TRACE"] {
        let answer = asker.ask(method, at, &[], "").await;
        match takes {
            Takes::Nothing => assert_eq!(answer.status, 404, "{method} {at}"),
            _ if takes_method(method) => assert_ne!(answer.status, 405, "{method} {at}"),
            _ => {
                assert_eq!((answer.status, answer.header("allow")), (405, allow), "{method} {at}");
                assert!(method == "HEAD" || code(&answer) == "method_not_allowed", "{method} {at}: {answer:?}");
                let page = asker.ask(method, at, &[("accept", "text/html")], "").await;
                assert_eq!(
                    (page.status, page.header("content-type")),
                    (405, "text/html; charset=utf-8"),
                    "{method} {at}"
                );
            }
        }
    }
    let options = asker.ask("OPTIONS", at, &[], "").await;
    if takes == Takes::Nothing {
        assert_eq!(options.status, 404, "{at}");
    } else {
        assert_eq!((options.status, options.header("allow"), &*options.body), (204, allow, ""), "{at}");
    }
    if takes_method("HEAD") {
        let (get, head) = (asker.ask("GET", at, &[], "").await, asker.ask("HEAD", at, &[], "").await);
        assert_eq!(get.status, head.status, "{at}");
        assert_eq!(get.header("content-type"), head.header("content-type"), "{at}");
    }
    for unknown in ["FOO", "get", "PROPFIND"] {
        let answer = asker.ask(unknown, at, &[], "").await;
        assert_eq!((answer.status, &*code(&answer)), (501, "not_implemented"), "{unknown} {at}");
    }
}

async fn follows_no_malformed_request(asker: &Asker<'_>, method: &str, at: &str, takes: Takes) {
    let twice = |name: &'static str, value: &'static str| [(name, value), (name, value)];
    for fields in [
        twice("host", "localhost:3000"),
        twice("origin", "http://localhost:3000"),
        twice("content-type", "application/x-www-form-urlencoded"),
        twice("content-length", "0"),
        twice("sec-fetch-site", "same-origin"),
        twice("referer", "http://localhost:3000/"),
    ] {
        let answer = asker.ask(method, at, &fields, "").await;
        assert_eq!((answer.status, &*code(&answer)), (400, "malformed_request"), "{fields:?} {at}");
    }
    for host in ["", "a b", "localhost:x", "localhost:65536", "user@localhost", "[::1", "localhost/x"] {
        let answer = asker.send(asker.request(method, at).header(header::HOST, host), "").await;
        assert_eq!((answer.status, &*code(&answer)), (400, "malformed_request"), "{host:?} {at}");
    }
    let nowhere = asker.send(asker.request(method, at).version(Version::HTTP_11), "").await;
    assert_eq!(nowhere.status, 400, "{at}: HTTP/1.1 without Host");
    let elsewhere = asker.send(asker.request(method, at).header(header::HOST, "evil.example"), "").await;
    let is_for_machinery = ["/healthz", "/readyz"].contains(&at);
    assert_eq!(elsewhere.status == 421, !is_for_machinery, "{at}");
    for host in ["LOCALHOST", "localhost.:3000", "[::1]:3000", "localhost:"] {
        let answer = asker.send(asker.request(method, at).header(header::HOST, host), "").await;
        assert!(![400, 421].contains(&answer.status), "{host} {at}: {answer:?}");
    }
    for (name, value, status) in [
        ("content-encoding", "gzip", 415),
        ("content-encoding", "identity, br", 415),
        ("expect", "a-miracle", 417),
        ("transfer-encoding", "gzip, chunked", 501),
    ] {
        let answer = asker.ask(method, at, &[(name, value)], "").await;
        assert_eq!(answer.status, status, "{name}: {value} {at}");
        assert_eq!(answer.header("accept-encoding"), if status == 415 { "identity" } else { "" }, "{at}");
    }
    let long = asker.ask(method, &format!("{at}?{}", "a".repeat(33_000)), &[], "").await;
    assert_eq!((long.status, &*code(&long)), (414, "uri_too_long"), "{at}");
    let large = asker.ask(method, at, &[("x-padding", &*"a".repeat(33_000))], "").await;
    assert_eq!((large.status, &*code(&large)), (431, "header_too_large"), "{at}");
    // Whatever comes of these, it has the one form.
    for target in
        [format!("{at}/"), format!("{at}//"), format!("{at}%2F"), format!("{at}?"), format!("{at}?=&&=%zz&a[]=b")]
    {
        let answer = asker.ask(method, &target, &[], "").await;
        assert!(answer.status < 500, "{target}: {answer:?}");
    }
    for (name, value) in [
        ("accept", "image/png;q=0.1"),
        ("accept", ";;q=,"),
        ("accept-encoding", "x-unknown;q=0.5, ;q=2"),
        ("range", "bytes=a-b"),
        ("if-modified-since", "yesterday"),
        ("if-none-match", "\""),
        ("cookie", "=;;= ;"),
    ] {
        let answer = asker.ask(method, at, &[(name, value)], "").await;
        assert!(answer.status < 500 && ![405, 406, 416].contains(&answer.status), "{name}: {value} {at}: {answer:?}");
    }
    let uncoded = asker.ask(method, at, &[("accept-encoding", "*;q=0")], "").await;
    assert!(uncoded.status != 406 || code(&uncoded) == "not_acceptable", "{at}: {uncoded:?}");
    if takes != Takes::Nothing && !is_for_machinery && at != "/csp-report" {
        let answer = asker.ask(method, &format!("{at}?a=%FF"), &[], "").await;
        assert_eq!((answer.status, &*code(&answer)), (422, "bad_request"), "{at}");
    }
}

async fn judges_bodies(asker: &Asker<'_>, at: &str, takes: Takes) {
    for origin in ["null", "http://evil.example", "http://localhost:3000 http://evil.example", "localhost:3000"] {
        let answer = asker.ask("POST", at, &[("origin", origin)], "").await;
        let is_open = at == "/lab/transfer";
        assert_eq!((answer.status, &*code(&answer)) == (403, "other_site"), !is_open, "{origin:?} {at}: {answer:?}");
    }
    let beyond = asker.ask("POST", at, &[], "a".repeat(300_000)).await;
    assert_eq!((beyond.status, &*code(&beyond)), (413, "too_large"), "{at}");
    for (kind, body) in [
        ("application/json; charset=utf-8", "{}"),
        ("application/x-www-form-urlencoded; charset=utf-16", "a=b"),
        ("multipart/form-data; boundary=a", "--a--"),
        ("text/plain", "a=b"),
        (";", "a=b"),
    ] {
        let answer = asker.ask("POST", at, &[("content-type", kind)], body).await;
        let read = match takes {
            Takes::Form => "application/x-www-form-urlencoded",
            Takes::Json if !kind.contains("json") => "application/json",
            _ => "",
        };
        assert_eq!(answer.header("accept"), read, "{kind} {at}: {answer:?}");
        assert_eq!(answer.status == 415, !read.is_empty(), "{kind} {at}: {answer:?}");
    }
    for body in ["", "a=b", "=", "&", "a[b]=c", "\u{0}"] {
        let kind = match takes {
            Takes::Json => "Application/JSON; charset=UTF-8",
            _ => "Application/X-WWW-Form-URLEncoded; charset=\"UTF-8\"",
        };
        let kind = ("content-type", kind);
        let answer = asker.ask("POST", at, &[kind], body).await;
        assert!(
            ![400, 405, 415].contains(&answer.status) || at.starts_with("/lab/transfer"),
            "{body:?} {at}: {answer:?}"
        );
    }
    if at != "/csp-report" {
        let answer = asker.ask("POST", at, &[], &b"a=\xff"[..]).await;
        assert_eq!((answer.status, &*code(&answer)), (422, "bad_request"), "{at}");
    }
}

#[tokio::test]
async fn a_path_in_another_spelling_leads_to_the_usual_one() {
    let server = TestServer::on(Kind::Sqlite).await;
    let asker = Asker { server: &server, number: 0, cookie: None };
    let answer = asker.ask("GET", "/%6Cogin?next=%2Faccount", &[], "").await;
    assert_eq!((answer.status, answer.location()), (308, "/login?next=%2Faccount"));
    let answer = asker.ask("GET", "/%61ccount", &[], "").await;
    assert_eq!((answer.status, answer.location()), (308, "/account"), "the guard reads it in the one spelling");
    assert_eq!(asker.ask("GET", "/%2e%2e/account", &[], "").await.status, 400);
    assert_eq!(asker.ask("GET", "//account", &[], "").await.status, 400);
    assert_eq!(asker.ask("OPTIONS", "*", &[], "").await.header("allow"), BOTH);
}
