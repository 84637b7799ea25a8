//! The check of a session that goes with somebody by their own browser: what it asks, of whom, and what it forgets.

use super::{
    Process,
    app_proxy::Forwarded,
    app_wire::{OPENS, ask, page},
};
use axum::{
    Form, Router,
    http::{
        HeaderMap, StatusCode,
        header::{COOKIE, SET_COOKIE},
    },
    response::{AppendHeaders, IntoResponse, Redirect, Response},
    routing::{any, get, post},
};
use std::collections::BTreeMap;
use tokio::net::TcpListener;

/// Sends a form of the page's; it answers that the page is there.
fn press(lab: &Process, button: &str, fields: &str) {
    let head = format!(
        "Origin: http://localhost\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{fields}",
        fields.len()
    );
    assert_eq!(ask(lab, &format!("POST /app/session/{button}"), &head).0, 303);
}

async fn in_front_of(app: Router) -> Forwarded {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    Forwarded::to(&format!("http://{address}"), &[]).await
}

/// An app whose session holds everything, encrypted anew for each answer: `version.number`, of which the version says who it is.
fn rolling() -> Router {
    fn session(headers: &HeaderMap) -> Option<&str> {
        headers.get(COOKIE)?.to_str().ok()?.strip_prefix("sid=")?.split('.').next()
    }
    fn set(version: &str) -> AppendHeaders<[(axum::http::HeaderName, String); 1]> {
        let mut number = [0; 16];
        getrandom::fill(&mut number).unwrap();
        let number: String = number.iter().map(|byte| format!("{byte:02x}")).collect();
        AppendHeaders([(SET_COOKIE, format!("sid={version}.{number}; Path=/; HttpOnly; SameSite=Lax"))])
    }
    async fn account(headers: HeaderMap) -> Response {
        match session(&headers) {
            Some("member") => (set("member"), "your account").into_response(),
            _ => (set("stranger"), Redirect::to("/login")).into_response(),
        }
    }
    async fn log_in(Form(_): Form<BTreeMap<String, String>>) -> Response {
        (set("member"), Redirect::to("/account")).into_response()
    }
    Router::new()
        .route("/account", get(account))
        .route("/login", get(|| async { (set("stranger"), "the form") }).post(log_in))
        .route("/track", post(|| async { StatusCode::NO_CONTENT }))
        .route("/logout", post(|| async { AppendHeaders([(SET_COOKIE, "sid=; Path=/; Max-Age=0")]) }))
}

/// The session's cookie of an answer, as a field of the next request.
fn cookie(answer: &str) -> String {
    let line = answer.lines().filter_map(|line| line.strip_prefix("set-cookie: ")).next_back().unwrap();
    format!("Cookie: {}\r\n", line.split(';').next().unwrap())
}

fn posted(forwarded: &Forwarded, path: &str, fields: &str) -> String {
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: 3\r\n{OPENS}{fields}\r\na=b",
        forwarded.port
    );
    String::from_utf8_lossy(&forwarded.ask(&request)).into_owned()
}

/// Goes the whole course with an app, and opens the page twice.
fn walk(forwarded: &Forwarded) -> String {
    walk_and(forwarded, || ())
}

/// The same, doing something once who walks is logged in.
fn walk_and(forwarded: &Forwarded, act: impl FnOnce()) -> String {
    let lab = &forwarded.lab;
    press(lab, "start", "");
    let stranger = cookie(&forwarded.get("/account", OPENS));
    let stranger = cookie(&forwarded.get("/login", &format!("{OPENS}{stranger}")));
    let member = cookie(&posted(forwarded, "/login", &stranger));
    let member = cookie(&forwarded.get("/account", &format!("{OPENS}{member}")));
    posted(forwarded, "/track", &member);
    let member = cookie(&forwarded.get("/account", &format!("{OPENS}{member}")));
    act();
    press(lab, "logged-in", "page=%2Faccount");
    assert!(page(lab, "/app/session").contains("Your session"), "{}", page(lab, "/app/session"));
    posted(forwarded, "/logout", &member);
    press(lab, "logged-out", "");
    page(lab, "/app/session")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_that_is_written_anew_with_each_answer_is_not_taken_for_one_that_was_there_before_the_log_in() {
    let forwarded = in_front_of(rolling()).await;
    let report = walk(&forwarded);
    let told = |title: &str| report.split(&format!("<h2>{title}</h2>")).nth(1).unwrap().split("</p>").next().unwrap();
    assert!(told("The log-in rotates the identifier").contains("ok: "), "{report}");
    assert!(told("The log-out ends the session on the server").contains("error: "), "{report}");
    assert!(told("The log-out deletes the cookie").contains("ok: "), "{report}");
}

/// Tells the port what a page's web storage holds; whether it asks for more, or the status of a refusal.
fn tell(forwarded: &Forwarded, site: &str, body: &str) -> String {
    let request = format!(
        "POST /account HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\nSec-Fetch-Site: {site}\r\n\
         Storage-Lab-Web-Storage: 1\r\nContent-Length: {}\r\n\r\n{body}",
        forwarded.port,
        body.len()
    );
    let answer = String::from_utf8_lossy(&forwarded.ask(&request)).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    if head.starts_with("HTTP/1.1 200") { body.to_owned() } else { head.split(' ').nth(1).unwrap().to_owned() }
}

const TOKEN: &str = r#"{"local":[["auth","{\"jwt\":\"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2ln\"}"]],"session":[]}"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_token_in_web_storage_is_found_while_a_session_is_checked_and_asked_for_at_no_other_time() {
    let forwarded = in_front_of(rolling()).await;
    assert_eq!(tell(&forwarded, "same-origin", TOKEN), "false");
    let nothing = || assert_eq!(tell(&forwarded, "same-origin", r#"{"local":[],"session":[]}"#), "true");
    assert!(walk_and(&forwarded, nothing).contains("No page that was opened had one."));

    press(&forwarded.lab, "start", "");
    // It goes to the app as any other request does, which has no such route by POST.
    assert_eq!(tell(&forwarded, "same-site", TOKEN), "405");
    assert_eq!(tell(&forwarded, "same-origin", TOKEN), "true");
    forwarded.get("/login", OPENS);
    press(&forwarded.lab, "logged-in", "page=%2Flogin");
    let told = page(&forwarded.lab, "/app/session");
    assert!(told.contains("localStorage has a JSON Web Token in auth: if that is the log-in"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_in_web_storage_is_an_error_of_the_report() {
    let forwarded = in_front_of(rolling()).await;
    let report = walk_and(&forwarded, || assert_eq!(tell(&forwarded, "same-origin", TOKEN), "true"));
    assert!(
        report.contains("</strong>localStorage has a JSON Web Token in auth: every script of the page reads it"),
        "{report}"
    );
    assert!(!report.contains("c2ln"), "no value is told: {report}");
    assert_eq!(tell(&forwarded, "same-origin", TOKEN), "false");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cookies_that_were_found_can_be_corrected() {
    let forwarded = in_front_of(rolling()).await;
    let report = walk_and(&forwarded, || {
        let lab = &forwarded.lab;
        press(lab, "logged-in", "page=%2Faccount");
        press(lab, "cookies", "cookie=nobody");
        assert!(page(lab, "/app/session").contains("Choose one cookie at least."));
        press(lab, "cookies", "cookie=sid");
        let told = page(lab, "/app/session");
        assert!(told.contains("as you say.") && !told.contains("Choose one"), "{told}");
    });
    assert!(report.contains("</strong>sid, as you say."), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_looks_like_another_host_is_asked_of_the_app() {
    let elsewhere = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let host = elsewhere.local_addr().unwrap();
    let forwarded = in_front_of(Router::new().fallback(any(|| async { "here" }))).await;
    for target in [format!("//{host}/x"), format!("/%5C{host}/x")] {
        press(&forwarded.lab, "start", "");
        forwarded.get(&target, &format!("{OPENS}Cookie: sid=1\r\n"));
        press(&forwarded.lab, "logged-in", &format!("page={target}"));
        let page = page(&forwarded.lab, "/app/session");
        assert!(
            page.contains("answers 200 to strangers too") || page.contains("was not asked for that page"),
            "{page}"
        );
    }
    assert!(elsewhere.accept().is_err(), "nobody came");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_forgotten_of_the_wire_is_forgotten_of_the_check() {
    let forwarded = in_front_of(rolling()).await;
    assert!(
        walk(&forwarded).contains("member") || page(&forwarded.lab, "/app/session?values=shown").contains("member.")
    );
    let head = "Origin: http://localhost\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 0\r\n";
    assert_eq!(ask(&forwarded.lab, "POST /app/forget", head).0, 303);
    let page = page(&forwarded.lab, "/app/session?values=shown");
    assert!(page.contains(">Start<") && !page.contains("member."), "{page}");
    assert_eq!(ask(&forwarded.lab, "GET /app/session/report/json", "").0, 404);
}
