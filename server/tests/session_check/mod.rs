//! The check of an app's session finds what is wrong with little apps that are broken in one way each, and nothing else.

mod app;

use crate::process::BINARY;
use app::{Flaw, PASSWORD, started};
use rstest::rstest;
use serde_json::Value;
use server::session_check::{
    Check::{self, *},
    Format, Plan, Report,
    Severity::{self, *},
    check,
};
use std::{
    fs,
    net::SocketAddr,
    process::{Command, Output},
};
use tempfile::TempDir;

const PLAN: &str = r#"
page = "/account"
[[login]]
get = "/login"
[[login]]
post = "/login"
form = { user = "ann", password = "$THE_PASSWORD" }
[[logout]]
post = "/logout"
"#;

fn plan(text: &str) -> Plan {
    Plan::parse(text, |_| Some(PASSWORD.into())).unwrap()
}

async fn report(flaw: Flaw) -> Report {
    let address = started(flaw).await;
    check(&format!("http://localhost:{}", address.port()), false, &plan(PLAN)).await.unwrap()
}

#[rstest]
#[case(Flaw::Nothing, &[])]
#[case(Flaw::KeepsIdentifier, &[(Fixation, Error)])]
#[case(Flaw::AdoptsIdentifier, &[(Fixation, Error)])]
#[case(Flaw::LogOutEndsNothing, &[(LogOut, Error)])]
#[case(Flaw::LogOutLeavesCookie, &[(Deletion, Note)])]
#[case(Flaw::NoSecure, &[(Secure, Warning), (Host, Note)])]
#[case(Flaw::NoHttpOnly, &[(HttpOnly, Error)])]
#[case(Flaw::NoSameSite, &[(SameSite, Warning)])]
#[case(Flaw::SameSiteNone, &[(SameSite, Warning)])]
#[case(Flaw::WithDomain, &[(Host, Warning)])]
#[case(Flaw::WithoutPrefix, &[(Host, Note)])]
#[case(Flaw::Large, &[(Size, Note)])]
#[case(Flaw::TooLarge, &[(Size, Error)])]
#[case(Flaw::EarlySession, &[(Early, Note)])]
#[case(Flaw::LongLife, &[(Lifetime, Note)])]
#[case(Flaw::Counter, &[(Identifier, Error)])]
#[case(Flaw::Short, &[(Identifier, Error)])]
#[case(Flaw::Static, &[(Identifier, Error)])]
#[case(Flaw::InAddress, &[(Address, Error)])]
#[case(Flaw::InBody, &[(Body, Warning)])]
#[case(Flaw::TokenInBody, &[(Body, Warning)])]
#[case(Flaw::SelfContained, &[(Identifier, Note)])]
#[case(Flaw::SharedCache, &[(Caches, Error)])]
#[case(Flaw::NoCacheControl, &[(Caches, Note)])]
#[case(Flaw::NoIdleTime, &[(Idle, Note)])]
#[tokio::test]
async fn what_is_wrong_is_found_and_nothing_else(#[case] flaw: Flaw, #[case] expected: &[(Check, Severity)]) {
    let report = report(flaw).await;
    let found: Vec<_> = report.findings.iter().filter(|finding| finding.severity > Ok).collect();
    let told: Vec<_> = found.iter().map(|finding| (finding.check, finding.severity)).collect();
    assert_eq!(told, expected, "{found:#?}");
    assert!(found.iter().all(|finding| finding.evidence.is_some()), "{found:#?}");
}

#[tokio::test]
async fn each_check_has_its_line_and_the_session_is_the_cookie_without_which_nobody_comes_in() {
    let report = report(Flaw::Nothing).await;
    let checks: Vec<_> = report.findings.iter().map(|finding| finding.check).collect();
    // Web storage is a browser's.
    assert_eq!(checks, Check::ALL.into_iter().filter(|check| *check != WebStorage).collect::<Vec<_>>());
    assert!(report.findings[0].words.starts_with("__Host-sid:"), "{}", report.findings[0].words);
}

#[rstest]
#[case(Flaw::EndsWhenIdle, "4s", Ok, "After 4s without a request the session lets nobody in.")]
#[case(Flaw::Nothing, "1s", Warning, "After 1s without a request the session still lets in.")]
#[tokio::test]
async fn whether_a_session_ends_that_is_not_used_is_waited_for(
    #[case] flaw: Flaw,
    #[case] span: &str,
    #[case] severity: Severity,
    #[case] words: &str,
) {
    let app = format!("http://localhost:{}", started(flaw).await.port());
    let waits = PLAN.replace("page = \"/account\"", &format!("page = \"/account\"\nidle = \"{span}\""));
    let report = check(&app, false, &plan(&waits)).await.unwrap();
    let idle = report.findings.iter().find(|finding| finding.check == Idle).unwrap();
    assert_eq!((idle.severity, &*idle.words), (severity, words));
    let evidence = &report.exchanges[idle.evidence.unwrap()];
    assert_eq!(evidence.stage.name(), "after a time without requests");
}

#[tokio::test]
async fn the_words_on_a_page_tell_where_its_status_does_not_and_the_session_can_be_named() {
    let address = started(Flaw::Nothing).await;
    let app = format!("http://127.0.0.1:{}", address.port());
    let told =
        PLAN.replace("page = \"/account\"", "page = \"/account\"\nshows = \"Your account\"\nsession = [\"forgery\"]");
    let report = check(&app, false, &plan(&told)).await.unwrap();
    let session = report.findings.iter().find(|finding| finding.check == Session).unwrap();
    assert_eq!(session.words, "forgery, as the file says.");
    let nowhere = PLAN.replace("page = \"/account\"", "page = \"/account\"\nshows = \"Nobody says this\"");
    let reason = check(&app, false, &plan(&nowhere)).await.err().unwrap().to_string();
    assert!(reason.contains("the log-in did not work"), "{reason}");
}

#[tokio::test]
async fn a_session_that_changes_with_each_answer_is_no_reason_for_false_alarms() {
    let app = format!("http://localhost:{}", started(Flaw::Changing).await.port());
    let reason = check(&app, false, &plan(PLAN)).await.err().unwrap().to_string();
    assert!(reason.contains("changes its session with each answer"), "{reason}");
    let named = PLAN.replace("page = \"/account\"", "page = \"/account\"\nsession = [\"__Host-sid\"]");
    let report = check(&app, false, &plan(&named)).await.unwrap();
    assert!(report.findings.iter().all(|finding| finding.severity == Ok), "{:#?}", report.findings);
}

/// Runs the binary on an app with a file of this text.
fn run(address: SocketAddr, text: &str, options: &[&str]) -> Output {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("login.toml");
    fs::write(&file, text).unwrap();
    let mut command = Command::new(BINARY);
    command.args(["check-session", "--app", &format!("http://localhost:{}", address.port()), "--login"]);
    command.arg(file).args(options).env("THE_PASSWORD", PASSWORD).output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8([output.stdout.clone(), output.stderr.clone()].concat()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_exit_code_tells_how_bad_it_is_and_what_could_not_be_found_out() {
    let code = |address, text: &str, options: &[&str]| run(address, text, options).status.code();
    let (good, careless, open) =
        (started(Flaw::Nothing).await, started(Flaw::NoSameSite).await, started(Flaw::LogOutEndsNothing).await);
    assert_eq!(code(good, PLAN, &["--fail-on", "note"]), Some(0));
    assert_eq!(code(careless, PLAN, &[]), Some(0));
    assert_eq!(code(careless, PLAN, &["--fail-on", "warning"]), Some(1));
    assert_eq!(code(open, PLAN, &[]), Some(1));
    for (plan, expected) in [
        (PLAN.replace("$THE_PASSWORD", "wrong"), "the log-in did not work"),
        (PLAN.replace("$THE_PASSWORD", "$NOBODY_SET_THIS"), "NOBODY_SET_THIS"),
        ("page = 1".to_owned(), "login.toml"),
    ] {
        let output = run(good, &plan, &[]);
        assert!(output.status.code() == Some(2) && text(&output).contains(expected), "{}", text(&output));
    }
    let nobody = SocketAddr::from(([127, 0, 0, 1], 1));
    let output = run(nobody, PLAN, &[]);
    assert!(output.status.code() == Some(2) && text(&output).contains("nothing listens there"), "{}", text(&output));
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_hide_values_unless_asked_and_never_tell_the_password() {
    let address = started(Flaw::InAddress).await;
    let values = |text: &str| {
        let of_cookie = text.split("__Host-sid=").skip(1);
        let values = of_cookie.map(|rest| rest.split(|end: char| !end.is_ascii_hexdigit()).next().unwrap().len());
        values.max().unwrap()
    };
    for format in ["markdown", "json", "sarif"] {
        let hidden = text(&run(address, PLAN, &["--format", format]));
        assert!(!hidden.contains(PASSWORD), "{hidden}");
        assert!(!hidden.contains("sid=") || values(&hidden) <= 4, "{hidden}");
        assert!(hidden.split(|end: char| !end.is_ascii_hexdigit()).all(|word| word.len() < 32), "{hidden}");
    }
    let shown = text(&run(address, PLAN, &["--show-secrets"]));
    assert_eq!(values(&shown), 32);
    assert!(!shown.contains(PASSWORD));
}

#[tokio::test]
async fn a_report_is_the_same_in_each_format() {
    let report = report(Flaw::NoSameSite).await;
    let json: Value = serde_json::from_str(&report.write(Format::Json)).unwrap();
    let [finding] = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["severity"] != "ok")
        .collect::<Vec<_>>()[..]
    else {
        panic!("{json:#}");
    };
    assert_eq!((finding["check"].as_str(), finding["severity"].as_str()), (Some("same-site"), Some("warning")));
    let number = finding["exchange"].as_u64().unwrap() as usize;
    let evidence = json["exchanges"][number - 1]["lines"].to_string();
    assert!(evidence.contains("Set-Cookie: __Host-sid=") && !evidence.contains("SameSite"), "{evidence}");

    let sarif: Value = serde_json::from_str(&report.write(Format::Sarif)).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let [result] = &run["results"].as_array().unwrap()[..] else { panic!("{sarif:#}") };
    assert_eq!((result["ruleId"].as_str(), result["level"].as_str()), (Some("same-site"), Some("warning")));
    let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
    assert_eq!(rule["id"], "same-site");
    let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
    assert!(uri.starts_with("http://localhost:") && uri.ends_with("/account"), "{uri}");

    let markdown = report.write(Format::Markdown);
    assert!(markdown.contains("0 errors, 1 warning, 0 notes."), "{markdown}");
    assert!(markdown.contains(&format!("[{number}](#exchange-{number})")), "{markdown}");
    assert!(markdown.contains("SESSION_COOKIE_SAMESITE = 'Lax'"), "{markdown}");
}
