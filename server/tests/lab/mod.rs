//! The lab's endpoints over HTTP: what they set, show, tell and record, and what they never do.

mod cookie;
mod echo;
mod events;
pub mod wire;

use crate::support::{Kind, TestServer};
use axum::{body::Body, http::Method};
use rstest::rstest;

#[rstest]
#[case("kind=cookies", "\"cookies\"")]
#[case("kind=storage&kind=cookies&kind=storage", "\"storage\", \"cookies\"")]
#[case("kind=cache&x=y", "\"cache\"")]
#[case("kind=*", "\"*\"")]
#[case("kind=%2A", "\"*\"")]
#[tokio::test]
async fn the_browser_is_asked_to_forget_what_was_ticked(#[case] form: &'static str, #[case] expected: &str) {
    let server = TestServer::on(Kind::Sqlite).await;
    let answer = server.visitor().send(Method::POST, "/lab/clear-site-data", Body::from(form)).await;
    assert_eq!((answer.status, answer.header("clear-site-data")), (204, expected));
}

#[rstest]
#[case("")]
#[case("kind=")]
#[case("kind=executionContexts")]
#[case("kind=cookies&kind=%22")]
#[tokio::test]
async fn nothing_is_forgotten_for_a_form_that_ticks_nothing_or_something_else(#[case] form: &'static str) {
    let server = TestServer::on(Kind::Sqlite).await;
    let answer = server.visitor().send(Method::POST, "/lab/clear-site-data", Body::from(form)).await;
    assert_eq!((answer.status, answer.headers.contains_key("clear-site-data")), (422, false));
}

#[rstest]
#[case(Method::GET, "/lab/echo")]
#[case(Method::POST, "/lab/cookie")]
#[case(Method::POST, "/lab/clear-site-data")]
#[case(Method::GET, "/lab/events")]
#[case(Method::GET, "/lab/wire")]
#[case(Method::POST, "/lab/subject")]
#[case(Method::GET, "/lab/subject/rows?subject=x")]
#[case(Method::GET, "/lab/transfers?run=a1")]
#[case(Method::GET, "/lab/report?run=a1")]
#[tokio::test]
async fn no_answer_of_the_lab_is_ever_stored_or_read_by_another_site(#[case] method: Method, #[case] path: &str) {
    let server = TestServer::on(Kind::Sqlite).await;
    let answer = server.visitor().with("origin", "http://localhost:3000").send(method, path, Body::empty()).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
    assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("access-control-")));
}

#[rstest]
#[case("/lab/cookie", "line", "lab-a=1")]
#[case("/lab/clear-site-data", "kind", "*")]
#[case("/lab/echo", "x", "y")]
#[case("/lab/subject", "username", "")]
#[case("/lab/subject/log-in", "subject", "x")]
#[case("/lab/hash", "password", "x")]
#[case("/lab/seal", "name", "lab-x")]
#[tokio::test]
async fn another_site_cannot_use_the_lab(#[case] path: &str, #[case] name: &str, #[case] value: &str) {
    let server = TestServer::on(Kind::Sqlite).await;
    for (header, origin) in
        [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "http://127.0.0.1:3000")]
    {
        let answer = server.visitor().with(header, origin).post(path, &[(name, value)]).await;
        let effects = ["set-cookie", "clear-site-data"].iter().filter(|name| answer.headers.contains_key(**name));
        assert_eq!((answer.status, effects.count()), (403, 0), "{origin}");
    }
}

#[rstest]
#[case("/lab/cookie")]
#[case("/lab/clear-site-data")]
#[case("/lab/subject")]
#[case("/lab/subject/log-in")]
#[case("/lab/hash")]
#[tokio::test]
async fn nothing_is_set_or_cleared_by_a_link(#[case] path: &str) {
    let server = TestServer::on(Kind::Sqlite).await;
    let answer = server.visitor().get(&format!("{path}?line=lab-a%3D1&kind=*")).await;
    assert_eq!((answer.status, answer.header("allow")), (405, "POST"));
}

#[tokio::test]
async fn a_client_that_asks_too_often_must_wait_and_the_others_need_not() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut hurried = server.visitor().with("x-forwarded-for", "2001:db8::1");
    let mut refused = None;
    for _ in 0..5_000 {
        let answer = hurried.get("/lab/echo").await;
        if answer.status != 200 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("it must wait in the end");
    assert_eq!(
        (refused.status, refused.header("retry-after"), refused.header("cache-control")),
        (429, "1", "no-store")
    );
    assert_eq!(refused.body, r#"{"error":"too_many_attempts","wait":1}"#);
    // Far fewer than a client of its own might send at once.
    let mut neighbour = server.visitor().with("x-forwarded-for", "2001:db8:0:ff::2");
    let mut waits = false;
    for _ in 0..100 {
        waits |= neighbour.get("/lab/echo").await.status == 429;
    }
    assert!(waits, "one network, one client");
    let mut other = server.visitor().with("x-forwarded-for", "2001:db8:0:100::1");
    assert_eq!(other.get("/lab/echo").await.status, 200);
    assert_eq!(hurried.get("/api/whoami").await.status, 401, "the rest of the site does not count");
}
