//! What the lab shows of the exchanges with an app: to whom, how much of it, and that it is nowhere else.

use super::{Process, app_proxy::Forwarded};
use crate::support::{Database, Kind};
use axum::{
    Router,
    http::header::{CACHE_CONTROL, SET_COOKIE},
    response::AppendHeaders,
    routing::any,
};
use std::fs;
use tokio::net::TcpListener;

/// As a browser opens a page.
pub const OPENS: &str = "Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\nUser-Agent: Chrome/140\r\n";
const VALUE: &str = "the-value-of-the-session";

/// The lab before an app that sets one cookie that browsers keep and one that they refuse.
async fn in_front() -> Forwarded {
    in_front_with(&[]).await
}

async fn in_front_with(options: &[&str]) -> Forwarded {
    let log_in = || async {
        let kept = format!("sid={VALUE}; Path=/; HttpOnly");
        AppendHeaders([
            (SET_COOKIE, kept),
            (SET_COOKIE, "lost=1; Domain=other.example".into()),
            (CACHE_CONTROL, "no-store".into()),
        ])
    };
    let app = Router::new().route("/log-in", any(log_in)).route("/", any(|| async { "here" }));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    Forwarded::to(&format!("http://{address}"), options).await
}

/// Logs in and opens a page with what a browser would have kept.
fn visit(forwarded: &Forwarded) {
    forwarded.get("/log-in?code=secret-code", OPENS);
    forwarded.get("/", &format!("{OPENS}Cookie: sid={VALUE}\r\n"));
}

/// Status, head and body of an answer of the lab's.
pub fn ask(lab: &Process, request: &str, fields: &str) -> (u16, String, String) {
    use std::io::{Read, Write};
    let mut stream = lab.connect();
    write!(stream, "{request} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{fields}\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), head.to_owned(), body.to_owned())
}

pub fn page(lab: &Process, path: &str) -> String {
    let (status, _, body) = ask(lab, &format!("GET {path}"), "");
    assert_eq!(status, 200, "{body}");
    body
}

#[tokio::test(flavor = "multi_thread")]
async fn each_exchange_is_shown_with_what_became_of_its_cookies() {
    let forwarded = in_front().await;
    assert!(page(&forwarded.lab, "/app").contains("Nothing has gone through yet. Open your app at"));
    visit(&forwarded);
    let shown = page(&forwarded.lab, "/app");
    let rows: Vec<_> = shown.split("<tr id=").skip(1).collect();
    assert_eq!(rows.len(), 2, "{shown}");
    assert!(rows[0].contains("#2") && rows[1].contains("#1"), "the latest first");
    for words in ["GET", "/log-in?code=…", "200", "HTTP/1.1", " ms", "UTC", "Cache-Control: ", "no-store"] {
        assert!(rows[1].contains(words), "{words} is not in {}", rows[1]);
    }
    let lines: Vec<_> = rows[1].split("<li class=\"set ").skip(1).collect();
    assert!(lines[0].starts_with("kept") && lines[0].contains("Kept.</strong> It came back with"), "{}", lines[0]);
    assert!(lines[1].starts_with("lost") && lines[1].contains("Refused."), "{}", lines[1]);
    for words in ["The Domain must be this host", "RFC 6265bis §5.7, step 10", "Set-Cookie: lost="] {
        assert!(lines[1].contains(words), "{words} is not in {}", lines[1]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn values_are_shown_when_they_are_asked_for_and_not_before() {
    let forwarded = in_front().await;
    visit(&forwarded);
    for path in ["/app", "/app?name=sid", "/app/exchanges"] {
        let masked = page(&forwarded.lab, path);
        assert!(masked.contains("sid=the-… (24 bytes)"), "{masked}");
        assert!(!masked.contains(VALUE) && !masked.contains("secret-code"), "{masked}");
    }
    let shown = page(&forwarded.lab, "/app?values=shown");
    assert!(shown.contains(VALUE) && shown.contains("code=secret-code"), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn exchanges_are_filtered_by_their_cookies() {
    let forwarded = in_front().await;
    visit(&forwarded);
    forwarded.get("/", OPENS);
    let rows = |path: &str| page(&forwarded.lab, path).matches("<tr id=").count();
    assert_eq!([rows("/app"), rows("/app?cookies=only")], [3, 2]);
    assert_eq!([rows("/app?name=LOST"), rows("/app?name=sid"), rows("/app?name=none")], [1, 2, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_page_asks_for_what_is_new_alone() {
    let forwarded = in_front().await;
    visit(&forwarded);
    let (status, head, list) = ask(&forwarded.lab, "GET /app/exchanges", "");
    assert!(status == 200 && list.contains("<tr id="), "{list}");
    let tag = head.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap();
    let again = || ask(&forwarded.lab, "GET /app/exchanges", &format!("If-None-Match: {tag}\r\n"));
    assert_eq!((again().0, again().2.as_str()), (304, ""));
    forwarded.get("/", OPENS);
    assert_eq!(again().0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_forgotten_is_gone_and_no_other_site_lets_it_be_forgotten() {
    let forwarded = in_front().await;
    visit(&forwarded);
    let forget = |fields: &str| ask(&forwarded.lab, "POST /app/forget", &format!("Content-Length: 0\r\n{fields}")).0;
    for fields in ["Origin: http://evil.example\r\n", "Sec-Fetch-Site: cross-site\r\n", "Sec-Fetch-Site: same-site\r\n"]
    {
        assert_eq!(forget(fields), 403, "{fields}");
    }
    assert_eq!(page(&forwarded.lab, "/app").matches("<tr id=").count(), 2);
    assert_eq!(forget("Origin: http://localhost\r\nSec-Fetch-Site: same-origin\r\n"), 303);
    assert_eq!(page(&forwarded.lab, "/app").matches("<tr id=").count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_other_origins_read_nothing() {
    let forwarded = in_front().await;
    visit(&forwarded);
    for site in ["cross-site", "same-site"] {
        let script = format!("Sec-Fetch-Site: {site}\r\nSec-Fetch-Mode: cors\r\n");
        for path in ["/app", "/app/exchanges", "/app?values=shown", "/app/session", "/app/session/report/json"] {
            let (status, _, body) = ask(&forwarded.lab, &format!("GET {path}"), &script);
            assert!(status == 403 && !body.contains("sid"), "{path} {site}: {body}");
        }
    }
    let (_, head, _) = ask(&forwarded.lab, "GET /app", "Origin: http://127.0.0.1:3100\r\n");
    for field in [
        "cross-origin-resource-policy: same-origin",
        "cross-origin-opener-policy: same-origin",
        "x-frame-options: DENY",
        "cache-control: no-store",
        "frame-ancestors 'none'",
    ] {
        assert!(head.contains(field), "{field} is not in\n{head}");
    }
    assert!(!head.contains("access-control-") && !head.contains("unsafe-inline"), "{head}");
}

#[tokio::test(flavor = "multi_thread")]
async fn other_machines_are_told_why_they_are_shown_nothing() {
    let forwarded = in_front().await;
    let public = in_front_with(&["--app-allow-public", "--trusted-proxy", "127.0.0.1"]).await;
    visit(&forwarded);
    visit(&public);
    let through_a_proxy = "X-Forwarded-For: 192.0.2.1\r\n";
    for (lab, fields) in [(&forwarded.lab, through_a_proxy), (&public.lab, through_a_proxy), (&public.lab, "")] {
        for path in ["/app", "/app/exchanges", "/app?values=shown", "/app/session", "/app/session/report/json"] {
            let (status, _, body) = ask(lab, &format!("GET {path}"), fields);
            assert_eq!(status, 403, "{path}");
            assert!(body.contains("shown to its own machine alone") && !body.contains("sid"), "{body}");
        }
        let (status, ..) = ask(lab, "POST /app/forget", &format!("Content-Length: 0\r\n{fields}"));
        assert_eq!(status, 403);
    }
    assert_eq!(page(&forwarded.lab, "/app").matches("<tr id=").count(), 2, "nothing was forgotten");
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_the_log_nor_the_database_has_anything_of_it() {
    let forwarded = in_front().await;
    visit(&forwarded);
    assert!(page(&forwarded.lab, "/app?values=shown&name=sid").contains(VALUE));
    let Forwarded { mut lab, database, .. } = forwarded;
    assert!(lab.terminate().success());
    let mut files = 0;
    for file in fs::read_dir(database.folder.path()).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        files += 1;
        for needle in [VALUE, "secret-code", "/log-in", "name=sid"] {
            assert!(
                !bytes.windows(needle.len()).any(|window| window == needle.as_bytes()),
                "{needle} was written down"
            );
        }
    }
    assert!(files >= 2, "the database and the log were looked at");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_app_the_page_tells_how_one_is_named() {
    let database = Database::new(Kind::Sqlite).await;
    let lab = Process::start(&database);
    assert!(page(&lab, "/app").contains("storage-lab serve --app http://localhost:8080"));
    assert_eq!(ask(&lab, "GET /app/exchanges", "").0, 404);
    assert_eq!(ask(&lab, "POST /app/forget", "Content-Length: 0\r\n").0, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_is_not_there_is_an_exchange_as_well() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let forwarded = Forwarded::to(&format!("http://{address}"), &[]).await;
    forwarded.get("/", OPENS);
    assert!(page(&forwarded.lab, "/app").contains("502"));
}
