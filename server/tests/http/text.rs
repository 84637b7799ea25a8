//! What is not UTF-8 is no field.

use crate::support::{Answer, Client, Kind, PASSWORD, TestServer};
use axum::{body::Body, http::Method};
use rstest::rstest;

async fn post(client: &mut Client, path: &str, form: &str) -> Answer {
    client.send(Method::POST, path, Body::from(form.to_owned())).await
}

#[rstest]
#[tokio::test]
async fn two_passwords_that_are_not_text_are_never_one(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    let mut client = server.visitor();
    let form = |byte: &str| format!("username=Ada&password={byte}%20several%20unrelated%20words");
    let answer = post(&mut client, "/api/signup", &form("%FF")).await;
    assert_eq!((answer.status, answer.body.as_str()), (422, r#"{"error":"bad_request"}"#));
    assert_eq!(post(&mut client, "/api/login", &form("%FE")).await.status, 422);
    assert_eq!(client.log_in("Ada", "\u{fffd} several unrelated words").await.status, 401, "no account was made");
    assert_eq!(client.sign_up("Ada", PASSWORD).await.status, 200);
    assert_eq!(post(&mut client, "/api/login", "username=Ada%FF&password=x").await.status, 422);
    assert_eq!(
        post(&mut client, "/api/login", &format!("username=Ada&password={PASSWORD}&next=%C0%AF")).await.status,
        422
    );
}

#[rstest]
#[case("/api/signup", "username")]
#[case("/api/login", "password")]
#[case("/api/logout", "x")]
#[case("/api/account/confirm", "current_password")]
#[case("/api/account/password", "new_password")]
#[case("/api/account/delete", "current_password")]
#[case("/api/values/put", "value")]
#[case("/api/values/delete", "name")]
#[case("/lab/cookie", "line")]
#[case("/lab/clear-site-data", "kind")]
#[case("/lab/echo", "x")]
#[case("/lab/hash", "password")]
#[case("/lab/seal", "value")]
#[case("/lab/subject", "username")]
#[case("/lab/subject/log-in", "password")]
#[case("/lab/subject/put", "value")]
#[tokio::test]
async fn no_form_is_read_that_is_not_text(#[case] path: &str, #[case] field: &str) {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut ada = server.user("Ada").await;
    let before = ada.cookie.clone();
    for bytes in ["%FF", "%C0%AF", "%ED%A0%80", "%E6%BC"] {
        let answer = post(&mut ada, path, &format!("{field}=lab-a{bytes}&kind=cookies")).await;
        assert_eq!((answer.status, answer.body.as_str()), (422, r#"{"error":"bad_request"}"#), "{bytes}");
    }
    let raw = ada.send(Method::POST, path, Body::from(&b"name=\xff"[..])).await;
    assert_eq!(raw.status, 422, "nor where the bytes come as they are");
    assert_eq!(ada.cookie, before);
    assert_eq!(ada.who_am_i().await.status, 200);
}

#[rstest]
#[case("/?trial=%E0%A4%A")]
#[case("/login?next=%FF")]
#[case("/login?username=%C3")]
#[case("/experiments?x=%ff")]
#[case("/no-such-page?%FF")]
#[case("/api/whoami?%FF")]
#[case("/lab/echo?x=%FF")]
#[case("/lab/subject/rows?subject=%FF")]
#[case("/lab/transfer?run=%FF")]
#[tokio::test]
async fn no_query_is_read_that_is_not_text(#[case] path: &str) {
    let server = TestServer::on(Kind::Sqlite).await;
    let script = server.visitor().get(path).await;
    assert_eq!((script.status, script.body.as_str()), (422, r#"{"error":"bad_request"}"#));
    let page = server.visitor().plain_form().get(path).await;
    assert_eq!((page.status, page.header("content-type")), (422, "text/html; charset=utf-8"));
    assert!(page.body.contains("The server could not read that request."), "{}", page.body);
}

#[tokio::test]
async fn what_is_text_passes() {
    let server = TestServer::on(Kind::Sqlite).await;
    assert_eq!(server.visitor().get("/?a=%E6%BC%A2&b=100%").await.status, 200);
    assert_eq!(server.visitor().put("lab-a", "漢 \u{fffd} %FF").await.status, 200);
}

#[rstest]
#[case(
    "/api/login",
    "/login?next=%2Faccount&error=wrong_credentials",
    "/login?error=bad_request&form=login&next=%2Faccount"
)]
#[case("/api/signup", "/signup", "/signup?error=bad_request&form=signup")]
#[case("/api/account/password", "/account", "/account?error=bad_request&form=password")]
#[case(
    "/api/login",
    "/.//evil.example/x?next=//evil.example",
    "/account?error=bad_request&form=login&next=%2F%2Fevil.example"
)]
#[tokio::test]
async fn without_scripts_the_form_comes_back_with_what_is_wrong(
    #[case] action: &str,
    #[case] page: &str,
    #[case] leads_to: &str,
) {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = server.visitor().plain_form().with("referer", &format!("http://localhost:3000{page}"));
    let answer = post(&mut visitor, action, "username=Ada&password=%FF%FE").await;
    assert_eq!((answer.status, answer.location()), (303, leads_to));
    if leads_to.starts_with("/login") {
        assert!(visitor.get(leads_to).await.body.contains("The server could not read that request."));
    }
    let mut nowhere = server.visitor().plain_form();
    assert_eq!(post(&mut nowhere, action, "username=Ada&password=%FF%FE").await.status, 422, "it came from no page");
}
