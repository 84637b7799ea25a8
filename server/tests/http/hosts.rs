//! Under which names the server answers, and what it takes over of a proxy's id for a request.

use crate::support::{Kind, TestServer};
use axum::{
    body::Body,
    http::{Request, StatusCode, Version, header},
};
use rstest::rstest;
use tower::ServiceExt;

#[rstest]
#[case("lab.example", 200)]
#[case("LAB.example:8443", 200)]
#[case("localhost:3000", 200)]
#[case("lab.localhost:3000", 200)]
#[case("127.0.0.1:3000", 200)]
#[case("[::1]:3000", 200)]
#[case("192.0.2.7", 200)]
#[case("evil.example", 421)]
#[case("localhost.evil.example:3000", 421)]
#[case("127.0.0.1.evil.example", 421)]
#[case("evil.lab.example", 421)]
#[case("a b", 400)]
#[case("lab.example/", 400)]
#[case("evil@lab.example", 400)]
#[case("", 400)]
#[case("lab.example.", 200)]
#[case("lab.example:", 200)]
#[case("lab.example..", 400)]
#[case("lab.example:x", 400)]
#[case("lab.example:65536", 400)]
#[case("[::1", 400)]
#[tokio::test]
async fn a_name_that_nobody_gave_the_server_is_refused(#[case] host: &str, #[case] status: u16) {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = server.visitor().with("host", host);
    for path in ["/", "/lab/echo", "/no-such-page"] {
        let answer = visitor.get(path).await;
        let expected = if status == 200 && path == "/no-such-page" { 404 } else { status };
        assert_eq!(answer.status, expected, "{path}");
        assert_eq!(answer.body.contains("--host"), status == 421, "it says what to do: {}", answer.body);
    }
    for path in ["/healthz", "/readyz"] {
        let expected = if status == 421 { 200 } else { status };
        assert_eq!(visitor.get(path).await.status, expected, "the machinery around it may ask by any name");
    }
}

#[tokio::test]
async fn a_page_under_a_rebound_name_can_neither_read_nor_write() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut rebound = server.visitor().with("host", "evil.example:3000").with("origin", "http://evil.example:3000");
    rebound = rebound.with("sec-fetch-site", "same-origin");
    assert_eq!(rebound.sign_up("Ada", crate::support::PASSWORD).await.status, 421);
    assert_eq!(rebound.put("lab-a", "1").await.status, 421);
    assert!(rebound.cookie.is_none());
}

/// The status for a target and these lines of `Host`.
async fn asked(version: Version, target: &str, lines: &[&str]) -> StatusCode {
    let server = TestServer::on(Kind::Sqlite).await;
    let request = Request::get(target).version(version);
    let request = lines.iter().fold(request, |request, line| request.header(header::HOST, *line));
    server.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap().status()
}

#[tokio::test]
async fn with_http_2_the_authority_names_the_host() {
    let asked = |target, lines| asked(Version::HTTP_2, target, lines);
    assert_eq!(asked("https://lab.example/", &[]).await, 200);
    assert_eq!(asked("https://evil.example/", &[]).await, 421);
    assert_eq!(asked("https://evil.example/", &["lab.example"]).await, 400);
    assert_eq!(asked("https://lab.example/", &["evil.example"]).await, 400);
}

#[tokio::test]
async fn with_http_1_1_the_field_is_there_and_counts_less_than_the_target() {
    let asked = |target, lines| asked(Version::HTTP_11, target, lines);
    assert_eq!(asked("/", &[]).await, 400);
    assert_eq!(asked("/healthz", &[]).await, 400);
    assert_eq!(asked("http://lab.example/", &["evil.example"]).await, 200);
    assert_eq!(asked("http://evil.example/", &["lab.example"]).await, 421);
}

#[tokio::test]
async fn http_1_0_needs_no_host() {
    assert_eq!(asked(Version::HTTP_10, "/", &[]).await, 200);
    assert_eq!(asked(Version::HTTP_10, "/", &["evil.example"]).await, 421);
}

#[tokio::test]
async fn two_hosts_are_no_host() {
    assert_eq!(asked(Version::HTTP_11, "/", &["localhost", "localhost"]).await, 400);
    assert_eq!(asked(Version::HTTP_11, "/", &["localhost", "evil.example"]).await, 400);
}

#[rstest]
#[case("01J-ab_c.9", true)]
#[case(&"a".repeat(64), true)]
#[case(&"a".repeat(65), false)]
#[case(&"a".repeat(10_000), false)]
#[case("", false)]
#[case("a b", false)]
#[case("a\"b", false)]
#[case("a=b event=logged_in", false)]
#[tokio::test]
async fn only_a_short_and_plain_request_id_is_taken_over(#[case] id: &str, #[case] taken: bool) {
    let server = TestServer::on(Kind::Sqlite).await;
    let answer = server.visitor().with("x-request-id", id).get("/api/whoami").await;
    let given = answer.header("x-request-id");
    assert_eq!(given == id, taken, "{given}");
    assert!((1..=64).contains(&given.len()));
}

#[tokio::test]
async fn of_two_request_ids_none_is_taken_over() {
    let server = TestServer::on(Kind::Sqlite).await;
    let request = Request::get("/healthz").header("host", "localhost");
    let request = request.header("x-request-id", "a1").header("x-request-id", "b2");
    let answer = server.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let given: Vec<_> = answer.headers().get_all("x-request-id").iter().map(|id| id.len()).collect();
    assert_eq!(given, [36], "one of our own");
}
