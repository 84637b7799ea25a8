//! Requests of this page to its server: the browser's side has this HTTP client and no other.

use crate::{
    AppError,
    json::FromJson,
    wire::{PAGE_HEADER, page_id},
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReferrerPolicy, RequestCredentials, RequestInit};

/// A request: a `POST` with a form's fields, else a `GET`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    /// The path with its query.
    pub path: String,
    /// URL-encoded.
    pub form: Option<String>,
    pub headers: Vec<(&'static str, String)>,
    /// Whether the browser's cookies go along.
    pub cookies: bool,
    /// Whether the address of this page goes along, as `Referer`.
    pub referrer: bool,
}

impl Request {
    pub fn get(path: impl Into<String>) -> Self {
        Self { path: path.into(), form: None, headers: Vec::new(), cookies: true, referrer: true }
    }

    pub fn post<N: AsRef<str>, V: AsRef<str>>(
        path: impl Into<String>,
        fields: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        Self { form: Some(form), ..Self::get(path) }
    }

    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Recorded by the server with the other requests of this page, where it keeps such a record.
    #[must_use]
    pub fn recorded(self) -> Self {
        match page_id() {
            Some(page) => self.header(PAGE_HEADER, page),
            None => self,
        }
    }

    /// Sends it and waits for the head of the answer, whatever its status.
    ///
    /// # Errors
    /// [`AppError::BadRequest`] where the browser cannot send such a request, [`AppError::Unreachable`].
    pub async fn send(&self) -> Result<Response, AppError> {
        let request = self.prepared().map_err(|_| AppError::BadRequest)?;
        let window = web_sys::window().ok_or(AppError::Unreachable)?;
        let answer = JsFuture::from(window.fetch_with_request(&request)).await.map_err(|_| AppError::Unreachable)?;
        Ok(Response(answer.unchecked_into()))
    }

    /// The address goes out as it stands here, to the letter.
    fn prepared(&self) -> Result<web_sys::Request, JsValue> {
        let init = RequestInit::new();
        if let Some(form) = &self.form {
            init.set_method("POST");
            init.set_body(&JsValue::from_str(form));
        }
        if !self.cookies {
            init.set_credentials(RequestCredentials::Omit);
        }
        if !self.referrer {
            init.set_referrer_policy(ReferrerPolicy::NoReferrer);
        }
        let request = web_sys::Request::new_with_str_and_init(&self.path, &init)?;
        if self.form.is_some() {
            request.headers().set("content-type", "application/x-www-form-urlencoded")?;
        }
        for (name, value) in &self.headers {
            request.headers().set(name, value)?;
        }
        Ok(request)
    }
}

/// An answer, of which the head is there.
pub(crate) struct Response(web_sys::Response);

impl Response {
    pub fn status(&self) -> u16 {
        self.0.status()
    }

    /// A header field's value.
    pub fn header(&self, name: &str) -> Option<String> {
        self.0.headers().get(name).ok().flatten()
    }

    /// The body as text.
    ///
    /// # Errors
    /// [`AppError::Unreachable`] where it does not arrive.
    pub async fn text(self) -> Result<String, AppError> {
        let body = self.0.text().map_err(|_| AppError::Unreachable)?;
        let body = JsFuture::from(body).await.map_err(|_| AppError::Unreachable)?;
        body.as_string().ok_or(AppError::Internal)
    }

    /// The body as what the browser makes of its JSON.
    ///
    /// # Errors
    /// [`AppError::Internal`] where it is none.
    pub async fn json(self) -> Result<JsValue, AppError> {
        let body = self.0.json().map_err(|_| AppError::Internal)?;
        JsFuture::from(body).await.map_err(|_| AppError::Internal)
    }

    /// The same where it is a success.
    ///
    /// # Errors
    /// What the server says is wrong; [`AppError::Internal`] where an answer is none of ours, a proxy's perhaps.
    pub async fn success(self) -> Result<Self, AppError> {
        if self.0.ok() {
            return Ok(self);
        }
        Err(AppError::from_wire(&self.text().await?).unwrap_or(AppError::Internal))
    }
}

/// Reads what the browser made of an answer's JSON.
///
/// # Errors
/// [`AppError::Internal`] where it is something else.
pub(crate) fn read<T: FromJson>(json: &JsValue) -> Result<T, AppError> {
    T::from_json(json).ok_or(AppError::Internal)
}
