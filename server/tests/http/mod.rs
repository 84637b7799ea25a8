//! What holds for every answer: headers, cross-site requests, health, unknown addresses.

mod assets;
mod csrf;
mod dock;
mod hosts;
mod routes;
mod text;

use crate::support::{Kind, PASSWORD, TestServer};
use app::PATHS;
use axum::{body::Body, http::Method};
use base64::{Engine, engine::general_purpose::STANDARD};
use rstest::rstest;
use sha2::{Digest, Sha256};

#[tokio::test]
async fn a_page_runs_only_the_scripts_that_its_policy_names() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut user = server.user("Ada").await;
    let mut nonces = Vec::new();
    // Without an app in front there is no dock.
    let pages = PATHS.iter().copied().filter(|path| *path != "/dock");
    for path in pages.chain(["/no-such-page", "/atlas"]) {
        let page = user.get(&path.replace("{slug}", "http-forgets").replace("{*path}", "server/src/main.rs")).await;
        let policy = page.header("content-security-policy");
        let scripts = page.body.split("<script").skip(1).map(|rest| rest.split_once('>').unwrap());
        // Data blocks are not executed.
        for (attributes, rest) in scripts.filter(|(attributes, _)| !attributes.contains("application/json")) {
            let hash = STANDARD.encode(Sha256::digest(rest.split("</script>").next().unwrap()));
            let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next());
            let is_named = policy.contains(&format!("'sha256-{hash}'"))
                || nonce.is_some_and(|nonce| attributes.contains(&format!("nonce=\"{nonce}\"")));
            assert!(is_named, "{path}: {attributes} under {policy}");
            nonces.extend(nonce.map(|nonce| (nonce.to_owned(), page.header("x-request-id").to_owned())));
        }
        for directive in ["default-src 'none'", "base-uri 'none'", "object-src 'none'", "frame-ancestors 'none'"] {
            assert!(policy.contains(directive), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{path}: {policy}");
    }
    nonces.sort();
    nonces.dedup();
    assert!(nonces.len() > 1);
    assert!(nonces.windows(2).all(|two| two[0].0 != two[1].0), "a nonce is of one page alone");
}

#[tokio::test]
async fn a_page_is_kept_for_those_alone_who_are_all_alike() {
    let server = TestServer::on(Kind::Sqlite).await;
    let user = server.user("Ada").await;
    let [mut stranger, mut another, mut with_cookie, mut elsewhere, mut packing] = [(); 5].map(|()| server.visitor());
    another = another.with("user-agent", "another");
    with_cookie.cookie = Some("lab-of-one-alone=1".into());
    elsewhere = elsewhere.with("host", "other.example");
    packing = packing.with("accept-encoding", "gzip");
    let first = stranger.get("/").await;
    let second = another.get("/").await;
    assert_eq!((first.status, &first.body), (200, &second.body));
    assert_ne!(first.header("server-timing"), second.header("server-timing"), "each has a record of its own");
    assert!(!first.header("content-security-policy").contains("nonce"));
    for name in ["content-security-policy", "content-type", "cache-control", "vary"] {
        assert_eq!(first.header(name), second.header(name), "{name}");
    }
    assert!(with_cookie.get("/").await.body.contains("of-one-alone"));
    assert!(user.clone().get("/").await.body.contains("Ada"));
    assert!(!stranger.get("/").await.body.contains("Ada"));
    assert_eq!(packing.get("/").await.header("content-encoding"), "gzip");
    assert_eq!(stranger.get("/").await.header("content-encoding"), "");
    assert_ne!(elsewhere.get("/").await.header("content-security-policy"), "");
    assert_eq!(stranger.get("/experiments/no-such-thing").await.status, 404);
    assert_eq!(stranger.get("/account").await.status, 303);
}

#[rstest]
#[case("/")]
#[case("/account")]
#[case("/api/whoami")]
#[case("/healthz")]
#[case("/no-such-page")]
#[tokio::test]
async fn every_answer_carries_the_security_headers(#[case] path: &str) {
    let server = TestServer::on(Kind::Sqlite).await;
    let answer = server.visitor().get(path).await;
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("referrer-policy"), "same-origin");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"));
    assert!(!answer.header("x-request-id").is_empty());
}

#[rstest]
#[case("/")]
#[case("/account")]
#[case("/api/whoami")]
#[case("/healthz")]
#[case("/no-such-page")]
#[tokio::test]
async fn no_answer_may_be_read_opened_or_embedded_by_another_site(#[case] path: &str) {
    let server = TestServer::on(Kind::Sqlite).await;
    let answer = server.visitor().with("origin", "https://other.example").get(path).await;
    assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
    assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
    assert_eq!(answer.header("x-frame-options"), "DENY");
    let grants = answer.headers.keys().filter(|name| name.as_str().starts_with("access-control-"));
    assert_eq!(grants.count(), 0);
}

#[rstest]
#[case("https", "max-age=31536000; includeSubDomains")]
#[case("http", "")]
#[tokio::test]
async fn a_browser_that_came_by_https_is_told_to_come_so_again(#[case] scheme: &str, #[case] expected: &str) {
    let server = TestServer::on(Kind::Sqlite).await;
    for path in ["/", "/healthz", "/api/whoami", "/no-such-page"] {
        let answer = server.visitor().with("x-forwarded-proto", scheme).get(path).await;
        assert_eq!(answer.header("strict-transport-security"), expected, "{path}");
    }
}

#[rstest]
#[case(&[("sec-fetch-site", "cross-site")], 403)]
#[case(&[("sec-fetch-site", "same-site")], 403)]
#[case(&[("sec-fetch-site", "same-origin")], 401)]
#[case(&[("sec-fetch-site", "none")], 401)]
#[case(&[("origin", "http://evil.example")], 403)]
#[case(&[("origin", "http://localhost:3000")], 401)]
#[case(&[("origin", "null")], 403)]
#[case(&[], 401)]
#[tokio::test]
async fn a_post_from_another_site_is_refused(#[case] headers: &[(&'static str, &str)], #[case] status: u16) {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = headers.iter().fold(server.visitor(), |visitor, (name, value)| visitor.with(name, value));
    assert_eq!(visitor.log_in("Ada", PASSWORD).await.status, status);
}

#[rstest]
#[case(r#"{"csp-report":{"effective-directive":"script-src","blocked-uri":"https://evil.example/x?secret"}}"#, 204)]
#[case(r#"{"csp-report":{}}"#, 204)]
#[case("not a report", 422)]
#[case(&"x".repeat(9_000), 413)]
#[tokio::test]
async fn a_browser_can_tell_what_the_policy_stopped(#[case] report: &str, #[case] status: u16) {
    let server = TestServer::on(Kind::Sqlite).await;
    assert!(server.visitor().get("/").await.header("content-security-policy").ends_with("; report-uri /csp-report"));
    let answer = server.visitor().send(Method::POST, "/csp-report", Body::from(report.to_owned())).await;
    assert_eq!(answer.status, status);
}

#[rstest]
#[case("/api/signup")]
#[case("/api/login")]
#[case("/api/logout")]
#[case("/api/values/put")]
#[case("/api/values/clear")]
#[tokio::test]
async fn nothing_changes_by_get(#[case] path: &str) {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut ada = server.user("Ada").await;
    let answer = ada.get(path).await;
    assert!((400..500).contains(&answer.status), "{}", answer.status);
    assert_eq!(ada.who_am_i().await.status, 200);
}

#[tokio::test]
async fn an_unknown_address_is_a_404_page_with_a_way_on() {
    let server = TestServer::on(Kind::Sqlite).await;
    let page = server.visitor().get("/no-such-page").await;
    assert_eq!(page.status, 404);
    assert!(page.body.contains("There is nothing here") && page.body.contains("Sign up"));
    assert!((400..500).contains(&server.visitor().post("/api/no-such-function", &[]).await.status));
}

#[tokio::test]
async fn a_lost_database_is_503_with_retry_after_and_lets_nobody_in() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut ada = server.user("Ada").await;
    assert_eq!(ada.get("/readyz").await.status, 200);
    server.store.close().await;
    for path in ["/readyz", "/api/whoami", "/account"] {
        let answer = ada.get(path).await;
        assert_eq!((answer.status, answer.header("retry-after")), (503, "2"), "{path}");
    }
    assert_eq!(ada.get("/healthz").await.status, 200);
}

#[rstest]
#[case("not form data at all \u{0}")]
#[case("username=%FF%FE&password=%00")]
#[case("username[]=a&password[]=b")]
#[tokio::test]
async fn garbage_is_never_a_500(#[case] body: &'static str) {
    let server = TestServer::on(Kind::Sqlite).await;
    for path in ["/api/signup", "/api/login", "/api/values/put", "/api/values/delete"] {
        let answer = server.visitor().send(Method::POST, path, Body::from(body)).await;
        assert!((400..500).contains(&answer.status), "{path}: {}", answer.status);
    }
}
