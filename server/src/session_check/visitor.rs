//! Somebody who visits the app: keeps its cookies as a browser does (RFC 6265 §5), sends forms and follows redirects.

use super::{
    CheckError,
    exchange::{Cookies, Exchange, Stage, at},
    form::hidden_fields,
    plan::{COOKIE, Step},
};
use crate::app_proxy::{Upstream, in_words};
use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
};
use cookie::Cookie;
use cookie_store::CookieStore;
use futures::StreamExt;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use std::{cmp::Reverse, time::Duration};
use tokio::time::timeout;
use url::Url;

/// How long the app may take for an answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// How a check without a browser names itself.
const AGENT: &str = concat!("storage-lab/", env!("CARGO_PKG_VERSION"), " check-session");
/// How much of a body is looked at, in bytes.
const MOST_OF_A_BODY: usize = 1024 * 1024;
/// As many redirects as browsers follow (Fetch standard, §4.4).
const MOST_REDIRECTS: usize = 20;

/// The app that is visited.
pub(super) struct App {
    pub url: Url,
    pub upstream: Upstream,
    /// Whom requests come from: an app may hold a session against it.
    pub agent: String,
}

/// Somebody with cookies of their own.
#[derive(Clone, Default)]
pub(super) struct Visitor {
    jar: CookieStore,
    /// The page that was answered last.
    page: Option<Exchange>,
}

/// A request.
#[derive(Clone)]
pub(super) struct Ask {
    method: Method,
    url: Url,
    carried: Cookies,
    content: Option<Content>,
    fields: Vec<(HeaderName, HeaderValue)>,
    /// The page that it comes from.
    from: Option<Url>,
}

/// What a request sends.
#[derive(Clone)]
struct Content {
    kind: HeaderValue,
    bytes: Bytes,
}

impl Ask {
    /// For a page, with these cookies.
    pub fn page(url: &Url, carried: Cookies) -> Self {
        Self { method: Method::GET, url: url.clone(), carried, content: None, fields: Vec::new(), from: None }
    }

    fn into_request(self, app: &App) -> Result<Request, axum::http::Error> {
        // What a browser says when its visitor follows a link or sends a form of the app's own page.
        let mut request = Request::builder()
            .method(self.method)
            .uri(self.url.as_str())
            .header(header::HOST, app.upstream.origin.authority.as_str())
            .header(header::USER_AGENT, &app.agent)
            .header(header::ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8")
            .header("sec-fetch-site", if self.from.is_some() { "same-origin" } else { "none" })
            .header("sec-fetch-mode", "navigate")
            .header("sec-fetch-dest", "document");
        if !self.carried.is_empty() {
            let pairs: Vec<_> = self.carried.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, pairs.join("; "));
        }
        if let Some(from) = self.from {
            request = request.header(header::REFERER, from.as_str());
        }
        let mut request = match self.content {
            None => request.body(Body::empty())?,
            Some(Content { kind, bytes }) => request
                .header(header::ORIGIN, app.url.origin().ascii_serialization())
                .header(header::CONTENT_TYPE, kind)
                .header(header::CONTENT_LENGTH, bytes.len())
                .body(Body::from(bytes))?,
        };
        for (name, value) in self.fields {
            request.headers_mut().insert(name, value);
        }
        Ok(request)
    }
}

impl App {
    /// The app at this origin.
    ///
    /// # Errors
    /// [`CheckError::Internal`] for what is no origin.
    pub fn new(upstream: Upstream, agent: Option<&str>) -> Result<Self, CheckError> {
        let url = Url::parse(&upstream.origin.to_string()).map_err(|error| CheckError::Internal(error.to_string()))?;
        Ok(Self { url, upstream, agent: agent.unwrap_or(AGENT).to_owned() })
    }

    /// The address of a target of this app.
    pub fn at(&self, target: &str) -> Url {
        at(&self.url, target)
    }

    /// Sends a request, and waits for the answer and the beginning of its body.
    pub async fn ask(&self, ask: Ask, stage: Stage) -> Result<Exchange, CheckError> {
        // Whatever led here: no cookie of the app's goes anywhere else.
        if ask.url.origin() != self.url.origin() {
            return Err(CheckError::Elsewhere(ask.url.origin().ascii_serialization()));
        }
        let (method, url, carried) = (ask.method.clone(), ask.url.clone(), ask.carried.clone());
        let request = ask.into_request(self).map_err(|error| CheckError::Plan(error.to_string()))?;
        let answer = async {
            let answer = self.upstream.send(request, false).await;
            let (head, body) = answer.map_err(|error| CheckError::NoAnswer(in_words(&error).join(". ")))?.into_parts();
            let (mut pieces, mut bytes) = (Body::new(body).into_data_stream(), Vec::new());
            while bytes.len() < MOST_OF_A_BODY
                && let Some(piece) = pieces.next().await
            {
                bytes.extend_from_slice(&piece.map_err(|error| CheckError::NoAnswer(error.to_string()))?);
            }
            Ok((head, bytes))
        };
        let late = |_| CheckError::NoAnswer(format!("{} takes longer than {} s", url.path(), PATIENCE.as_secs()));
        let (head, bytes) = timeout(PATIENCE, answer).await.map_err(late)??;
        Ok(Exchange { stage, method, url, carried, status: head.status, headers: head.headers, body: bytes.into() })
    }
}

impl Visitor {
    /// The cookies that go along to an address, those with the longest path first (RFC 6265 §5.4).
    pub fn cookies(&self, url: &Url) -> Cookies {
        let mut cookies = self.jar.matches(url);
        cookies.sort_by_key(|cookie| (Reverse(cookie.path.len()), cookie.name().to_owned()));
        cookies.into_iter().map(|cookie| (cookie.name().to_owned(), cookie.value().to_owned())).collect()
    }

    /// Keeps a cookie that this visitor was never sent, as if it had been set at this address.
    pub fn plant(&mut self, cookie: &Cookie<'_>, url: &Url) -> Result<(), CheckError> {
        let planted = self.jar.insert_raw(cookie, url);
        planted.map(drop).map_err(|error| CheckError::Internal(error.to_string()))
    }

    /// Asks for a page, and follows no redirect.
    pub async fn get(&mut self, app: &App, url: &Url, stage: Stage) -> Result<Exchange, CheckError> {
        let exchange = app.ask(Ask::page(url, self.cookies(url)), stage).await?;
        self.keep(&exchange);
        Ok(exchange)
    }

    /// Takes a step with its redirects; the exchanges in their order.
    pub async fn take(&mut self, app: &App, step: &Step, stage: Stage) -> Result<Vec<Exchange>, CheckError> {
        let url = app.at(step.path());
        let mut ask = Ask {
            method: if step.get.is_some() { Method::GET } else { Method::POST },
            content: self.content(step, &url)?,
            fields: self.fields(step, &url)?,
            ..Ask::page(&url, Vec::new())
        };
        let mut exchanges = Vec::new();
        for _ in 0..=MOST_REDIRECTS {
            ask.carried = self.cookies(&ask.url);
            ask.from = self.page.as_ref().map(|page| page.url.clone());
            let exchange = app.ask(ask.clone(), stage).await?;
            self.keep(&exchange);
            let next = exchange.location();
            let status = exchange.status;
            exchanges.push(exchange);
            let Some(next) = next else { return Ok(exchanges) };
            if next.origin() != app.url.origin() {
                return Err(CheckError::Elsewhere(next.origin().ascii_serialization()));
            }
            // As browsers do (Fetch standard, §4.4): all but 307 and 308 lead on by GET.
            if !matches!(status, StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT) {
                (ask.method, ask.content) = (Method::GET, None);
            }
            ask.url = next;
        }
        Err(CheckError::Circle(ask.url.path().to_owned()))
    }

    fn keep(&mut self, exchange: &Exchange) {
        for cookie in exchange.set_cookies() {
            // One that browsers would not take is not taken here.
            let _ = self.jar.insert_raw(&cookie, &exchange.url);
        }
        if exchange.status.is_success() {
            self.page = Some(exchange.clone());
        }
    }

    fn content(&self, step: &Step, url: &Url) -> Result<Option<Content>, CheckError> {
        if let Some(members) = &step.json {
            let mut object = serde_json::to_value(members).map_err(|error| CheckError::Plan(error.to_string()))?;
            self.look_up(&mut object, url)?;
            let bytes = object.to_string().into();
            return Ok(Some(Content { kind: HeaderValue::from_static("application/json"), bytes }));
        }
        if step.get.is_some() {
            return Ok(None);
        }
        let own = step.form.clone().unwrap_or_default();
        let mut fields = form_urlencoded::Serializer::new(String::new());
        let hidden = self.page.iter().flat_map(|page| hidden_fields(&page.text(), &page.url, url));
        for (name, value) in hidden.filter(|(name, _)| !own.contains_key(name)) {
            fields.append_pair(&name, &value);
        }
        for (name, value) in &own {
            fields.append_pair(name, &self.value(value, url)?);
        }
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        Ok(Some(Content { kind, bytes: fields.finish().into() }))
    }

    /// Looks up what stands for a cookie, wherever in an object.
    fn look_up(&self, value: &mut Value, url: &Url) -> Result<(), CheckError> {
        match value {
            Value::String(text) => *text = self.value(text, url)?,
            Value::Array(values) => values.iter_mut().try_for_each(|value| self.look_up(value, url))?,
            Value::Object(members) => members.values_mut().try_for_each(|value| self.look_up(value, url))?,
            _ => {}
        }
        Ok(())
    }

    fn fields(&self, step: &Step, url: &Url) -> Result<Vec<(HeaderName, HeaderValue)>, CheckError> {
        let field = |(name, value): (&String, &String)| {
            let unusable = |_| CheckError::Plan(format!("{name:?} and its value are no header field"));
            let name_of = HeaderName::try_from(name.as_str()).map_err(|_| unusable(()))?;
            Ok((name_of, HeaderValue::try_from(self.value(value, url)?).map_err(|_| unusable(()))?))
        };
        step.headers.iter().map(field).collect()
    }

    /// A value of the plan, with what stands for a cookie looked up.
    fn value(&self, value: &str, url: &Url) -> Result<String, CheckError> {
        let Some(name) = value.strip_prefix(COOKIE) else { return Ok(value.to_owned()) };
        let found = self.cookies(url).into_iter().find(|(cookie, _)| cookie == name);
        // As the scripts of Angular, axios and Laravel read it.
        let read = |(_, value): (String, String)| percent_decode_str(&value).decode_utf8_lossy().into_owned();
        found.map(read).ok_or_else(|| CheckError::Plan(format!("no cookie {name} is there when {value} is sent")))
    }
}
