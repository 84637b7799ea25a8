//! The request as it was received.

use crate::support::{Kind, TestServer};
use app::bench::wire::Received;
use axum::{body::Body, http::Method};
use rstest::rstest;

#[rstest]
#[case(Method::GET, "/lab/echo")]
#[case(Method::GET, "/lab/echo/a/b?c=d%20e")]
#[case(Method::POST, "/lab/echo/%E6%BC%A2")]
#[case(Method::GET, "/echo?a")]
#[tokio::test]
async fn a_visitor_sees_the_request_as_it_arrived(#[case] method: Method, #[case] path: &str) {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = server.visitor().with("lab-x", "1 2").with("x-forwarded-user", "ada");
    visitor.cookie = Some("lab-a=123; __Host-session=no.token; nameless".into());
    let answer = visitor.send(method.clone(), path, Body::from("x=y")).await;
    for secret in ["123", "no.token", "ada"] {
        assert!(!answer.body.contains(secret), "{}", answer.body);
    }
    let received: Received = serde_json::from_str(&answer.body).unwrap();
    assert_eq!((received.method.as_str(), received.path.as_str()), (method.as_str(), path));
    let cookies: Vec<_> = received.cookies.iter().map(|cookie| (cookie.name.as_str(), cookie.bytes)).collect();
    assert_eq!(cookies, [("lab-a", 8), ("__Host-session", 22), ("", 8)]);
    let field = |name: &str| received.fields.iter().find(|field| field.name == name).unwrap();
    assert_eq!((field("lab-x").value.as_str(), field("lab-x").bytes), ("1 2", "lab-x: 1 2\r\n".len() as u32));
    let names: Vec<_> = received.fields.iter().map(|field| field.name.as_str()).collect();
    let expected = ["host", "content-type", "accept", "lab-x", "x-forwarded-user", "cookie"];
    assert_eq!(names, expected, "and nothing that the server added");
    let added = field("x-forwarded-user");
    assert_eq!((added.value.as_str(), added.bytes), ("••••••••", "x-forwarded-user: ada\r\n".len() as u32));
    assert_eq!((field("cookie").value.as_str(), &field("cookie").cookies), ("", &received.cookies));
}
