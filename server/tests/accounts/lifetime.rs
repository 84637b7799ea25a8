//! How long a log-in lives, by the server's clock alone.

use crate::support::{Client, Kind, PASSWORD, TestServer};
use axum::{body::Body, http::Request};
use futures::FutureExt;
use rstest::rstest;
use sqlx::{AnyConnection, Connection, Executor};
use std::time::Duration;
use tower::ServiceExt;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);

async fn kept(server: &TestServer) -> Client {
    let mut ada = server.visitor();
    ada.sign_up("Ada", PASSWORD).await;
    ada.post("/api/login", &[("username", "Ada"), ("password", PASSWORD), ("keep", "on")]).await;
    ada
}

#[rstest]
#[tokio::test]
async fn an_idle_session_ends_after_30_minutes(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    let mut ada = server.user("Ada").await;
    server.clock.forward(29 * MINUTE);
    assert_eq!(ada.who_am_i().await.status, 200);
    server.clock.forward(30 * MINUTE);
    assert_eq!(ada.who_am_i().await.status, 401);
    assert_eq!(ada.get("/account").await.status, 303);
}

#[tokio::test]
async fn a_session_in_use_ends_after_12_hours_in_any_case() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut ada = server.user("Ada").await;
    for _ in 0..35 {
        server.clock.forward(20 * MINUTE);
        assert_eq!(ada.who_am_i().await.status, 200);
    }
    server.clock.forward(20 * MINUTE);
    assert_eq!(ada.who_am_i().await.status, 401);
}

#[tokio::test]
async fn a_kept_session_lives_for_14_idle_days_and_30_in_all() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut ada = kept(&server).await;
    server.clock.forward(14 * DAY - HOUR);
    assert_eq!(ada.who_am_i().await.status, 200);
    server.clock.forward(14 * DAY - HOUR);
    assert_eq!(ada.who_am_i().await.status, 200);
    server.clock.forward(2 * DAY + 2 * HOUR);
    assert_eq!(ada.who_am_i().await.status, 401);
}

#[tokio::test]
async fn a_due_renewal_makes_no_answer_wait_for_who_writes() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut ada = server.user("Ada").await;
    server.clock.forward(2 * MINUTE);
    let mut writer = AnyConnection::connect(&server.database.url).await.unwrap();
    writer.execute("BEGIN IMMEDIATE").await.unwrap();
    let cookie = ada.cookie.clone().unwrap();
    let request = Request::get("/api/whoami").header("host", "localhost").header("cookie", cookie);
    let answer = server.unsettled.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(server.sessions.settle().now_or_never().is_none(), "the renewal waits for the other writer");
    writer.execute("ROLLBACK").await.unwrap();
    server.sessions.settle().await;
    server.clock.forward(29 * MINUTE);
    assert_eq!(ada.who_am_i().await.status, 200, "it was renewed all the same");
}

#[tokio::test]
async fn the_use_of_a_session_is_written_once_a_minute() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut ada = server.user("Ada").await;
    let ends = async |ada: &mut Client| ada.observe().await.session.unwrap().expires_at;
    let first = ends(&mut ada).await;
    server.clock.forward(Duration::from_secs(59));
    assert_eq!(ends(&mut ada).await, first);
    server.clock.forward(Duration::from_secs(1));
    assert_eq!(ends(&mut ada).await, first + 60);
}
