//! A client that keeps its session cookie, as a browser or curl would.

use app::accounts::EventKind;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, header},
};
use tower::ServiceExt;

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: impl header::AsHeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn location(&self) -> &str {
        self.header(header::LOCATION)
    }
}

#[derive(Clone)]
pub struct Client {
    router: Router,
    /// `__Host-session=…`, as it is sent.
    pub cookie: Option<String>,
    headers: Vec<(&'static str, String)>,
}

impl Client {
    pub fn new(router: Router) -> Self {
        Self { router, cookie: None, headers: vec![("accept", "application/json".into())] }
    }

    /// The same client with another header in every request.
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.into()));
        self
    }

    /// The same client as a browser without scripts.
    pub fn plain_form(self) -> Self {
        self.with("accept", "text/html,application/xhtml+xml")
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, Body::empty()).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Method::POST, path, Body::from(body)).await
    }

    pub async fn send(&mut self, method: Method, path: &str, body: Body) -> Answer {
        let mut request = Request::builder().method(method).uri(path).body(body).unwrap();
        let usual = [("host", "localhost:3000"), ("content-type", "application/x-www-form-urlencoded")];
        let own = self.headers.iter().map(|(name, value)| (*name, value.as_str()));
        let cookie = self.cookie.iter().map(|cookie| ("cookie", cookie.as_str()));
        for (name, value) in usual.into_iter().chain(own).chain(cookie) {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = answer.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let lines = head.headers.get_all(header::SET_COOKIE).iter().filter_map(|line| line.to_str().ok());
        for line in lines.filter(|line| line.starts_with("__Host-session=")) {
            let pair = line.split(';').next().unwrap();
            self.cookie = (!line.contains("Max-Age=0")).then(|| pair.to_owned());
        }
        Answer {
            status: head.status.as_u16(),
            headers: head.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }

    pub async fn sign_up(&mut self, username: &str, password: &str) -> Answer {
        self.post("/api/signup", &[("username", username), ("password", password)]).await
    }

    pub async fn log_in(&mut self, username: &str, password: &str) -> Answer {
        self.post("/api/login", &[("username", username), ("password", password)]).await
    }

    pub async fn log_out(&mut self) -> Answer {
        self.post("/api/logout", &[]).await
    }

    pub async fn who_am_i(&mut self) -> Answer {
        self.get("/api/whoami").await
    }

    pub async fn put(&mut self, name: &str, value: &str) -> Answer {
        self.post("/api/values/put", &[("name", name), ("value", value)]).await
    }

    /// Confirms the password in the middle of a session.
    pub async fn confirm(&mut self, password: &str) -> Answer {
        self.post("/api/account/confirm", &[("current_password", password)]).await
    }

    pub async fn end_session(&mut self, id: &str) -> Answer {
        self.post("/api/account/end-session", &[("id", id)]).await
    }

    pub async fn change_password(&mut self, current: &str, new: &str, end_others: bool) -> Answer {
        let fields =
            [("current_password", current), ("new_password", new), ("end_others", if end_others { "1" } else { "" })];
        self.post("/api/account/password", &fields).await
    }

    /// What the account page shows.
    pub async fn profile(&mut self) -> app::accounts::Profile {
        let answer = self.post("/api/profile", &[]).await;
        serde_json::from_str(&answer.body).unwrap()
    }

    /// What happened to the account, the latest first.
    pub async fn events(&mut self) -> Vec<EventKind> {
        self.profile().await.events.iter().map(|event| event.kind).collect()
    }

    /// What the server says it sees of this client.
    pub async fn observe(&mut self) -> app::bench::Observation {
        let answer = self.post("/api/observe", &[]).await;
        serde_json::from_str(&answer.body).unwrap()
    }
}
