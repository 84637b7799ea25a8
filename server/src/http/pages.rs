//! The pages, rendered on the server: one handler for each page of the app.

use super::{
    address::Client,
    other_site::{OtherSite, OtherSites},
    page_cache::{self, PageCache},
    refusal,
    reports::REPORT_PATH,
    state::{AppState, LabSwitch, LiveReload},
};
use any_spawner::Executor;
use app::{
    AppError, PATHS, SCRIPTS, is_same_for_strangers,
    services::Services,
    sessions::{FirstObservation, observation},
    shell,
    wire::TIMING,
};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, header, request::Parts},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{MethodRouter, any, get},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use leptos::{config::LeptosOptions, nonce::use_nonce, prelude::*};
use leptos_axum::{ResponseOptions, render_app_async_with_context};
use sha2::{Digest, Sha256};
use std::sync::{Arc, LazyLock};
use tower_http::{CompressionLevel, compression::CompressionLayer};

/// By which a page learns the id of its record.
const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// A route for each page of the app.
pub(crate) fn routes(state: &AppState) -> Router<AppState> {
    // Signals wake their readers on the server's own threads. It is set for the process; a second router finds it there.
    let _ = Executor::init_tokio();
    let pages = PATHS.iter().fold(Router::new(), |router, path| router.route(path, get(render)));
    pages
        .layer(compression())
        .layer(from_fn_with_state(PageCache::default(), page_cache::keep))
        .layer(from_fn_with_state(state.clone(), begin_record))
}

/// A level above the default: a page is a tenth smaller for a tenth of a millisecond; the next one gains nothing.
fn compression() -> CompressionLayer {
    CompressionLayer::new().quality(CompressionLevel::Precise(5))
}

/// The page for an address that none of the routes knows.
pub(crate) fn not_found(state: &AppState) -> MethodRouter<AppState> {
    any(render).layer(from_fn_with_state(state.clone(), begin_record))
}

/// Begins the record of a document, and tells the document its id.
async fn begin_record(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let AppState { lab: LabSwitch(lab), wire, .. } = state;
    let client = request.extensions().get::<Client>().copied().unwrap_or_default();
    let id = if lab && *request.method() == Method::GET { wire.open_page(client) } else { None };
    let mut page = next.run(request).await;
    if let Some(id) = id
        && let Ok(told) = HeaderValue::try_from(format!("{TIMING};desc=\"{}\"", id.0))
    {
        page.headers_mut().insert(SERVER_TIMING, told);
        page.extensions_mut().insert(id);
    }
    page
}

/// Renders in a task of its own: Leptos panics when a client hangs up and the page's signals go while it still renders.
async fn render(State(state): State<AppState>, mut request: Request<Body>) -> Response {
    let AppState { site, live_reload: LiveReload(live_reload), services, other_sites, app, .. } = state;
    if request.uri().path() == "/" {
        let (head, body) = request.into_parts();
        let seen = observation(&*services.values, &head).await;
        request = Request::from_parts(head, body);
        request.extensions_mut().insert(FirstObservation(seen));
    }
    let context = page_context(live_reload.as_deref(), services, other_sites);
    let handler = render_app_async_with_context(context, move || {
        shell(&site.files, app.0.is_some(), live_reload.as_deref().cloned())
    });
    let rendering = tokio::spawn(async move {
        let (head, body) = handler(request).await.into_response().into_parts();
        Ok::<_, axum::Error>((head, to_bytes(body, usize::MAX).await?))
    });
    let Ok(Ok((head, page))) = rendering.await else { return refusal(AppError::Internal) };
    let mut page = Response::from_parts(head, Body::from(page));
    page.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    page
}

/// What Leptos writes into a page that has no resources: its program looks for these lists.
const LISTS_OF_LEPTOS: [&str; 2] = [
    "__RESOLVED_RESOURCES=[];__SERIALIZED_ERRORS=[];__PENDING_RESOURCES=[];__RESOURCE_RESOLVERS=[];",
    "__INCOMPLETE_CHUNKS=[];",
];
/// The scripts within a page as its policy names them, by their hashes (CSP Level 3, §2.3.1): the head's, which is the same
/// everywhere, and the lists.
static HEAD_SCRIPT: LazyLock<String> = LazyLock::new(|| by_hash(&SCRIPTS));
static LISTS: LazyLock<String> = LazyLock::new(|| LISTS_OF_LEPTOS.map(by_hash).join(" "));

fn by_hash(script: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(script)))
}

fn page_context(
    live_reload: Option<&LeptosOptions>,
    services: Arc<Services>,
    other_sites: OtherSites,
) -> impl Fn() + Clone + Send + Sync + use<> {
    // It is reached under whatever name the page was opened.
    let live_reload = live_reload.map(|options| options.reload_port);
    move || {
        services.provide();
        let (Some(head), Some(response)) = (use_context::<Parts>(), use_context::<ResponseOptions>()) else { return };
        // A page that is kept for others has none that is new each time.
        let is_fixed = live_reload.is_none() && is_same_for_strangers(head.uri.path());
        let others = match use_nonce() {
            Some(nonce) if !is_fixed => format!("'nonce-{nonce}'"),
            _ => LISTS.clone(),
        };
        let its_socket = live_reload.map(|port| format!(" ws://*:{port}")).unwrap_or_default();
        let other = OtherSite::find(&other_sites, &head);
        let policy = format!(
            "default-src 'none'; script-src 'self' {scripts} {others} 'wasm-unsafe-eval'; style-src 'self'; \
             img-src 'self'; connect-src 'self'{its_socket}; frame-src 'self'{other_site}; form-action 'self'; base-uri 'none'; object-src 'none'; \
             frame-ancestors 'none'; report-uri {REPORT_PATH}",
            scripts = *HEAD_SCRIPT,
            other_site = other.in_policy()
        );
        if let Ok(policy) = HeaderValue::try_from(policy) {
            response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        }
    }
}
