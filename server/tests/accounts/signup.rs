//! Steps 1 and 2: sign-up.

use crate::support::{Kind, PASSWORD, TestServer};
use rstest::rstest;

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
    let answer = visitor.sign_up("aDA", PASSWORD).await;
    assert_eq!((answer.status, answer.body.as_str()), (409, r#"{"error":"username_taken"}"#));
}

#[rstest]
#[case("ab", PASSWORD, "invalid_username")]
#[case("Ada Lovelace", PASSWORD, "invalid_username")]
#[case("Ada", "too short", "password_too_short")]
#[case("Ada", &"long".repeat(33), "password_too_long")]
#[case("Ada", "the secret of ada herself", "password_holds_username")]
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
