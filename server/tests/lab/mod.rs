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
#[case("/lab/runs", "task", "forge")]
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
    assert_eq!((answer.status, answer.header("allow")), (405, "POST, OPTIONS"));
}

#[rstest]
#[case("/lab/echo")]
#[case("/lab/echo/any/path")]
#[case("/lab/events")]
#[case("/lab/wire")]
#[case("/lab/markers")]
#[case("/lab/guestbook")]
#[case("/lab/subject/whoami?subject=AAAAAAAAAAAAAAAAAAAAAA")]
#[case("/lab/subject/rows?subject=AAAAAAAAAAAAAAAAAAAAAA")]
#[case("/lab/unseal?name=lab-x&keys=1")]
#[case("/lab/transfers?run=a1")]
#[case("/lab/report?run=a1")]
#[tokio::test]
async fn what_the_labs_own_pages_read_no_other_page_asks_or_goes_to(#[case] path: &str) {
    let server = TestServer::on(Kind::Sqlite).await;
    let ada = server.user("Ada").await;
    let asked = async |site: &str, mode: &str| {
        ada.clone().with("sec-fetch-site", site).with("sec-fetch-mode", mode).get(path).await.status
    };
    for mode in ["no-cors", "cors", "navigate"] {
        for site in ["cross-site", "same-site", "garbage"] {
            assert_eq!(asked(site, mode).await, 403, "{site}, {mode}");
        }
    }
}

#[rstest]
#[case("/lab/reader?report=a1", 200)]
#[case("/lab/embed?report=a1", 200)]
#[case("/lab/away?trial=AAAAAAAAAAAAAAAAAAAAAA", 200)]
#[case("/lab/elsewhere?run=a1", 404)]
#[case("/lab/forge?run=a1", 404)]
#[tokio::test]
async fn to_the_labs_pages_other_sites_may_lead_and_load_nothing_of_them(#[case] path: &str, #[case] status: u16) {
    let server = TestServer::on(Kind::Sqlite).await;
    for site in ["cross-site", "same-site"] {
        let client = server.visitor().with("sec-fetch-site", site);
        assert_eq!(client.clone().with("sec-fetch-mode", "navigate").get(path).await.status, status, "{site}");
        for mode in ["no-cors", "cors"] {
            assert_eq!(client.clone().with("sec-fetch-mode", mode).get(path).await.status, 403, "{site}, {mode}");
        }
    }
}

#[tokio::test]
async fn other_sites_do_not_use_up_what_a_visitor_may_ask() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut evil = server.visitor().with("sec-fetch-site", "cross-site").with("sec-fetch-mode", "no-cors");
    for path in ["/lab/echo", "/lab/reader?report=a1"] {
        for _ in 0..700 {
            assert_eq!(evil.get(path).await.status, 403);
        }
    }
    assert_eq!(server.visitor().get("/lab/echo").await.status, 200);
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
