//! Steps 1 and 2: sign-up.

use crate::support::{Kind, PASSWORD, TestServer};
use app::accounts::EventKind;
use rstest::rstest;
use std::time::Duration;

#[rstest]
#[tokio::test]
async fn signing_up_makes_an_account_and_no_session(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    let mut visitor = server.visitor();
    let answer = visitor.sign_up("Ada", PASSWORD).await;
    assert_eq!(answer.status, 200);
    assert_eq!(visitor.cookie, None);
    assert_eq!(visitor.who_am_i().await.status, 401);
}

#[tokio::test]
async fn a_taken_name_is_409_in_any_case() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = server.visitor();
    visitor.sign_up("Ada", PASSWORD).await;
    let answer = visitor.sign_up("aDA", "several other unrelated words").await;
    assert_eq!((answer.status, answer.body.as_str()), (409, r#"{"error":"username_taken"}"#));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_sign_up_sent_twice_at_once_makes_one_account_and_both_are_told_so(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let server = TestServer::on(kind).await;
    for round in 0..8 {
        let name = format!("Ada{round}");
        let sending: Vec<_> = (0..3)
            .map(|_| {
                let (mut visitor, name) = (server.visitor(), name.clone());
                tokio::spawn(async move { visitor.sign_up(&name, PASSWORD).await.status })
            })
            .collect();
        for sent in sending {
            assert_eq!(sent.await.unwrap(), 200, "{name}");
        }
        let mut ada = server.elsewhere(&name).await;
        let made = ada.events().await.into_iter().filter(|event| *event == EventKind::SignedUp);
        assert_eq!(made.count(), 1, "{name}");
    }
}

#[rstest]
#[tokio::test]
async fn a_sign_up_is_the_same_for_five_minutes_to_who_sent_it_and_a_taken_name_to_all_others(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let server = TestServer::on(kind).await;
    let mut visitor = server.visitor().with("x-forwarded-for", "192.0.2.7").with("user-agent", "a browser");
    assert_eq!(visitor.sign_up("Ada", PASSWORD).await.status, 200);
    server.clock.forward(Duration::from_secs(299));
    assert_eq!(visitor.sign_up("ada", PASSWORD).await.status, 200, "an answer was lost");
    assert_eq!(visitor.sign_up("Ada", "several other unrelated words").await.status, 409);
    let mut neighbour = visitor.clone().with("user-agent", "another browser");
    assert_eq!(neighbour.sign_up("Ada", PASSWORD).await.status, 409);
    let mut elsewhere = visitor.clone().with("x-forwarded-for", "192.0.2.8");
    assert_eq!(elsewhere.sign_up("Ada", PASSWORD).await.status, 409);
    server.clock.forward(Duration::from_secs(2));
    assert_eq!(visitor.sign_up("Ada", PASSWORD).await.status, 409, "later it is another one's");
    assert_eq!(visitor.log_in("Ada", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn a_sign_up_sent_again_guesses_no_password_faster_than_a_log_in() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = server.visitor();
    visitor.sign_up("Ada", PASSWORD).await;
    let mut statuses = Vec::new();
    for number in 0..8 {
        statuses.push(visitor.sign_up("Ada", &format!("several unrelated words {number}")).await.status);
    }
    assert_eq!(statuses, [409, 409, 409, 409, 409, 409, 429, 429], "as wrong passwords are answered");
    assert_eq!(visitor.sign_up("Ada", PASSWORD).await.status, 429);
}

#[tokio::test]
async fn who_was_closed_out_by_the_operator_is_not_told_that_the_sign_up_worked() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = server.visitor();
    visitor.sign_up("Ada", PASSWORD).await;
    server.sql("UPDATE users SET disabled_at = 1").await;
    assert_eq!(visitor.sign_up("Ada", PASSWORD).await.status, 409);
}

#[tokio::test]
async fn a_short_username_within_other_words_forbids_no_passphrase() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = server.visitor();
    let passphrase = "sunset over the quiet harbour";
    let rated = visitor.post("/api/strength", &[("username", "the"), ("password", passphrase)]).await;
    assert!(rated.body.contains(r#""level":4"#), "the meter agrees: {}", rated.body);
    assert_eq!(visitor.sign_up("the", passphrase).await.status, 200);
}

#[rstest]
#[case("ab", PASSWORD, "invalid_username")]
#[case("Ada Lovelace", PASSWORD, "invalid_username")]
#[case("Ada", "too short", "password_too_short")]
#[case("Ada", &"long".repeat(33), "password_too_long")]
#[case("Ada", "ada-1815-secret", "password_holds_username")]
#[case("Ada", "my Storage-Lab password", "password_holds_site_name")]
#[case("Ada", "passwordpassword", "password_repeats")]
#[case("Ada", "30SecondsToMars", "password_common")]
#[tokio::test]
async fn bad_input_is_422_with_the_reason(#[case] username: &str, #[case] password: &str, #[case] error: &str) {
    let server = TestServer::on(Kind::Sqlite).await;
    let answer = server.visitor().sign_up(username, password).await;
    assert_eq!((answer.status, answer.body), (422, format!(r#"{{"error":"{error}"}}"#)));
}

#[rstest]
#[case(&[])]
#[case(&[("username", "Ada")])]
#[case(&[("username", "Ada"), ("password", PASSWORD), ("password", PASSWORD)])]
#[tokio::test]
async fn a_request_that_is_not_the_form_is_422(#[case] fields: &[(&str, &str)]) {
    let server = TestServer::on(Kind::Sqlite).await;
    let answer = server.visitor().post("/api/signup", fields).await;
    assert_eq!((answer.status, answer.body.as_str()), (422, r#"{"error":"bad_request"}"#));
}

#[tokio::test]
async fn a_plain_form_goes_on_to_log_in_with_the_name_filled_in() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = server.visitor().plain_form();
    let answer = visitor.sign_up("Ada", PASSWORD).await;
    assert_eq!((answer.status, answer.location()), (303, "/login?welcome=1&username=Ada"));
    let page = visitor.get(answer.location()).await;
    assert!(page.body.contains("Your account is made.") && page.body.contains(r#"value="Ada""#));
}

#[tokio::test]
async fn a_plain_form_comes_back_with_the_message_and_the_typed_name() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = server.visitor().plain_form();
    let answer = visitor.sign_up("Ada", "too short").await;
    assert_eq!((answer.status, answer.location()), (303, "/signup?error=password_too_short&username=Ada"));
    let page = visitor.get(answer.location()).await;
    assert!(page.body.contains("That password is too short") && page.body.contains(r#"value="Ada""#));
    assert!(
        !page.body.contains("too short\"") && !answer.location().contains("too+short"),
        "the password is not echoed"
    );
}
