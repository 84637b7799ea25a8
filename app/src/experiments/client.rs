//! Requests to the lab's endpoints, and what came of them.

use super::{model::Trouble, test_account::answers::MASK};
use crate::{
    AppError,
    browser::{
        cookies::{cookie_string, parse},
        watch::clock,
    },
    client::http::Request,
    json,
    wire::Received,
};
use gloo_timers::future::TimeoutFuture;
use serde::de::DeserializeOwned;
use std::fmt::{self, Write};

/// How often a request is sent again after a rest.
const RESTS: u32 = 10;
/// A longer rest, in seconds, is not taken: it would seem that nothing goes on.
const LONGEST_REST: u32 = 2;

/// A request of the page to its server. As text it is the JavaScript that does the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ask(Request);

impl Ask {
    pub fn get(path: impl Into<String>) -> Self {
        Self(Request::get(path))
    }

    /// With a form's fields.
    pub fn post(path: impl Into<String>, fields: &[(&str, &str)]) -> Self {
        Self(Request::post(path, fields.iter().copied()))
    }

    #[must_use]
    pub fn header(self, name: &'static str, value: impl Into<String>) -> Self {
        Self(self.0.header(name, value))
    }

    /// Without cookies and without the address of this page, so that nothing comes along that was not asked for.
    #[must_use]
    pub fn bare(self) -> Self {
        Self(Request { cookies: false, referrer: false, ..self.0 })
    }

    /// Recorded by the server with the other requests of this page, where it keeps such a record.
    #[must_use]
    pub fn recorded(self) -> Self {
        Self(self.0.recorded())
    }

    /// Method and path.
    pub(super) fn address(&self) -> String {
        let method = if self.0.form.is_some() { "POST" } else { "GET" };
        format!("{method} {}", self.0.path)
    }

    /// Sends it, and again where the lab asks for a short rest, as it does when a class is at work behind one address.
    /// Experiments ask through [`super::run::Run::ask`].
    pub(super) async fn send(&self) -> Result<Answer, Trouble> {
        let mut answer = self.send_once().await?;
        for _ in 0..RESTS {
            let Some(seconds) = answer.rest() else { break };
            TimeoutFuture::new(seconds * 1_000).await;
            answer = self.send_once().await?;
        }
        Ok(answer)
    }

    async fn send_once(&self) -> Result<Answer, Trouble> {
        let known = parse(&cookie_string()).into_iter().map(|cookie| (cookie.name, cookie.value)).collect();
        let began = clock();
        let answer = self.0.send().await?;
        let took_ms = clock() - began;
        Ok(Answer { status: answer.status(), body: answer.text().await?, took_ms, known })
    }
}

impl fmt::Display for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Request { path, form, headers, cookies, referrer } = &self.0;
        let mut options = Vec::new();
        if let Some(form) = form {
            options.push("method: 'POST'".to_owned());
            options.push(format!("body: new URLSearchParams('{form}')"));
        }
        if !headers.is_empty() {
            let headers: Vec<_> = headers.iter().map(|(name, value)| format!("'{name}': '{value}'")).collect();
            options.push(format!("headers: {{ {} }}", headers.join(", ")));
        }
        if !cookies {
            options.push("credentials: 'omit'".to_owned());
        }
        if !referrer {
            options.push("referrerPolicy: 'no-referrer'".to_owned());
        }
        match options.is_empty() {
            true => write!(f, "fetch('{path}')"),
            false => write!(f, "fetch('{path}', {{ {} }})", options.join(", ")),
        }
    }
}

/// An answer, whatever its status.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub status: u16,
    pub body: String,
    /// From asking to the answer's head.
    pub took_ms: f64,
    /// The cookies that scripts saw when it was asked.
    known: Vec<(String, String)>,
}

impl Answer {
    /// How many seconds the server asks to wait, where that is bearable.
    fn rest(&self) -> Option<u32> {
        match AppError::from_wire(&self.body) {
            Some(AppError::TooManyAttempts(seconds)) => Some(seconds).filter(|seconds| *seconds <= LONGEST_REST),
            _ => None,
        }
    }

    /// The same where it is a success, else what the server says is wrong.
    pub fn ok(self) -> Result<Self, Trouble> {
        match (self.status, AppError::from_wire(&self.body)) {
            (200..300, _) => Ok(self),
            (_, Some(error)) => Err(error.into()),
            (404, None) => Err(Trouble::cannot_be_tried(
                "This server does not offer what the experiment asks of it: its operator has switched the lab off. What is \
                 written here can be read all the same.",
            )),
            (_, None) => Err(AppError::Internal.into()),
        }
    }

    /// The body as JSON.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Trouble> {
        json::read(&self.body).map_err(|_| AppError::Internal.into())
    }

    /// The body of an answer from `/lab/echo`.
    pub fn echo(self) -> Result<Echo, Trouble> {
        let received = json::parse(&self.body).ok_or(AppError::Internal)?;
        Ok(Echo { received, known: self.known })
    }
}

/// A request as the server received it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Echo {
    pub received: Received,
    known: Vec<(String, String)>,
}

impl Echo {
    /// Its head. The server does not tell the values of cookies: those that scripts see are filled in, the others masked.
    pub fn head(&self) -> String {
        let Received { method, path, fields, .. } = &self.received;
        let mut head = format!("{method} {path}");
        for field in fields {
            let value = match field.cookies.is_empty() {
                true => field.value.clone(),
                false => field
                    .cookies
                    .iter()
                    .map(|cookie| self.pair(&cookie.name, cookie.bytes))
                    .collect::<Vec<_>>()
                    .join("; "),
            };
            let _ = write!(head, "\n{}: {value}", field.name);
        }
        head
    }

    fn pair(&self, name: &str, bytes: u32) -> String {
        let fits = |(known, value): &&(String, String)| known == name && known.len() + value.len() == bytes as usize;
        let value = self.known.iter().find(fits).map_or(MASK, |(_, value)| value);
        format!("{name}={value}")
    }

    /// What its header fields take on the wire.
    pub fn bytes(&self) -> u32 {
        self.received.fields.iter().map(|field| field.bytes).sum()
    }

    /// Name and value, in bytes, of a cookie that it carried.
    pub fn carried(&self, cookie: &str) -> Option<u32> {
        self.received.cookies.iter().find(|carried| carried.name == cookie).map(|carried| carried.bytes)
    }

    /// A header field's value.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.received.fields.iter().find(|field| field.name == name).map(|field| field.value.as_str())
    }

    /// Whether a text stands anywhere in it but in the values of its cookies.
    pub fn says(&self, text: &str) -> bool {
        let Received { path, fields, .. } = &self.received;
        path.contains(text) || fields.iter().any(|field| field.value.contains(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{HeaderField, ReceivedCookie};

    #[test]
    fn a_request_is_told_as_the_javascript_that_does_the_same() {
        assert_eq!(Ask::get("/lab/echo").to_string(), "fetch('/lab/echo')");
        let ask = Ask::post("/lab/cookie", &[("line", "lab-a=1; Path=/")]).header("lab-token", "x").bare();
        assert_eq!(
            ask.to_string(),
            "fetch('/lab/cookie', { method: 'POST', body: new URLSearchParams('line=lab-a%3D1%3B+Path%3D%2F'), \
             headers: { 'lab-token': 'x' }, credentials: 'omit', referrerPolicy: 'no-referrer' })"
        );
    }

    #[test]
    fn a_head_has_the_values_that_scripts_see_and_no_others() {
        let cookie = |name: &str, bytes| ReceivedCookie { name: name.into(), bytes };
        let field = |name: &str, value: &str, cookies| HeaderField {
            name: name.into(),
            value: value.into(),
            bytes: 10,
            cookies,
        };
        let cookies = vec![cookie("lab-a", 6), cookie("lab-b", 9), cookie("hidden", 20)];
        let received = Received {
            method: "GET".into(),
            path: "/lab/echo?visitor=7".into(),
            fields: vec![field("host", "localhost", vec![]), field("cookie", "", cookies.clone())],
            cookies,
        };
        let known =
            [("lab-a", "1"), ("lab-b", "changed since")].map(|(name, value)| (name.into(), value.into())).to_vec();
        let echo = Echo { received, known };
        let head = "GET /lab/echo?visitor=7\nhost: localhost\ncookie: lab-a=1; lab-b=••••••••; hidden=••••••••";
        assert_eq!(echo.head(), head);
        assert_eq!((echo.bytes(), echo.carried("lab-b")), (20, Some(9)));
        assert_eq!((echo.says("visitor=7"), echo.says("changed")), (true, false));
    }
}
