//! A user's progress over HTTP.

use crate::support::{Answer, Client, Kind, TestServer};
use app::experiments::{Done, Kind as Verdict, Progress, slugs};
use axum::{body::Body, http::Method};
use rstest::rstest;
use serde_json::json;

const SLUG: &str = "http-forgets";

async fn save(client: &Client, slug: &str, verdict: Verdict, at: i64) -> Answer {
    let progress = Progress::from([(slug.to_owned(), Done { verdict, at })]);
    let body = json!({ "progress": progress }).to_string();
    let mut client = client.clone().with("content-type", "application/json");
    client.send(Method::POST, "/api/progress/save", Body::from(body)).await
}

async fn load(client: &mut Client) -> Progress {
    serde_json::from_str(&client.post("/api/progress/load", &[]).await.body).unwrap()
}

#[rstest]
#[tokio::test]
async fn what_a_user_did_in_one_browser_is_there_in_another(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    let here = server.user("Ada").await;
    let saved = save(&here, SLUG, Verdict::Holds, 1_799_999_000).await;
    assert_eq!(saved.status, 200, "{}", saved.body);
    let progress = Progress::from([(SLUG.to_owned(), Done { verdict: Verdict::Holds, at: 1_799_999_000 })]);
    assert_eq!(serde_json::from_str::<Progress>(&saved.body).unwrap(), progress);
    let mut there = server.elsewhere("Ada").await;
    assert_eq!(load(&mut there).await, progress);
    let export = there.post("/account/export", &[]).await.body;
    let exported = serde_json::from_str::<app::accounts::Export>(&export).unwrap().progress;
    assert_eq!(serde_json::from_value::<Progress>(exported).unwrap(), progress);
    assert_eq!(load(&mut server.user("Bob").await).await, Progress::new());
}

#[tokio::test]
async fn only_experiments_that_exist_are_kept_and_none_from_the_future() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut ada = server.user("Ada").await;
    assert!(slugs().any(|slug| slug == SLUG));
    save(&ada, "no-such-experiment", Verdict::Holds, 1).await;
    save(&ada, SLUG, Verdict::DoesNotHold, i64::MAX).await;
    let kept = Done { verdict: Verdict::DoesNotHold, at: 1_800_000_000 };
    assert_eq!(load(&mut ada).await, Progress::from([(SLUG.to_owned(), kept)]));
}

#[tokio::test]
async fn forgotten_progress_is_forgotten_everywhere() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut here = server.user("Ada").await;
    let mut there = server.elsewhere("Ada").await;
    save(&here, SLUG, Verdict::Holds, 1_799_999_000).await;
    assert_eq!(here.post("/api/progress/forget", &[]).await.status, 200);
    save(&there, SLUG, Verdict::Holds, 1_799_999_000).await;
    assert_eq!(load(&mut there).await, Progress::new());
}

#[tokio::test]
async fn nobody_has_no_progress_on_the_server() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = server.visitor();
    assert_eq!(save(&visitor, SLUG, Verdict::Holds, 1).await.status, 401);
    for path in ["/api/progress/load", "/api/progress/forget"] {
        assert_eq!(visitor.post(path, &[]).await.status, 401, "{path}");
    }
}
