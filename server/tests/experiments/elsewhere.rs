//! What a page of the other site reports: kept for the run that asks, small, and under a plain name.

use crate::support::{Kind, TestServer};

#[tokio::test]
async fn a_report_is_told_to_whoever_knows_the_run_and_not_before_it_is_there() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut client = server.visitor();
    assert_eq!(client.get("/lab/report?run=a1").await.status, 204);
    assert_eq!(client.post("/lab/report?run=a1", &[("report", "{\"set\":1}")]).await.status, 204);
    assert_eq!(client.get("/lab/report?run=a1").await.body, "{\"set\":1}");
    assert_eq!(client.get("/lab/report?run=a2").await.status, 204);
}

#[tokio::test]
async fn a_report_that_is_too_long_or_has_no_plain_name_is_refused() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut client = server.visitor();
    let long = "x".repeat(4_097);
    for (run, report) in [("a1", long.as_str()), ("a-b", "1"), ("", "1")] {
        assert_eq!(client.post(&format!("/lab/report?run={run}"), &[("report", report)]).await.status, 422, "{run}");
    }
    assert_eq!(client.post("/lab/report?run=a1", &[]).await.status, 422);
    let mut elsewhere = client.clone().with("sec-fetch-site", "cross-site").with("origin", "http://127.0.0.1:3000");
    assert_eq!(elsewhere.post("/lab/report?run=a1", &[("report", "1")]).await.status, 403);
}
