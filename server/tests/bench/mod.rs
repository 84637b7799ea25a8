//! The bench over HTTP: the server session and what the server saw.

mod allowance;
mod survival;

use crate::support::{Client, Kind, TestServer};
use app::{
    AppError,
    bench::{DeleteValue, DeleteValues, Expected, Observation, PutValue},
};
use axum::{body::Body, http::Method};
use rstest::rstest;

#[tokio::test]
async fn no_cookie_is_set_before_the_visitor_puts_something() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = server.visitor();
    for path in ["/", "/login", "/signup", "/api/whoami"] {
        assert!(!visitor.get(path).await.headers.contains_key("set-cookie"), "{path}");
    }
    visitor.post("/api/values/delete", &[("name", "lab-a")]).await;
    visitor.post("/api/values/clear", &[]).await;
    assert_eq!(visitor.cookie, None);
    assert!(visitor.observe().await.session.is_none());
}

#[rstest]
#[tokio::test]
async fn the_first_value_starts_an_anonymous_session(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    let mut visitor = server.visitor();
    assert_eq!(visitor.put("lab-a", "漢 & 😀").await.status, 200);
    let seen = visitor.observe().await;
    let session = seen.session.unwrap();
    assert_eq!((session.username, session.values[0].value.as_str()), (None, "漢 & 😀"));
    let cookie = visitor.cookie.clone().unwrap();
    assert!(cookie.starts_with(&format!("__Host-session={}.", session.id)));
    assert_eq!(visitor.who_am_i().await.status, 401);
}

#[tokio::test]
async fn the_bench_brings_along_what_the_server_saw_of_its_own_request() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = server.visitor();
    visitor.put("lab-a", "</script><!--").await;
    let block = |page: &str| {
        let (_, rest) = page.split_once(r#"<script type="application/json" id="first-observation">"#)?;
        let (json, _) = rest.split_once("</script>")?;
        Some(serde_json::from_str::<Result<Observation, AppError>>(json).unwrap())
    };
    assert_eq!(block(&visitor.get("/?a=b").await.body), Some(Ok(visitor.observe().await)));
    assert_eq!(block(&visitor.get("/experiments").await.body), None, "a page that does not show it");
}

#[tokio::test]
async fn values_are_replaced_deleted_and_cleared() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = server.visitor();
    for (name, value) in [("lab-a", "1"), ("lab-b", "2"), ("lab-c", "3"), ("lab-a", "4")] {
        visitor.put(name, value).await;
    }
    visitor.post("/api/values/delete", &[("name", "lab-b")]).await;
    let names = |seen: Observation| {
        seen.session.unwrap().values.into_iter().map(|entry| entry.name + "=" + &entry.value).collect::<Vec<_>>()
    };
    assert_eq!(names(visitor.observe().await), ["lab-a=4", "lab-c=3"]);
    visitor.post("/api/values/clear", &[]).await;
    assert!(names(visitor.observe().await).is_empty());
}

#[rstest]
#[case("", "1", 422, "invalid_name")]
#[case("a\nb", "1", 422, "invalid_name")]
#[case(&"n".repeat(257), "1", 422, "invalid_name")]
#[case("lab-a", "nul \0", 422, "bad_request")]
#[case("lab-a", &"x".repeat(65_536), 422, "session_full")]
#[case("lab-a", &"x".repeat(300_000), 413, "too_large")]
#[tokio::test]
async fn what_the_server_does_not_take_is_refused_and_starts_no_session(
    #[case] name: &str,
    #[case] value: &str,
    #[case] status: u16,
    #[case] error: &str,
) {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = server.visitor();
    let answer = visitor.put(name, value).await;
    assert_eq!((answer.status, answer.body), (status, format!(r#"{{"error":"{error}"}}"#)));
    assert_eq!(visitor.cookie, None);
}

#[rstest]
#[tokio::test]
async fn a_full_session_says_so_and_keeps_what_it_has(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    let mut visitor = server.visitor();
    assert_eq!(visitor.put("lab-a", &"漢".repeat(21_000)).await.status, 200);
    assert_eq!(visitor.put("lab-b", &"x".repeat(2_600)).await.status, 422);
    assert_eq!(visitor.observe().await.session.unwrap().values.len(), 1);
}

#[tokio::test]
async fn the_server_tells_the_names_and_sizes_of_cookies_but_never_a_value() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = server.visitor();
    visitor.put("lab-a", "1").await;
    let token = visitor.cookie.clone().unwrap();
    visitor.cookie = Some(format!("{token}; lab-x=hidden-from-scripts"));
    let answer = visitor.send(Method::POST, "/api/observe", Body::empty()).await;
    let page = visitor.get("/").await;
    let secret = token.split_once('.').unwrap().1;
    for text in [&answer.body, &page.body] {
        assert!(text.contains("lab-x") && !text.contains("hidden-from-scripts") && !text.contains(secret));
    }
    let seen = visitor.observe().await;
    assert_eq!(seen.cookies[1].bytes, "lab-xhidden-from-scripts".len() as u32);
    assert_eq!(seen.cookie_header_bytes as usize, format!("cookie: {token}; lab-x=hidden-from-scripts\r\n").len());
}

#[tokio::test]
async fn one_visitor_never_sees_anothers_values() {
    let server = TestServer::on(Kind::Sqlite).await;
    let (mut one, mut two) = (server.visitor(), server.visitor());
    one.put("lab-a", "of one").await;
    two.put("lab-b", "of two").await;
    two.post("/api/values/clear", &[]).await;
    assert_eq!(one.observe().await.session.unwrap().values[0].value, "of one");
}

#[tokio::test]
async fn the_page_shows_without_scripts_what_the_server_holds() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = server.visitor();
    visitor.put("lab-colour", "ultramarine").await;
    let page = visitor.get("/").await;
    for text in ["lab-colour", "ultramarine", "__Host-session", "Scripts are off."] {
        assert!(page.body.contains(text), "{text}");
    }
}

#[tokio::test]
async fn a_token_that_opens_nothing_is_replaced_only_when_asked_again() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut other_tab = server.visitor();
    other_tab.put("lab-a", "1").await;
    let mut late = other_tab.clone();
    other_tab.log_out().await;
    let dead = late.cookie.clone();
    let answer = late.put("lab-b", "2").await;
    assert_eq!((answer.status, answer.body.as_str()), (409, r#"{"error":"session_ended"}"#));
    assert_eq!(late.cookie, dead, "another tab's new cookie is not overwritten");
    let answer = late.post("/api/values/put", &[("name", "lab-b"), ("value", "2"), ("again", "true")]).await;
    assert_eq!((answer.status, late.observe().await.session.unwrap().values.len()), (200, 1));
}

#[rstest]
#[tokio::test]
async fn a_name_that_cannot_be_is_deleted_without_a_fault(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    let mut visitor = server.visitor();
    visitor.put("lab-a", "1").await;
    assert_eq!(visitor.post("/api/values/delete", &[("name", "\0")]).await.status, 200);
}

#[rstest]
#[tokio::test]
async fn values_put_at_once_do_not_pass_the_limit_together(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    let mut visitor = server.visitor();
    visitor.put("lab-0", "first").await;
    let puts = (1..=6).map(|number| {
        let mut tab = visitor.clone();
        tokio::spawn(async move { tab.put(&format!("lab-{number}"), &"x".repeat(30_000)).await.status })
    });
    let mut kept = 0;
    for put in puts.collect::<Vec<_>>() {
        kept += usize::from(put.await.unwrap() == 200);
    }
    assert_eq!((kept, visitor.observe().await.session.unwrap().values.len()), (2, 3));
}

/// Sends a function's arguments as the page does.
async fn call(visitor: &mut Client, path: &str, arguments: &impl serde::Serialize) -> (u16, String) {
    let form = serde_qs::to_string(arguments).unwrap();
    let answer = visitor.send(Method::POST, path, Body::from(form)).await;
    (answer.status, answer.body)
}

async fn values(visitor: &mut Client) -> Vec<String> {
    let session = visitor.observe().await.session;
    let values = session.into_iter().flat_map(|session| session.values);
    values.map(|value| format!("{}={}", value.name, value.value)).collect()
}

#[rstest]
#[case("")]
#[case("1")]
#[case("nothing")]
#[case("a[b]=c&d;e%20+f")]
#[case(" 漢\n😀\u{7} ")]
#[tokio::test]
async fn two_tabs_that_edit_one_value_do_not_overwrite_each_other(#[case] before: &str) {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = server.visitor();
    let put = |value: &str, expected: Expected| PutValue {
        name: "lab-a".into(),
        value: value.into(),
        again: None,
        expected: Some(expected),
    };
    let seen = || Expected::Value(before.into());
    let changed = (409, r#"{"error":"changed"}"#.to_owned());
    assert_eq!(call(&mut visitor, "/api/values/put", &put("1", seen())).await, changed, "there is no session");
    assert_eq!(visitor.cookie, None);
    assert_eq!(call(&mut visitor, "/api/values/put", &put(before, Expected::Nothing)).await.0, 200);
    assert_eq!(call(&mut visitor, "/api/values/put", &put("other tab", Expected::Nothing)).await, changed);
    assert_eq!(values(&mut visitor).await, [format!("lab-a={before}")]);

    assert_eq!(call(&mut visitor, "/api/values/put", &put("this tab", seen())).await.0, 200);
    assert_eq!(call(&mut visitor, "/api/values/put", &put("other tab", seen())).await, changed);
    let delete = |expected| DeleteValue { name: "lab-a".into(), expected };
    assert_eq!(call(&mut visitor, "/api/values/delete", &delete(Some(seen()))).await, changed);
    assert_eq!(values(&mut visitor).await, ["lab-a=this tab"]);
    let now = Expected::Value("this tab".into());
    assert_eq!(call(&mut visitor, "/api/values/delete", &delete(Some(now.clone()))).await.0, 200);
    assert_eq!(call(&mut visitor, "/api/values/delete", &delete(Some(now))).await.0, 200, "gone is gone");
    assert_eq!(values(&mut visitor).await, [""; 0]);
}

#[rstest]
#[case("name=lab-a&value=2&expected=nothing", 409)]
#[case("name=lab-a&value=2&expected[value]=1", 200)]
#[case("name=lab-a&value=2&expected%5Bvalue%5D=1", 200)]
#[case("name=lab-a&value=2&expected[value]=%00", 409)]
#[case("name=lab-a&value=2&expected=something", 422)]
#[case("name=lab-a&value=2", 200)]
#[tokio::test]
async fn what_is_expected_can_be_said_in_a_plain_form(#[case] form: &'static str, #[case] status: u16) {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = server.visitor();
    visitor.put("lab-a", "1").await;
    assert_eq!(visitor.send(Method::POST, "/api/values/put", Body::from(form)).await.status, status);
    assert_eq!(values(&mut visitor).await, [if status == 200 { "lab-a=2" } else { "lab-a=1" }]);
}

#[rstest]
#[tokio::test]
async fn several_values_are_deleted_at_once(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    let mut visitor = server.visitor();
    for name in ["lab-a", "lab-b", "lab-c"] {
        visitor.put(name, "1").await;
    }
    let mut names: Vec<_> = (0..2_000).map(|number| format!("lab-{number}")).collect();
    names.extend(["lab-a", "lab-c", "\0"].map(String::from));
    assert_eq!(call(&mut visitor, "/api/values/delete-several", &DeleteValues { names }).await.0, 200);
    assert_eq!(values(&mut visitor).await, ["lab-b=1"]);
    assert_eq!(call(&mut visitor, "/api/values/delete-several", &DeleteValues { names: Vec::new() }).await.0, 200);
    assert_eq!(
        call(&mut server.visitor(), "/api/values/delete-several", &DeleteValues { names: vec!["a".into()] }).await.0,
        200
    );
}
