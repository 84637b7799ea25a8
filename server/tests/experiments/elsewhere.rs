//! Runs whose pages act on the other site: only a page of the lab begins one, it acts where and as it was registered, and
//! what it found is told to that page alone.

use crate::support::{Answer, Client, Kind, TestServer};
use app::experiments::{
    runs::{Filled, Found, Registered, Report},
    test_account::Arrived,
};
use rstest::rstest;
use server::http::{AppState, Hosts, OtherPort, OtherSites};
use std::time::Duration;

pub const BEGINS: &str = "lab-x0123456789ab-";

/// A page of the lab.
pub fn own_page(server: &TestServer) -> Client {
    at(server, "localhost:3000")
}

/// A page that came from there, and asks there.
fn at(server: &TestServer, authority: &str) -> Client {
    server.visitor().with("host", authority).with("origin", &format!("http://{authority}"))
}

fn other_site(server: &TestServer) -> Client {
    at(server, "127.0.0.1:3000")
}

pub async fn register(client: &mut Client, task: &[(&str, &str)]) -> Registered {
    let answer = ask_for(client, task).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

async fn ask_for(client: &mut Client, task: &[(&str, &str)]) -> Answer {
    let fields: Vec<_> = [("begins", BEGINS)].into_iter().chain(task.iter().copied()).collect();
    client.post("/lab/runs", &fields).await
}

/// Goes to an address, as a window is led there.
async fn visit(server: &TestServer, address: &str) -> Answer {
    let (_, address) = address.split_once("://").unwrap();
    let (authority, path) = address.split_at(address.find('/').unwrap());
    let window = server.visitor().with("host", authority).with("sec-fetch-site", "cross-site");
    window.with("sec-fetch-mode", "navigate").get(path).await
}

async fn report(client: &mut Client, run: &Registered, report: &str) -> u16 {
    client.post(&format!("/lab/report?run={}", run.name), &[("report", report)]).await.status
}

async fn told(client: &Client, run: &Registered) -> Answer {
    let mut client = client.clone().with("lab-secret", &run.secret);
    client.get(&format!("/lab/report?run={}", run.name)).await
}

fn filled() -> Filled {
    Filled { set: 3, held: 2, left: 1, lost: vec![1, 2], secure: None, received: 1 }
}

fn text(report: &Report) -> String {
    serde_json::to_string(report).unwrap()
}

const FILL: [(&str, &str); 2] = [("task", "fill"), ("most", "20")];

#[tokio::test]
async fn another_website_cannot_learn_a_name() {
    let server = TestServer::on(Kind::Sqlite).await;
    // It opens the page that looks in the visitor's browser, under a name of its own, and reads the report itself.
    for origin in ["http://localhost:3000", "http://127.0.0.1:3000"] {
        let page = visit(&server, &format!("{origin}/lab/elsewhere?run=evil&look&begins=")).await;
        assert!(page.status == 404 && !page.body.contains("elsewhere.js"), "{origin}: {}", page.body);
    }
    let mut page = own_page(&server);
    let reported = page.post("/lab/report?run=evil", &[("report", r#"{"cookies":["lab-secret"]}"#)]).await;
    assert!((400..500).contains(&reported.status), "{}", reported.status);
    let told = server.visitor().get("/lab/report?run=evil").await;
    assert_eq!((told.status, told.body.contains("lab-secret")), (404, false));
    // It has the visitor's browser ask for an image, and reads which cookies came along.
    let image = server.visitor().with("sec-fetch-site", "cross-site").with("cookie", "lab-secret=1; lab-other=2");
    image.clone().get("/lab/transfer?run=evil&how=image").await;
    let told = server.visitor().get("/lab/transfers?run=evil").await;
    assert_eq!((told.status, told.body.contains("lab-secret")), (404, false));
    // Not even with a run of its own, which it can register by hand.
    let run = register(&mut own_page(&server), &[("task", "forge")]).await;
    image.clone().get(&format!("/lab/transfer?run={}&how=image", run.name)).await;
    let mut reader = server.visitor().with("lab-secret", &run.secret);
    let [one]: [Arrived; 1] =
        serde_json::from_str(&reader.get(&format!("/lab/transfers?run={}", run.name)).await.body).unwrap();
    assert_eq!(one.cookies, [] as [String; 0]);
}

#[rstest]
#[case::a_page_of_the_lab(Some("http://localhost:3000"), Some("same-origin"), 200)]
#[case::of_an_old_browser(Some("http://localhost:3000"), None, 200)]
#[case::of_another_site(Some("http://evil.example"), Some("cross-site"), 403)]
#[case::of_another_port(Some("http://localhost:8080"), Some("same-site"), 403)]
#[case::of_the_other_site(Some("http://127.0.0.1:3000"), None, 403)]
#[case::of_a_sandbox(Some("null"), Some("same-origin"), 403)]
#[case::that_the_browser_contradicts(Some("http://localhost:3000"), Some("none"), 403)]
#[case::no_page(None, Some("same-origin"), 403)]
#[case::nothing_said(None, None, 403)]
#[tokio::test]
async fn a_run_is_registered_by_a_page_of_the_lab_alone(
    #[case] origin: Option<&str>,
    #[case] site: Option<&str>,
    #[case] status: u16,
) {
    let server = TestServer::on(Kind::Sqlite).await;
    let headers = [("origin", origin), ("sec-fetch-site", site)];
    let sent = headers.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let mut page = sent.fold(server.visitor(), |page, (name, value)| page.with(name, value));
    assert_eq!(ask_for(&mut page, &FILL).await.status, status);
}

#[tokio::test]
async fn a_name_that_would_break_out_of_the_page_is_no_origin() {
    let server = TestServer::set(Kind::Sqlite, with_other_sites(&["https://lab-two.example"])).await;
    for host in ["lab.example;x", "lab.example'", "a@lab.example", "lab.example,b"] {
        let refused = ask_for(&mut at(&server, host), &[("task", "forge")]).await.status;
        assert!([400, 403, 421].contains(&refused), "{host}: {refused}");
    }
}

#[rstest]
#[case(&[])]
#[case(&[("task", "rest")])]
#[case(&[("task", "fill")])]
#[case(&[("task", "fill"), ("most", "0")])]
#[case(&[("task", "fill"), ("most", "401")])]
#[case(&[("task", "fill"), ("most", "-1")])]
#[case(&[("task", "fill"), ("most", "20"), ("kind", "*")])]
#[case(&[("task", "clear")])]
#[case(&[("task", "clear"), ("kind", "executionContexts")])]
#[case(&[("task", "clear"), ("kind", "\" onload=\"")])]
#[case(&[("task", "forge"), ("most", "20")])]
#[case::without_another_port(&[("task", "look")])]
#[tokio::test]
async fn a_run_that_is_not_exactly_one_task_is_not_registered(#[case] task: &[(&str, &str)]) {
    let server = TestServer::on(Kind::Sqlite).await;
    assert_eq!(ask_for(&mut own_page(&server), task).await.status, 422);
}

#[rstest]
#[case("")]
#[case("lab-")]
#[case("lab-x0123456789ab")]
#[case("lab-x0123456789ABC-")]
#[case("lab-x0123456789ab-\"")]
#[tokio::test]
async fn a_run_has_a_prefix_that_no_other_entry_can_have(#[case] begins: &str) {
    let server = TestServer::on(Kind::Sqlite).await;
    let fields = [("task", "forge"), ("begins", begins)];
    assert_eq!(own_page(&server).post("/lab/runs", &fields).await.status, 422);
}

#[tokio::test]
async fn the_acting_page_is_refused_on_the_visitors_own_site() {
    let server = TestServer::on(Kind::Sqlite).await;
    for task in [&FILL[..], &[("task", "clear"), ("kind", "*")], &[("task", "forge")]] {
        let run = register(&mut own_page(&server), task).await;
        let page = if task == [("task", "forge")] { "forge" } else { "elsewhere" };
        assert_eq!(run.address, format!("http://127.0.0.1:3000/lab/{page}?run={}", run.name));
        assert_eq!(visit(&server, &run.address).await.status, 200);
        for elsewhere in ["localhost:3000", "127.0.0.1:4000", "127.0.0.1", "lab.example"] {
            let refused = visit(&server, &run.address.replace("127.0.0.1:3000", elsewhere)).await;
            assert_eq!((refused.status, refused.body.as_str()), (404, r#"{"error":"no_such_run"}"#), "{elsewhere}");
        }
        let other = if page == "forge" { "elsewhere" } else { "forge" };
        assert_eq!(visit(&server, &run.address.replace(page, other)).await.status, 404, "another task's page");
    }
}

#[tokio::test]
async fn a_browser_that_takes_the_two_sites_for_one_is_not_acted_in() {
    let server = TestServer::on(Kind::Sqlite).await;
    for (task, page) in [(&FILL[..], "elsewhere"), (&[("task", "forge")], "forge")] {
        let run = register(&mut own_page(&server), task).await;
        let window = other_site(&server).with("sec-fetch-site", "same-site").with("sec-fetch-mode", "navigate");
        assert_eq!(window.clone().get(&format!("/lab/{page}?run={}", run.name)).await.status, 422);
    }
}

fn with_other_sites(named: &[&str]) -> impl FnOnce(AppState) -> AppState {
    let named: Vec<_> = named.iter().map(|site| (*site).to_owned()).collect();
    |state| AppState {
        hosts: Hosts::new(&["lab.example".to_owned()], &named),
        other_sites: OtherSites(named.into()),
        ..state
    }
}

#[tokio::test]
async fn with_one_other_site_it_is_served_there_alone() {
    let server = TestServer::set(Kind::Sqlite, with_other_sites(&["http://lab-two.example"])).await;
    let unregistered = visit(&server, "http://lab.example/lab/elsewhere?run=a1&kind=*&begins=lab-").await;
    assert_eq!(unregistered.status, 404, "this is the visitor's own site");
    for task in [&FILL[..], &[("task", "forge")]] {
        let run = register(&mut at(&server, "lab.example"), task).await;
        assert!(run.address.starts_with("http://lab-two.example/lab/"), "{}", run.address);
        assert_eq!(visit(&server, &run.address).await.status, 200);
        assert_eq!(visit(&server, &run.address.replace("lab-two", "lab")).await.status, 404);
    }
    let run = register(&mut at(&server, "lab.example"), &FILL).await;
    let done = text(&Report::Filled(filled()));
    assert_eq!(report(&mut at(&server, "lab-two.example"), &run, &done).await, 204);
    // Seen from there no other site is known.
    assert_eq!(ask_for(&mut at(&server, "lab-two.example"), &FILL).await.status, 422);
}

#[tokio::test]
async fn a_page_that_looks_is_served_at_the_other_port_alone() {
    let other_port = |state| AppState { other_port: OtherPort(Some(4_000)), ..state };
    let server = TestServer::set(Kind::Sqlite, other_port).await;
    let run = register(&mut own_page(&server), &[("task", "look")]).await;
    assert_eq!(run.address, format!("http://localhost:4000/lab/elsewhere?run={}", run.name));
    assert_eq!(visit(&server, &run.address).await.status, 200);
    for elsewhere in ["localhost:3000", "127.0.0.1:4000"] {
        assert_eq!(visit(&server, &run.address.replace("localhost:4000", elsewhere)).await.status, 404, "{elsewhere}");
    }
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let (own, others) = (format!("{BEGINS}plain"), ["lab-secret", "__Host-session", "lab-x0123456789ac-plain"]);
    let all = names(&[&[own.as_str()], &others[..]].concat());
    let found = Report::Found(Found { cookies: all.clone(), local: all.clone(), carried: all });
    assert_eq!(report(&mut at(&server, "localhost:4000"), &run, &text(&found)).await, 204);
    let own = names(&[&own]);
    let expected = Report::Found(Found { cookies: own.clone(), local: own.clone(), carried: own });
    assert_eq!(told(&server.visitor(), &run).await.body, text(&expected));
    assert_eq!(ask_for(&mut at(&server, "localhost:4000"), &[("task", "look")]).await.status, 422, "from itself");
}

#[tokio::test]
async fn parameters_that_were_not_registered_do_nothing() {
    let server = TestServer::on(Kind::Sqlite).await;
    let run = register(&mut own_page(&server), &FILL).await;
    let page = visit(&server, &run.address).await;
    let asked = format!("<p data-run=\"{}\" data-begins=\"{BEGINS}\" data-task=\"fill\" data-most=\"20\">", run.name);
    assert!(page.body.contains(&asked), "{}", page.body);
    let more = visit(&server, &format!("{}&look&kind=*&most=400&begins=lab-", run.address)).await;
    assert_eq!((more.status, more.body), (200, page.body));
    let script = include_str!("../../../public/elsewhere.js");
    assert!(!["location", "URL", "referrer", "hash"].iter().any(|word| script.contains(&format!("{word}."))));
}

#[tokio::test]
async fn a_report_is_read_with_the_secret_alone() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut page = own_page(&server);
    let (run, another) = (register(&mut page, &FILL).await, register(&mut page, &FILL).await);
    assert_eq!(told(&page, &run).await.status, 204, "it is not there yet");
    assert_eq!(report(&mut other_site(&server), &run, &text(&Report::Filled(filled()))).await, 204);
    for secret in ["", &another.secret, &run.secret[1..], &run.name] {
        let mut thief = server.visitor().with("lab-secret", secret);
        for path in ["/lab/report", "/lab/transfers"] {
            let answer = thief.get(&format!("{path}?run={}&secret={}", run.name, run.secret)).await;
            assert_eq!((answer.status, answer.body.as_str()), (404, r#"{"error":"no_such_run"}"#), "{path} {secret}");
        }
        assert_eq!(thief.post(&format!("/lab/runs/end?run={}", run.name), &[]).await.status, 404);
    }
    assert_eq!(server.visitor().get(&format!("/lab/report?run={}", run.name)).await.status, 404);
    assert_eq!(told(&page, &run).await.body, text(&Report::Filled(filled())));
    assert!(!run.address.contains(&run.secret) && run.secret.len() == 22 && run.name.len() == 32);
}

#[tokio::test]
async fn a_page_reports_once_where_it_acts_and_what_its_task_makes() {
    let server = TestServer::on(Kind::Sqlite).await;
    let run = register(&mut own_page(&server), &FILL).await;
    let mut page = other_site(&server);
    let done = text(&Report::Filled(filled()));
    let found = text(&Report::Found(Found { cookies: vec![], local: vec![], carried: vec![] }));
    let long = format!("{done}{}", " ".repeat(4_096));
    let many = text(&Report::Filled(Filled { lost: (1..=21).collect(), ..filled() }));
    for wrong in ["", "1", r#"{"set":1}"#, r#"{"others":["lab-secret"]}"#, &found, &long, &many] {
        assert_eq!(report(&mut page, &run, wrong).await, 422, "{wrong}");
    }
    assert_eq!(page.post(&format!("/lab/report?run={}", run.name), &[]).await.status, 422);
    assert_eq!(report(&mut own_page(&server), &run, &done).await, 404, "not where it was registered");
    assert_eq!(report(&mut server.visitor(), &run, &done).await, 403, "no page");
    let mut evil = page.clone().with("origin", "http://evil.example");
    assert_eq!(report(&mut evil, &run, &done).await, 403);
    assert_eq!(told(&page, &run).await.status, 204);
    assert_eq!(report(&mut page, &run, &done).await, 204);
    assert_eq!(report(&mut page, &run, "\"others\"").await, 404);
    assert_eq!(visit(&server, &run.address).await.status, 404, "it does not act again");
    assert_eq!(told(&page, &run).await.body, done);
}

#[tokio::test]
async fn a_run_is_forgotten_when_it_is_ended_and_after_ten_minutes() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut page = own_page(&server);
    let (ended, left) = (register(&mut page, &FILL).await, register(&mut page, &FILL).await);
    let mut ending = page.clone().with("lab-secret", &ended.secret);
    assert_eq!(ending.post(&format!("/lab/runs/end?run={}", ended.name), &[]).await.status, 204);
    assert_eq!((told(&page, &ended).await.status, told(&page, &left).await.status), (404, 204));
    server.clock.forward(Duration::from_secs(600));
    assert_eq!(told(&page, &left).await.status, 404);
    assert_eq!(visit(&server, &left.address).await.status, 404);
}

#[tokio::test]
async fn a_network_has_fifty_runs_at_once_and_takes_nobody_elses() {
    let server = TestServer::on(Kind::Sqlite).await;
    let from = |address: &str| own_page(&server).with("x-forwarded-for", address);
    let neighbour = register(&mut from("192.0.2.7"), &FILL).await;
    let mut many = Vec::new();
    for number in 0..50 {
        many.push(register(&mut from(&format!("2001:db8:1:{number}::1")), &FILL).await);
    }
    server.clock.forward(Duration::from_secs(200));
    let refused = ask_for(&mut from("2001:db8:1:ffff::1"), &FILL).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, "400"));
    register(&mut from("2001:db8:2::1"), &FILL).await;
    let first = &many[0];
    let mut ending = from("2001:db8:1::1").with("lab-secret", &first.secret);
    ending.post(&format!("/lab/runs/end?run={}", first.name), &[]).await;
    register(&mut from("2001:db8:1:ffff::1"), &FILL).await;
    assert_eq!(told(&server.visitor(), &neighbour).await.status, 204);
}

#[tokio::test]
async fn a_thousand_runs_are_all_and_none_makes_room_for_another() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut runs = Vec::new();
    for number in 0..1_000 {
        let mut page = own_page(&server).with("x-forwarded-for", &format!("10.0.{}.1", number / 50));
        runs.push(register(&mut page, &FILL).await);
    }
    let refused = ask_for(&mut own_page(&server).with("x-forwarded-for", "192.0.2.1"), &FILL).await;
    assert_eq!((refused.status, refused.header("retry-after")), (503, "2"));
    for run in runs.iter().step_by(100) {
        assert_eq!(told(&server.visitor(), run).await.status, 204);
    }
    server.clock.forward(Duration::from_secs(600));
    register(&mut own_page(&server), &FILL).await;
}
