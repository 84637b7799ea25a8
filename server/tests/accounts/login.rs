//! Steps 3 to 6: log-in, the token, the guarded page.

use crate::support::{Kind, PASSWORD, TestServer};
use axum::http::header;
use rstest::rstest;

#[rstest]
#[tokio::test]
async fn logging_in_opens_what_is_guarded(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    let mut ada = server.user("Ada").await;
    let answer = ada.who_am_i().await;
    assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"username":"Ada"}"#));
    let page = ada.get("/account").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("Ada") && page.body.contains("Log out"));
}

#[tokio::test]
async fn an_unknown_user_and_a_wrong_password_get_the_same_answer() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = server.visitor();
    visitor.sign_up("Ada", PASSWORD).await;
    let wrong = visitor.log_in("Ada", "not the password at all").await;
    let unknown = visitor.log_in("Bob", PASSWORD).await;
    let impossible = visitor.log_in("no such name!", PASSWORD).await;
    for answer in [wrong, unknown, impossible] {
        assert_eq!((answer.status, answer.body.as_str()), (401, r#"{"error":"wrong_credentials"}"#));
        assert!(!answer.headers.contains_key(header::SET_COOKIE));
    }
}

#[tokio::test]
async fn the_cookie_ends_with_the_browser_unless_it_is_kept() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut ada = server.visitor();
    ada.sign_up("Ada", PASSWORD).await;
    let ordinary = ada.log_in("Ada", PASSWORD).await;
    let line = ordinary.header(header::SET_COOKIE);
    assert!(
        line.starts_with("__Host-session=") && line.ends_with("; HttpOnly; SameSite=Lax; Secure; Path=/"),
        "{line}"
    );
    let kept = ada.post("/api/login", &[("username", "Ada"), ("password", PASSWORD), ("keep", "1")]).await;
    assert!(kept.header(header::SET_COOKIE).ends_with("; Max-Age=2592000"));
}

#[rstest]
#[tokio::test]
async fn logging_in_rotates_the_id_and_keeps_the_values(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    let mut ada = server.visitor();
    ada.put("lab-a", "1").await;
    let anonymous = ada.clone();
    let before = ada.observe().await.session.unwrap();
    ada.sign_up("Ada", PASSWORD).await;
    ada.log_in("Ada", PASSWORD).await;
    let after = ada.observe().await.session.unwrap();
    assert_ne!(before.id, after.id);
    assert_eq!((before.values, after.username.as_deref()), (after.values, Some("Ada")));
    assert!(anonymous.clone().observe().await.session.is_none(), "the old token is dead");
}

#[tokio::test]
async fn another_user_on_the_same_browser_does_not_inherit_the_values() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut browser = server.user("Ada").await;
    browser.put("lab-secret", "of Ada").await;
    let old = browser.clone();
    browser.sign_up("Bob", PASSWORD).await;
    browser.log_in("Bob", PASSWORD).await;
    let session = browser.observe().await.session.unwrap();
    assert_eq!((session.username.as_deref(), session.values.len()), (Some("Bob"), 0));
    assert_eq!(old.clone().who_am_i().await.status, 401);
}

#[tokio::test]
async fn a_guarded_page_sends_a_stranger_to_log_in_before_anything_is_rendered() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = server.visitor();
    let answer = visitor.get("/account").await;
    assert_eq!((answer.status, answer.location(), answer.body.as_str()), (303, "/login?next=/account", ""));
    visitor.put("lab-a", "1").await;
    assert_eq!(visitor.get("/account").await.status, 303, "an anonymous session is no log-in");
    assert_eq!(visitor.post("/api/profile", &[]).await.status, 401);
}

#[rstest]
#[case("/x/../account", 400)]
#[case("/%2e/account", 400)]
#[case("//account", 400)]
#[case("/account/", 303)]
#[case("/account/x&welcome=1", 303)]
#[tokio::test]
async fn no_spelling_of_a_guarded_page_gets_past_the_guard(#[case] path: &str, #[case] status: u16) {
    let server = TestServer::on(Kind::Sqlite).await;
    let answer = server.visitor().get(path).await;
    let refusal = r#"{"error":"malformed_request","message":"The server does not follow this request: its address or its header can be read in more than one way."}"#;
    assert_eq!((answer.status, answer.body.as_str()), (status, if status == 400 { refusal } else { "" }));
    assert!(!answer.location().contains('&'), "the path plants no other field: {}", answer.location());
}

#[rstest]
#[case("/account", "/account")]
#[case("/?a=b", "/?a=b")]
#[case("//evil.example", "/account")]
#[case("/\\evil.example", "/account")]
#[case("https://evil.example", "/account")]
#[case("/.//evil.example/x", "/account")]
#[case("/%2e//evil.example/x", "/account")]
#[case("/a/..//evil.example/x", "/account")]
#[case("/./\\evil.example", "/account")]
#[case("/a/../experiments", "/experiments")]
#[case("", "/account")]
#[tokio::test]
async fn log_in_leads_on_to_a_page_of_this_site_only(#[case] next: &str, #[case] leads_to: &str) {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = server.visitor().plain_form();
    visitor.sign_up("Ada", PASSWORD).await;
    let answer = visitor.post("/api/login", &[("username", "Ada"), ("password", PASSWORD), ("next", next)]).await;
    assert_eq!(answer.status, 303);
    let answer = visitor.get(answer.location()).await;
    assert_eq!((answer.status, answer.location()), (303, leads_to));
}

#[tokio::test]
async fn an_address_of_the_log_in_page_leads_nobody_to_another_site() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut ada = server.user("Ada").await;
    let answer = ada.get("/login?unkept=1&next=https://evil.example").await;
    assert_eq!((answer.status, answer.location()), (303, "/account"));
    assert_eq!(ada.get("/login?next=/account").await.status, 200, "who is logged in may look at the page");
}

#[tokio::test]
async fn a_script_is_told_where_to_go_and_gets_200() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = server.visitor();
    visitor.sign_up("Ada", PASSWORD).await;
    let answer = visitor.log_in("Ada", PASSWORD).await;
    assert_eq!((answer.status, answer.header("serverfnredirect"), answer.location()), (200, "1", "/account"));
}

#[tokio::test]
async fn a_plain_form_comes_back_from_a_wrong_password_with_name_and_next() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = server.visitor().plain_form();
    let fields = [("username", "Ada"), ("password", "wrong wrong wrong"), ("next", "/account")];
    let answer = visitor.post("/api/login", &fields).await;
    assert_eq!(
        (answer.status, answer.location()),
        (303, "/login?error=wrong_credentials&username=Ada&next=%2Faccount")
    );
    let page = visitor.get(answer.location()).await;
    assert!(page.body.contains("do not go together") && page.body.contains(r#"value="Ada""#));
    assert!(page.body.contains(r#"value="/account""#) && !page.body.contains("wrong wrong"));
}

#[tokio::test]
async fn a_planted_error_code_shows_nothing() {
    let server = TestServer::on(Kind::Sqlite).await;
    let page = server.visitor().get("/login?error=%3Cscript%3Eyou+won&username=%22%3E%3Cscript%3Ex").await;
    assert_eq!(page.status, 200);
    assert!(!page.body.contains("you won") && !page.body.contains("<script>x"));
}

#[rstest]
#[case("")]
#[case("garbage")]
#[case("AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
#[case(&"A".repeat(8_000))]
#[tokio::test]
async fn a_cookie_that_is_no_token_is_401(#[case] value: &str) {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = server.visitor();
    visitor.cookie = Some(format!("__Host-session={value}"));
    assert_eq!(visitor.who_am_i().await.status, 401);
}

#[tokio::test]
async fn the_right_id_with_another_secret_is_401() {
    let server = TestServer::on(Kind::Sqlite).await;
    let (ada, bob) = (server.user("Ada").await, server.user("Bob").await);
    let halves = |client: &crate::support::Client| {
        client.cookie.clone().unwrap().split_once('.').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap()
    };
    let mut thief = server.visitor();
    thief.cookie = Some(format!("{}.{}", halves(&ada).0, halves(&bob).1));
    assert_eq!(thief.who_am_i().await.status, 401);
}

#[rstest]
#[case::it_did_not_come_back(None)]
#[case::another_came(Some(GONE))]
#[tokio::test]
async fn who_comes_from_the_form_without_its_cookie_is_told_what_log_in_needs(
    #[case] cookie: Option<&str>,
    #[values("/account", "/", "/experiments?a=b")] next: &str,
) {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut browser = server.visitor().plain_form();
    browser.sign_up("Ada", PASSWORD).await;
    let fields = [("username", "Ada"), ("password", PASSWORD), ("next", next)];
    let answer = browser.post("/api/login", &fields).await;
    let by_way_of = answer.location().to_owned();
    let answer = browser.get(&by_way_of).await;
    assert_eq!((answer.status, answer.location()), (303, next), "the usual way");

    browser.cookie = cookie.map(ToOwned::to_owned);
    let page = browser.get(&by_way_of).await;
    assert_eq!(page.status, 200);
    let says =
        |body: &str| body.contains("this browser did not keep the cookie of your log-in: allow cookies for this site");
    assert!(says(&page.body), "{}", page.body);
    let page = browser.get("/login?next=/account").await;
    assert!(
        !says(&page.body) && page.body.contains("Logging in needs a cookie of this site."),
        "before anything is sent"
    );
}

/// A session's cookie that opens nothing.
const GONE: &str =
    concat!("__Host-session=", "AAAAAAAAAAAAAAAAAAAAAA", ".", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
