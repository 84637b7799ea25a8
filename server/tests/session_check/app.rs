//! A little app with a log-in form, right in all but what a test breaks.

use axum::{
    Form, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{AppendHeaders, Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use std::{
    collections::{BTreeMap, HashMap},
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::net::TcpListener;

pub const PASSWORD: &str = "the password of the test";

/// How long a session of [`Flaw::EndsWhenIdle`] lives without a request.
const IDLE: Duration = Duration::from_secs(3);

/// What is wrong with the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    Nothing,
    /// The identifier of a stranger's session goes on to be that of the one who logs in.
    KeepsIdentifier,
    /// Any identifier that is brought becomes a session.
    AdoptsIdentifier,
    /// A log-out deletes the cookie alone.
    LogOutEndsNothing,
    /// A log-out ends the session and leaves the cookie.
    LogOutLeavesCookie,
    NoSecure,
    NoHttpOnly,
    NoSameSite,
    SameSiteNone,
    WithDomain,
    WithoutPrefix,
    Large,
    TooLarge,
    EarlySession,
    LongLife,
    Counter,
    Short,
    Static,
    InAddress,
    InBody,
    TokenInBody,
    SelfContained,
    SharedCache,
    NoCacheControl,
    /// No answer shows when a session ends that is not used.
    NoIdleTime,
    /// A session ends once nothing was asked for [`IDLE`], which is no flaw.
    EndsWhenIdle,
    /// Each answer ends the session and begins another, which is no flaw.
    Changing,
}

struct App {
    flaw: Flaw,
    /// Sessions by their identifiers; whether somebody is logged in.
    sessions: Mutex<HashMap<String, bool>>,
    /// When a session was used last.
    used: Mutex<HashMap<String, Instant>>,
    next: AtomicU64,
}

type Shared = State<Arc<App>>;

/// Serves the app; its address.
pub async fn started(flaw: Flaw) -> SocketAddr {
    let app = App { flaw, sessions: Mutex::default(), used: Mutex::default(), next: AtomicU64::new(1) };
    let router = Router::new()
        .route("/account", get(account))
        .route("/login", get(form).post(log_in))
        .route("/logout", post(log_out))
        .with_state(Arc::new(app));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
    address
}

impl App {
    fn name(&self) -> &'static str {
        match self.flaw {
            // Browsers take the prefix with Secure and without Domain alone.
            Flaw::WithoutPrefix | Flaw::WithDomain | Flaw::NoSecure => "sid",
            _ => "__Host-sid",
        }
    }

    fn cookie(&self, headers: &HeaderMap, name: &str) -> Option<String> {
        let line = headers.get(header::COOKIE)?.to_str().ok()?;
        let pair = line.split("; ").find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        pair.map(str::to_owned)
    }

    fn identifier(&self, headers: &HeaderMap) -> Option<String> {
        self.cookie(headers, self.name())
    }

    fn new_identifier(&self) -> String {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let random = |bytes: usize| {
            let mut all = vec![0; bytes];
            getrandom::fill(&mut all).unwrap();
            all.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
        };
        match self.flaw {
            Flaw::Counter => (100_000 + number).to_string(),
            Flaw::Short => random(4),
            Flaw::Static => "the-same-for-everybody-who-logs-in".into(),
            Flaw::Large => random(700),
            Flaw::TooLarge => random(2_100),
            // {"alg":"HS256"} . {"sub":"ann"} . a signature
            Flaw::SelfContained => format!("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.{}", random(16)),
            _ => random(16),
        }
    }

    fn begin(&self, identifier: &str, is_logged_in: bool) {
        self.sessions.lock().unwrap().insert(identifier.to_owned(), is_logged_in);
    }

    fn set_cookie(&self, identifier: &str) -> String {
        let mut line = format!("{}={identifier}; Path=/", self.name());
        if self.flaw != Flaw::NoSecure {
            line += "; Secure";
        }
        if self.flaw != Flaw::NoHttpOnly {
            line += "; HttpOnly";
        }
        line += match self.flaw {
            Flaw::NoSameSite => "",
            Flaw::SameSiteNone => "; SameSite=None",
            _ => "; SameSite=Lax",
        };
        if self.flaw == Flaw::WithDomain {
            line += "; Domain=localhost";
        }
        line += match self.flaw {
            Flaw::LongLife => "; Max-Age=31536000",
            Flaw::NoIdleTime => "",
            _ => "; Max-Age=1800",
        };
        line
    }

    /// Whether a session ends now, for it was not used.
    fn is_idle(&self, identifier: &str) -> bool {
        let before = self.used.lock().unwrap().insert(identifier.to_owned(), Instant::now());
        self.flaw == Flaw::EndsWhenIdle && before.is_some_and(|before| before.elapsed() > IDLE)
    }

    fn cache_control(&self) -> Option<&'static str> {
        match self.flaw {
            Flaw::NoCacheControl => None,
            Flaw::SharedCache => Some("public, max-age=60"),
            _ => Some("no-store"),
        }
    }
}

async fn account(State(app): Shared, headers: HeaderMap) -> Response {
    let identifier = app.identifier(&headers);
    if let Some(identifier) = identifier.as_ref().filter(|identifier| app.is_idle(identifier)) {
        app.sessions.lock().unwrap().remove(identifier);
    }
    let is_in = identifier.as_ref().and_then(|identifier| app.sessions.lock().unwrap().get(identifier).copied());
    // Each answer puts the session's end off.
    let renewed = identifier.as_ref().filter(|_| is_in == Some(true) && app.flaw != Flaw::NoIdleTime);
    let renewed = renewed.map(|identifier| app.set_cookie(identifier));
    let mut answer = if is_in == Some(true) {
        let body = match app.flaw {
            Flaw::InBody => format!("<script>const session = \"{}\"</script>", identifier.unwrap()),
            Flaw::TokenInBody => "{\"token\":\"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2ln\"}".into(),
            _ => "Your account".into(),
        };
        Html(body).into_response()
    } else if app.flaw == Flaw::EarlySession && is_in.is_none() {
        let identifier = app.new_identifier();
        app.begin(&identifier, false);
        ([(header::SET_COOKIE, app.set_cookie(&identifier))], Redirect::to("/login")).into_response()
    } else {
        Redirect::to("/login").into_response()
    };
    if is_in == Some(true) && app.flaw == Flaw::Changing {
        let next = app.new_identifier();
        let mut sessions = app.sessions.lock().unwrap();
        sessions.clear();
        sessions.insert(next.clone(), true);
        answer.headers_mut().insert(header::SET_COOKIE, app.set_cookie(&next).parse().unwrap());
    } else if let Some(line) = renewed {
        answer.headers_mut().insert(header::SET_COOKIE, line.parse().unwrap());
    }
    if let Some(control) = app.cache_control() {
        answer.headers_mut().insert(header::CACHE_CONTROL, control.parse().unwrap());
    }
    answer
}

/// The form, with a token against forged requests in a cookie and in a hidden field.
async fn form(State(app): Shared) -> Response {
    let token = "a-token-against-forged-requests";
    let page = Html(format!(
        "<form action=/login method=post><input name=user><input name=password type=password>\
         <input type=hidden name=token value={token}></form>"
    ));
    let mut cookies = vec![format!("forgery={token}; Path=/; SameSite=Strict")];
    if app.flaw == Flaw::KeepsIdentifier {
        let identifier = app.new_identifier();
        app.begin(&identifier, false);
        cookies.push(app.set_cookie(&identifier));
    }
    (AppendHeaders(cookies.into_iter().map(|cookie| (header::SET_COOKIE, cookie))), page).into_response()
}

async fn log_in(State(app): Shared, headers: HeaderMap, Form(fields): Form<BTreeMap<String, String>>) -> Response {
    if fields.get("token") != app.cookie(&headers, "forgery").as_ref() || !headers.contains_key(header::ORIGIN) {
        return StatusCode::FORBIDDEN.into_response();
    }
    if fields.get("password").is_none_or(|password| password != PASSWORD) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let brought = app.identifier(&headers);
    let known = |identifier: &String| app.sessions.lock().unwrap().contains_key(identifier);
    let identifier = match app.flaw {
        Flaw::AdoptsIdentifier => brought,
        Flaw::KeepsIdentifier => brought.filter(known),
        _ => None,
    };
    let identifier = identifier.unwrap_or_else(|| app.new_identifier());
    app.begin(&identifier, true);
    let to = match app.flaw {
        Flaw::InAddress => format!("/account?sid={identifier}"),
        _ => "/account".into(),
    };
    ([(header::SET_COOKIE, app.set_cookie(&identifier))], Redirect::to(&to)).into_response()
}

async fn log_out(State(app): Shared, headers: HeaderMap) -> Response {
    if let Some(identifier) = app.identifier(&headers).filter(|_| app.flaw != Flaw::LogOutEndsNothing) {
        app.sessions.lock().unwrap().remove(&identifier);
    }
    if app.flaw == Flaw::LogOutLeavesCookie {
        return Redirect::to("/login").into_response();
    }
    let line = app.set_cookie("");
    let deleted = format!("{}; Max-Age=0", line.split("; Max-Age").next().unwrap());
    ([(header::SET_COOKIE, deleted)], Redirect::to("/login")).into_response()
}
