//! What strangers may have the server keep.

use crate::support::{Answer, Client, Kind, PASSWORD, TestServer};
use rstest::rstest;
use std::{fs, time::Duration};

fn at(server: &TestServer, address: &str) -> Client {
    server.visitor().with("x-forwarded-for", address)
}

/// A visitor without a cookie puts something.
async fn put(server: &TestServer, address: &str, value: &str) -> Answer {
    at(server, address).put("lab-a", value).await
}

#[rstest]
#[tokio::test]
async fn one_network_begins_so_many_anonymous_sessions_an_hour(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    for _ in 0..301 {
        assert_eq!(put(&server, "203.0.113.9", "1").await.status, 200);
    }
    let answer = put(&server, "203.0.113.9", "1").await;
    assert_eq!((answer.status, answer.header("retry-after")), (429, "60"));
    assert_eq!(put(&server, "192.0.2.7", "1").await.status, 200, "another network is not kept waiting");
    let subject = at(&server, "203.0.113.9").post("/lab/subject", &[]).await;
    let id = subject.body.split('"').nth(3).unwrap().to_owned();
    let session = at(&server, "203.0.113.9").post("/lab/subject/anonymous", &[("subject", &id)]).await;
    assert_eq!(session.status, 429, "nor is there a way round by the experiments");
}

#[tokio::test]
async fn one_network_writes_so_many_bytes_an_hour() {
    let server = TestServer::on(Kind::Sqlite).await;
    let value = "x".repeat(60_000);
    let mut visitor = at(&server, "203.0.113.9");
    // 64 MiB and no more, be it over and over in the same place.
    let mut written = 0;
    let answer = loop {
        let answer = visitor.put("lab-a", &value).await;
        if answer.status != 200 {
            break answer;
        }
        written += value.len();
    };
    assert_eq!(answer.status, 429);
    assert!((60..68).contains(&(written >> 20)), "{written}");
    assert_eq!(put(&server, "192.0.2.7", &value).await.status, 200);
}

#[rstest]
#[tokio::test]
async fn a_full_bench_says_so_and_everything_else_goes_on(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::with_room_for(kind, 300_000).await;
    let value = "x".repeat(60_000);
    let mut kept = Vec::new();
    for number in 0..4 {
        let mut visitor = at(&server, &format!("203.0.113.{number}"));
        assert_eq!(visitor.put("lab-a", &value).await.status, 200);
        kept.push(visitor);
    }
    let full = put(&server, "192.0.2.7", &value).await;
    assert_eq!((full.status, full.body.as_str()), (507, r#"{"error":"bench_full"}"#));
    assert_eq!(kept[0].put("lab-a", &value).await.status, 507, "it is counted before it is written");
    assert_eq!(kept[0].observe().await.session.unwrap().values[0].value.len(), 60_000, "what is there stays");
    let mut ada = server.user("Ada").await;
    assert_eq!(ada.who_am_i().await.status, 200);
    assert_eq!(kept[1].post("/api/values/clear", &[]).await.status, 200);
    assert_eq!(put(&server, "192.0.2.7", &value).await.status, 200, "there is room again");
    assert_eq!(server.visitor().log_in("Ada", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn the_space_of_what_has_ended_is_given_back() {
    let server = TestServer::on(Kind::Sqlite).await;
    let file = server.database.folder.path().join("test.db");
    let size = async || {
        server.sql("PRAGMA wal_checkpoint(TRUNCATE)").await;
        fs::metadata(&file).unwrap().len()
    };
    let before = size().await;
    for number in 0..200 {
        assert_eq!(put(&server, &format!("203.0.113.{number}"), &"x".repeat(60_000)).await.status, 200);
    }
    let grown = size().await;
    assert!(grown > before + 200 * 60_000);
    server.clock.forward(Duration::from_secs(31 * 60));
    server.sweep().await;
    let after = size().await;
    assert!(after < before + 1_000_000, "{before}, {grown}, {after}");
    assert_eq!(server.allowance.count().await.unwrap(), 0);
}
