//! How the first chunk calls server functions: arguments and answers are coded by hand, since serde and server_fn's client
//! would be the larger part of it. The server reads and answers as for every other server function.

use super::http::{self, Request};
use crate::{error::AppError, json::FromJson};
use leptos::server_fn::{
    Http, Protocol,
    client::Client,
    codec::{Json, PostUrl},
    redirect::{REDIRECT_HEADER, call_redirect_hook},
    server::Server,
};
use send_wrapper::SendWrapper;
use std::borrow::Cow;
use wasm_bindgen::JsValue;

/// A field of a form.
pub type FormField<'a> = (&'static str, Cow<'a, str>);

/// The arguments of a server function as a form's fields.
pub trait Arguments {
    /// Whether the server records the request with the others of its page.
    const RECORDED: bool = false;

    /// The fields, as `serde_qs` on the server reads them.
    fn fields(&self) -> Vec<FormField<'_>> {
        Vec::new()
    }
}

/// The protocol: [`Arguments`] there, [`FromJson`] back.
pub struct Direct;

impl<I, O, C, S> Protocol<I, O, C, S, AppError> for Direct
where
    I: Arguments + Send,
    O: FromJson + Send,
    C: Client<AppError>,
    S: Server<AppError>,
    Http<PostUrl, Json>: Protocol<I, O, C, S, AppError>,
{
    const METHOD: ::http::Method = ::http::Method::POST;

    fn run_server<F, Fut>(
        request: S::Request,
        server_fn: F,
    ) -> impl Future<Output = Result<S::Response, AppError>> + Send
    where
        F: Fn(I) -> Fut + Send,
        Fut: Future<Output = Result<O, AppError>> + Send,
    {
        <Http<PostUrl, Json> as Protocol<I, O, C, S, AppError>>::run_server(request, server_fn)
    }

    fn run_client(path: &str, input: I) -> impl Future<Output = Result<O, AppError>> + Send {
        let request = Request::post(path, input.fields());
        let request = if I::RECORDED { request.recorded() } else { request };
        SendWrapper::new(async move { http::read(&call(request).await?) })
    }
}

/// Sends it and follows where the answer leads.
async fn call(request: Request) -> Result<JsValue, AppError> {
    let answer = request.send().await?.success().await?;
    let leads_on = answer.header(REDIRECT_HEADER).and(answer.header("location"));
    let json = answer.json().await?;
    if let Some(location) = leads_on {
        call_redirect_hook(&location);
    }
    Ok(json)
}

/// For the tests of each server function that is called so.
#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use serde::{Serialize, de::DeserializeOwned};

    /// The fields of the arguments are what `serde_qs` writes, and the server reads the same arguments from them.
    pub(crate) fn is_read_by_the_server<I: Arguments + Serialize + DeserializeOwned>(arguments: &I) {
        let form = Request::post("/", arguments.fields()).form.unwrap();
        let read: I = serde_qs::Config::new(5, false).deserialize_str(&form).unwrap();
        let spelled = serde_qs::to_string(arguments).unwrap();
        assert_eq!(serde_qs::to_string(&read).unwrap(), spelled, "{form}");
    }
}
