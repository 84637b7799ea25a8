//! Forged requests: one address notes what comes from elsewhere for a registered run, every other is guarded.

use super::elsewhere::{BEGINS, own_page, register};
use crate::support::{Client, Kind, TestServer};
use app::experiments::{
    runs::Registered,
    test_account::{Arrived, Forged},
};

const FORGE: [(&str, &str); 1] = [("task", "forge")];

async fn arrived(client: &Client, run: &Registered) -> Vec<Arrived> {
    let mut client = client.clone().with("lab-secret", &run.secret);
    serde_json::from_str(&client.get(&format!("/lab/transfers?run={}", run.name)).await.body).unwrap()
}

/// A page of the other site, which asks here.
fn elsewhere(server: &TestServer) -> Client {
    server.visitor().with("sec-fetch-site", "cross-site").with("origin", "http://127.0.0.1:3000")
}

#[tokio::test]
async fn one_address_takes_a_post_from_another_site_and_notes_the_runs_cookies_alone() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut client = own_page(&server);
    let run = register(&mut client, &FORGE).await;
    let own = format!("{BEGINS}lax");
    let cookies = format!("__Host-session=secret; lab-x=1; lab-x0123456789ac-lax=1; {own}=1");
    let mut elsewhere = elsewhere(&server).with("cookie", &cookies);
    assert_eq!(elsewhere.post(&format!("/lab/transfer?run={}&how=form", run.name), &[]).await.status, 200);
    let [one] = arrived(&client, &run).await.try_into().unwrap();
    let expected = Arrived {
        how: Forged::Form,
        guarded: false,
        method: "POST".into(),
        origin: Some("http://127.0.0.1:3000".into()),
        fetch_site: Some("cross-site".into()),
        fetch_mode: None,
        cookies: vec![own],
        status: 200,
    };
    assert_eq!(one, expected);
}

#[tokio::test]
async fn it_is_noted_what_the_guard_answered_and_it_lets_reading_pass() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut client = own_page(&server);
    let run = register(&mut client, &FORGE).await;
    let guarded = |how: &str| format!("/lab/transfer/guarded?run={}&how={how}", run.name);
    let mut elsewhere = elsewhere(&server);
    let refused = elsewhere.post(&guarded("form"), &[]).await;
    assert_eq!(refused.status, 403);
    assert!(refused.header("content-security-policy").starts_with("default-src 'none'; script-src 'self';"));
    assert!(refused.body.contains("/forge.js"), "the window closes itself");
    let read = elsewhere.get(&guarded("link")).await;
    let back = format!("url=http://127.0.0.1:3000/lab/forge?run={}#2\"", run.name);
    assert!(read.status == 200 && read.body.contains(&back), "{}", read.body);
    assert_eq!(client.post(&guarded("script"), &[]).await.status, 200);
    let noted = arrived(&client, &run).await.into_iter().map(|arrived| (arrived.guarded, arrived.how, arrived.status));
    assert_eq!(
        noted.collect::<Vec<_>>(),
        [(true, Forged::Form, 403), (true, Forged::Link, 200), (true, Forged::Script, 200)]
    );
}

#[tokio::test]
async fn what_comes_for_no_run_that_forges_is_not_noted_and_leads_nowhere() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut client = own_page(&server);
    let fill = register(&mut client, &[("task", "fill"), ("most", "20")]).await;
    let forge = register(&mut client, &FORGE).await;
    let unknown = "a1".to_owned();
    for (run, host) in [(&unknown, "localhost:3000"), (&fill.name, "localhost:3000"), (&forge.name, "127.0.0.1:3000")] {
        let mut elsewhere = elsewhere(&server).with("host", host).with("origin", "http://evil.example");
        for path in ["/lab/transfer", "/lab/transfer/guarded"] {
            let answer = elsewhere.get(&format!("{path}?run={run}&how=link")).await;
            assert_eq!((answer.status, answer.body.as_str()), (404, r#"{"error":"no_such_run"}"#), "{path} {host}");
        }
    }
    assert_eq!((arrived(&client, &fill).await, arrived(&client, &forge).await), (vec![], vec![]));
}

#[tokio::test]
async fn of_a_request_with_much_in_it_little_is_noted() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut client = own_page(&server);
    let run = register(&mut client, &FORGE).await;
    let mut cookies: Vec<_> = (0..100).map(|number| format!("{BEGINS}{number}=1")).collect();
    cookies.insert(0, format!("{BEGINS}{}=1", "x".repeat(1_000)));
    let mut much = elsewhere(&server).with("cookie", &cookies.join("; ")).with("origin", &"x".repeat(1_000));
    much.get(&format!("/lab/transfer?run={}&how=image", run.name)).await;
    let [Arrived { origin, cookies, .. }] = arrived(&client, &run).await.try_into().unwrap();
    assert_eq!((origin, cookies.len()), (None, 16));
    assert_eq!([cookies.first(), cookies.last()], [Some(&format!("{BEGINS}0")), Some(&format!("{BEGINS}15"))]);
}

#[tokio::test]
async fn every_other_address_refuses_a_post_from_another_site() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut client = own_page(&server);
    let run = register(&mut client, &FORGE).await;
    let target = format!("/lab/transfer/?run={}&how=form", run.name);
    let mut elsewhere = elsewhere(&server);
    for path in [&target, "/lab/transfer/x", "/lab/subject", "/lab/cookie", "/lab/echo", "/lab/runs", "/lab/report"] {
        assert_eq!(elsewhere.post(path, &[]).await.status, 403, "{path}");
    }
    assert_eq!(arrived(&client, &run).await, []);
}

#[tokio::test]
async fn no_more_than_twenty_requests_of_a_run_are_noted_and_a_run_has_a_plain_name() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut client = own_page(&server);
    let run = register(&mut client, &FORGE).await;
    for _ in 0..25 {
        client.post(&format!("/lab/transfer?run={}&how=script", run.name), &[]).await;
    }
    assert_eq!(arrived(&client, &run).await.len(), 20);
    for run in ["", "a-b", "%3Cscript%3E", &"a".repeat(33)] {
        for path in ["/lab/transfer?how=link&run=", "/lab/forge?run="] {
            assert_eq!(client.get(&format!("{path}{run}")).await.status, 422, "{path}{run}");
        }
    }
}

#[tokio::test]
async fn the_page_of_the_other_site_sends_requests_here_and_nowhere_else() {
    let server = TestServer::on(Kind::Sqlite).await;
    let run = register(&mut own_page(&server), &FORGE).await;
    let page = server.visitor().with("host", "127.0.0.1:3000").get(&format!("/lab/forge?run={}", run.name)).await;
    assert_eq!(page.status, 200);
    let policy = page.header("content-security-policy");
    assert!(policy.contains("form-action http://localhost:3000;") && policy.contains("script-src 'self';"), "{policy}");
    let target = format!("action=\"http://localhost:3000/lab/transfer?run={}&amp;how=form\"", run.name);
    assert!(page.body.contains(&target), "{}", page.body);
}
