//! The browser's side: requests that say which page they belong to.

use super::PAGE_HEADER;
use crate::{json::Json, ui::effect};
use futures::{Sink, Stream};
use leptos::{
    prelude::*,
    server_fn::{
        Bytes,
        client::{Client, browser::BrowserClient},
        request::browser::BrowserRequest,
        response::browser::BrowserResponse,
    },
};
use std::sync::OnceLock;

/// This document's id; set in the browser only.
static PAGE_ID: OnceLock<String> = OnceLock::new();

/// This document's id, where the server keeps a record of it: the value of [`PAGE_HEADER`].
pub fn page_id() -> Option<String> {
    PAGE_ID.get().cloned()
}

/// Reads the id that came along with the page.
pub(crate) fn learn_page_id() {
    let id = SharedValue::<_, Json>::new_with_encoding(id_of_document).into_inner();
    // Effects run in the browser only: one server renders many pages.
    effect(move || {
        if let Some(id) = &id {
            let _ = PAGE_ID.set(id.clone());
        }
    });
}

/// Known on the server; the browser reads it from the page.
fn id_of_document() -> Option<String> {
    #[cfg(feature = "ssr")]
    return crate::services::page_id();
    #[cfg(not(feature = "ssr"))]
    None
}

/// Calls a server function as every browser client does, with the page's id.
pub struct WireClient;

impl<E, I, O> Client<E, I, O> for WireClient
where
    E: FromServerFnError,
    I: FromServerFnError,
    O: FromServerFnError,
{
    type Request = BrowserRequest;
    type Response = BrowserResponse;

    fn send(request: BrowserRequest) -> impl Future<Output = Result<BrowserResponse, E>> + Send {
        if let Some(id) = PAGE_ID.get() {
            request.headers().set(PAGE_HEADER, id);
        }
        <BrowserClient as Client<E, I, O>>::send(request)
    }

    fn open_websocket(
        path: &str,
    ) -> impl Future<
        Output = Result<
            (impl Stream<Item = Result<Bytes, Bytes>> + Send + 'static, impl Sink<Bytes> + Send + 'static),
            E,
        >,
    > + Send {
        <BrowserClient as Client<E, I, O>>::open_websocket(path)
    }

    fn spawn(future: impl Future<Output = ()> + Send + 'static) {
        <BrowserClient as Client<E, I, O>>::spawn(future);
    }
}
