//! The pages, rendered on the server: one handler for each page of the app.

use super::{
    address::Client,
    other_site::{OtherSite, OtherSites},
    refusal,
    reports::REPORT_PATH,
    state::{AppState, LabSwitch},
};
use any_spawner::Executor;
use app::{
    AppError, PATHS,
    services::Services,
    sessions::{FirstObservation, observation},
    shell,
};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderValue, Method, header, request::Parts},
    response::{IntoResponse, Response},
    routing::get,
};
use leptos::{config::LeptosOptions, nonce::use_nonce, prelude::*};
use leptos_axum::{ResponseOptions, render_app_async_with_context};
use tower_http::{CompressionLevel, compression::CompressionLayer};

/// A route for each page of the app.
pub(crate) fn routes() -> Router<AppState> {
    // Signals wake their readers on the server's own threads. It is set for the process; a second router finds it there.
    let _ = Executor::init_tokio();
    PATHS.iter().fold(Router::new(), |router, path| router.route(path, get(render))).layer(compression())
}

/// A level above the default: a page is a tenth smaller for a tenth of a millisecond; the next one gains nothing.
fn compression() -> CompressionLayer {
    CompressionLayer::new().quality(CompressionLevel::Precise(5))
}

/// The page for an address that none of the routes knows.
pub(crate) async fn not_found(state: State<AppState>, request: Request) -> Response {
    render(state, request).await
}

/// Renders in a task of its own: Leptos panics when a client hangs up and the page's signals go while it still renders.
async fn render(State(state): State<AppState>, mut request: Request<Body>) -> Response {
    let AppState { options, services, lab: LabSwitch(lab), wire, other_sites, .. } = state;
    let client = request.extensions().get::<Client>().copied().unwrap_or_default();
    let page_id = if lab && *request.method() == Method::GET { wire.open_page(client) } else { None };
    if let Some(id) = page_id.clone() {
        request.extensions_mut().insert(id);
    }
    if request.uri().path() == "/" {
        let (head, body) = request.into_parts();
        let seen = observation(&*services.values, &head).await;
        request = Request::from_parts(head, body);
        request.extensions_mut().insert(FirstObservation(seen));
    }
    let context = page_context(options.clone(), services, other_sites);
    let handler = render_app_async_with_context(context, move || shell(options.clone()));
    let rendering = tokio::spawn(async move {
        let (head, body) = handler(request).await.into_response().into_parts();
        Ok::<_, axum::Error>((head, to_bytes(body, usize::MAX).await?))
    });
    let Ok(Ok((head, page))) = rendering.await else { return refusal(AppError::Internal) };
    let mut page = Response::from_parts(head, Body::from(page));
    page.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(id) = page_id {
        page.extensions_mut().insert(id);
    }
    page
}

fn page_context(
    options: LeptosOptions,
    services: Services,
    other_sites: OtherSites,
) -> impl Fn() + Clone + Send + Sync + 'static {
    // cargo-leptos' live reload, under whatever name the page was opened.
    let live_reload = match options.env {
        Env::DEV => format!(" ws://*:{}", options.reload_port),
        Env::PROD => String::new(),
    };
    move || {
        services.provide();
        let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) else { return };
        let other = use_context::<Parts>().map(|head| OtherSite::find(&other_sites, &head)).unwrap_or_default();
        let policy = format!(
            "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
             img-src 'self'; connect-src 'self'{live_reload}; frame-src 'self'{other_site}; form-action 'self'; base-uri 'none'; object-src 'none'; \
             frame-ancestors 'none'; report-uri {REPORT_PATH}",
            other_site = other.in_policy()
        );
        if let Ok(policy) = HeaderValue::try_from(policy) {
            response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        }
    }
}
