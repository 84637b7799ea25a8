//! What the meter beside a new password is told.

use crate::support::{Client, Kind, PASSWORD, TestServer};
use app::{AppError, accounts::Strength};

async fn rate(visitor: &mut Client, username: &str, password: &str) -> Strength {
    let answer = visitor.post("/api/strength", &[("username", username), ("password", password)]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

#[tokio::test]
async fn the_meter_refuses_what_a_sign_up_refuses_and_in_its_words() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = server.visitor();
    for (number, password) in [
        "too short",
        &"long".repeat(33),
        "the secret of ada herself",
        "my Storage-Lab password",
        "passwordpassword",
        "30SecondsToMars",
        PASSWORD,
        "zebra lamp violin gravel",
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("ada{number}");
        let rated = rate(&mut visitor, &name, &password.replace("ada", &name)).await;
        let signed_up = visitor.sign_up(&name, &password.replace("ada", &name)).await;
        match AppError::from_wire(&signed_up.body) {
            Some(refusal) => assert_eq!(rated, Strength { level: 0, words: refusal.to_string() }, "{password}"),
            None => assert!(rated.level > 0 && signed_up.status == 200, "{password}: {rated:?}, {}", signed_up.body),
        }
    }
}

#[tokio::test]
async fn rating_needs_no_session_begins_none_and_says_nothing_of_the_password() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = server.visitor();
    let fields = [("username", "Ada"), ("password", PASSWORD)];
    let answer = visitor.post("/api/strength", &fields).await;
    assert_eq!((answer.status, visitor.cookie.as_ref()), (200, None));
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(!answer.body.contains(PASSWORD), "{}", answer.body);
    assert_eq!(visitor.post("/api/strength", &[("username", "Ada")]).await.status, 422);
    let query = format!("/api/strength?username=Ada&password={}", PASSWORD.replace(' ', "+"));
    assert!(visitor.get(&query).await.status >= 400, "a password in an address is not rated");
}

#[tokio::test]
async fn a_network_that_has_passwords_rated_without_end_must_wait_and_others_need_not() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = server.visitor();
    let mut refused = None;
    for _ in 0..200 {
        let answer = visitor.post("/api/strength", &[("username", ""), ("password", "too short")]).await;
        if answer.status != 200 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("60 at once and 4 a second are passed by 200 in a row");
    assert_eq!((refused.status, refused.header("retry-after")), (429, "1"));
    assert_eq!(visitor.sign_up("Ada", PASSWORD).await.status, 200, "signing up does not wait for the meter");
}
