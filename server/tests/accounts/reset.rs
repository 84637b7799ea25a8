//! A new password by the operator's one-time link.

use crate::support::{Answer, Client, Kind, PASSWORD, TestServer};
use app::{
    accounts::{EventKind, Username},
    request::Caller,
};
use rstest::rstest;
use server::{
    accounts::{RESET_SECONDS, ResetCode},
    clock::Clock,
    store::{Operation, StoredEvent, StoredUser},
};
use std::time::Duration;

const NEW: &str = "a bell, a boat, a button";

async fn find(server: &TestServer, name: &str) -> StoredUser {
    server.store.find_user(&Username::parse(name).unwrap()).await.unwrap().unwrap()
}

fn operation(server: &TestServer, command: &'static str) -> (StoredEvent, Operation) {
    let at = server.clock.now();
    let event = StoredEvent { at, kind: EventKind::ResetByOperator, times: 1, caller: Caller::default() };
    (event, Operation { at, operator: "root".into(), command, subject: String::new() })
}

/// The code of a link that the operator has just made.
async fn code_for(server: &TestServer, name: &str) -> String {
    let user = find(server, name).await;
    let code = ResetCode::random().unwrap();
    let (event, operation) = operation(server, "users reset");
    let ends_at = event.at + RESET_SECONDS;
    server.store.add_reset(user.id, code.hash(), ends_at, &event, &operation).await.unwrap();
    code.link("").strip_prefix("/reset#").unwrap().to_owned()
}

async fn reset(client: &mut Client, code: &str, password: &str) -> Answer {
    client.post("/api/reset", &[("code", code), ("new_password", password)]).await
}

fn refused(answer: &Answer, error: &str) {
    assert_eq!((answer.status, answer.body.as_str()), (422, format!(r#"{{"error":"{error}"}}"#).as_str()));
}

#[rstest]
#[tokio::test]
async fn a_link_sets_a_new_password_once_and_ends_every_session(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    let (mut here, mut there) = (server.user("Ada").await, server.elsewhere("Ada").await);
    let mut bob = server.user("Bob").await;
    let code = code_for(&server, "Ada").await;

    let mut owner = server.visitor();
    assert_eq!(reset(&mut owner, &code, NEW).await.status, 200);
    assert_eq!((here.who_am_i().await.status, there.who_am_i().await.status), (401, 401));
    assert_eq!(bob.who_am_i().await.status, 200, "nobody else is touched");
    assert_eq!(owner.who_am_i().await.status, 401, "the log-in is still to come");
    assert_eq!(owner.log_in("Ada", PASSWORD).await.status, 401);
    assert_eq!(owner.log_in("Ada", NEW).await.status, 200);
    let told = owner.events().await;
    assert!(told.windows(2).any(|pair| pair == [EventKind::PasswordReset, EventKind::ResetByOperator]), "{told:?}");

    refused(&reset(&mut owner, &code, "another bell, another boat").await, "wrong_code");
    assert_eq!(owner.who_am_i().await.status, 200);
    assert_eq!(server.visitor().log_in("Ada", NEW).await.status, 200);
}

#[rstest]
#[tokio::test]
async fn a_link_is_good_for_30_minutes(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    let mut owner = server.visitor();
    owner.sign_up("Ada", PASSWORD).await;
    let late = code_for(&server, "Ada").await;
    server.clock.forward(Duration::from_secs(30 * 60));
    refused(&reset(&mut owner, &late, NEW).await, "wrong_code");
    let in_time = code_for(&server, "Ada").await;
    server.clock.forward(Duration::from_secs(30 * 60 - 1));
    assert_eq!(reset(&mut owner, &in_time, NEW).await.status, 200);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn of_requests_with_one_code_at_the_same_time_one_succeeds(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    server.visitor().sign_up("Ada", PASSWORD).await;
    let code = code_for(&server, "Ada").await;
    let requests: Vec<_> = (0..8)
        .map(|number| {
            let (mut client, code) = (server.visitor(), code.clone());
            tokio::spawn(async move {
                let password = format!("{NEW} {number}");
                (reset(&mut client, &code, &password).await.status, password)
            })
        })
        .collect();
    let mut winners = Vec::new();
    for request in requests {
        match request.await.unwrap() {
            (200, password) => winners.push(password),
            (status, _) => assert_eq!(status, 422),
        }
    }
    assert_eq!(winners.len(), 1, "{winners:?}");
    assert_eq!(server.visitor().log_in("Ada", &winners[0]).await.status, 200);
    let told = server.store.list_events(find(&server, "Ada").await.id, 100).await.unwrap();
    assert_eq!(told.iter().filter(|event| event.kind == EventKind::PasswordReset).count(), 1);
}

#[rstest]
#[tokio::test]
async fn a_newer_link_a_changed_password_or_a_disabled_account_makes_a_link_void(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let server = TestServer::on(kind).await;
    let mut ada = server.user("Ada").await;
    let user = find(&server, "Ada").await;
    let mut owner = server.visitor();

    let replaced = code_for(&server, "Ada").await;
    let newer = code_for(&server, "Ada").await;
    refused(&reset(&mut owner, &replaced, NEW).await, "wrong_code");

    assert_eq!(ada.change_password(PASSWORD, "yet another good password", false).await.status, 200);
    refused(&reset(&mut owner, &newer, NEW).await, "wrong_code");

    // Disabled beside a link that stays: the link is looked at together with the account.
    let code = code_for(&server, "Ada").await;
    server.sql("UPDATE users SET disabled_at = 1").await;
    refused(&reset(&mut owner, &code, NEW).await, "wrong_code");
    server.sql("UPDATE users SET disabled_at = NULL").await;
    // Disabled as an operator does it: what was made before does not come back.
    let (event, operation) = operation(&server, "users disable");
    server.store.set_disabled(user.id, true, &event, &operation).await.unwrap();
    server.store.set_disabled(user.id, false, &event, &operation).await.unwrap();
    refused(&reset(&mut owner, &code, NEW).await, "wrong_code");
    assert_eq!(owner.log_in("Ada", "yet another good password").await.status, 200);
}

#[rstest]
#[tokio::test]
async fn wrong_codes_from_one_address_are_slowed_down_and_right_ones_cost_nothing(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let server = TestServer::on(kind).await;
    let at = |address| server.visitor().with("x-forwarded-for", address);
    let mut owner = at("192.0.2.7");
    owner.sign_up("Ada", PASSWORD).await;
    let code = code_for(&server, "Ada").await;
    for _ in 0..20 {
        refused(&reset(&mut owner, &code, "too short").await, "password_too_short");
    }
    let mut thief = at("203.0.113.9");
    for number in 0..11 {
        // Whether it could be a code or not.
        let wrong = if number % 2 == 0 { "A".repeat(43) } else { "not a code".to_owned() };
        refused(&reset(&mut thief, &wrong, NEW).await, "wrong_code");
    }
    let answer = reset(&mut thief, &code, NEW).await;
    assert_eq!((answer.status, answer.header("retry-after")), (429, "1"), "not even the right one");
    assert_eq!(reset(&mut owner, &code, NEW).await.status, 200);
}

#[rstest]
#[case("too short", "password_too_short")]
#[case(&"long".repeat(33), "password_too_long")]
#[case("ada-1815-secret", "password_holds_username")]
#[case("my Storage-Lab password", "password_holds_site_name")]
#[case("passwordpassword", "password_repeats")]
#[case("30SecondsToMars", "password_common")]
#[tokio::test]
async fn the_new_password_keeps_the_rules_and_the_link_stays_good(#[case] password: &str, #[case] error: &str) {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut owner = server.visitor();
    owner.sign_up("Ada", PASSWORD).await;
    let code = code_for(&server, "Ada").await;
    refused(&reset(&mut owner, &code, password).await, error);
    assert_eq!(owner.log_in("Ada", PASSWORD).await.status, 200, "nothing has changed");
    assert_eq!(reset(&mut owner, &code, NEW).await.status, 200);
}

#[rstest]
#[tokio::test]
async fn the_owner_need_not_wait_for_earlier_failures(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    let mut owner = server.visitor();
    owner.sign_up("Ada", PASSWORD).await;
    for _ in 0..6 {
        assert_eq!(owner.log_in("Ada", "not the password at all").await.status, 401);
    }
    // Ten strangers, so that the account is slow for every address that it does not know.
    for host in 0..10 {
        let mut stranger = server.visitor().with("x-forwarded-for", &format!("203.0.113.{host}"));
        for _ in 0..6 {
            stranger.log_in("Ada", "not the password at all").await;
        }
    }
    assert_eq!(owner.log_in("Ada", PASSWORD).await.status, 429);
    let code = code_for(&server, "Ada").await;
    assert_eq!(reset(&mut owner, &code, NEW).await.status, 200);
    assert_eq!(owner.log_in("Ada", NEW).await.status, 200);
}

#[tokio::test]
async fn a_plain_form_goes_on_to_log_in_and_the_code_is_in_no_address() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut owner = server.visitor().plain_form();
    owner.sign_up("Ada", PASSWORD).await;
    let code = code_for(&server, "Ada").await;
    let page = owner.get("/reset").await;
    assert!(page.status == 200 && page.body.contains("Set a new password") && page.body.contains("name=\"code\""));

    let answer = reset(&mut owner, "not a code", NEW).await;
    assert_eq!((answer.status, answer.location()), (303, "/reset?error=wrong_code"));
    assert!(owner.get(answer.location()).await.body.contains("wrong, used or out of date. Ask the operator"));
    let answer = reset(&mut owner, &code, "too short").await;
    assert_eq!((answer.status, answer.location()), (303, "/reset?error=password_too_short"));
    assert!(owner.get(answer.location()).await.body.contains("That password is too short"));

    let answer = reset(&mut owner, &code, NEW).await;
    assert_eq!((answer.status, answer.location()), (303, "/login?reset=1&username=Ada"));
    let page = owner.get(answer.location()).await;
    assert!(page.body.contains("Your new password is set") && page.body.contains(r#"value="Ada""#));
}
