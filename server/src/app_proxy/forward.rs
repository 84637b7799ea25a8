//! One request on its way to the app, and the answer on its way back. Bodies are handed on as they come, pages with the dock's line.

use super::{
    absent, headers,
    origin::Origin,
    upstream::Upstream,
    wire::{MOST_OF_WEB_STORAGE, WebStorage, Wire},
};
use axum::{
    Json,
    body::{Body, to_bytes},
    extract::{ConnectInfo, Request, State},
    http::{StatusCode, Uri, Version, header, uri::Scheme},
    response::{IntoResponse, Response},
};
use hyper::{ext::ReasonPhrase, upgrade::OnUpgrade};
use hyper_util::rt::TokioIo;
use std::{net::SocketAddr, sync::Arc};
use tokio::io::copy_bidirectional;

/// What a request needs to find its way.
#[derive(Clone)]
pub(super) struct Forwarding {
    pub upstream: Upstream,
    /// Whether browsers come by HTTPS.
    pub is_tls: bool,
    /// Notes what goes through.
    pub wire: Arc<Wire>,
}

impl Forwarding {
    /// The origin under which the browser asks.
    fn own_origin(&self, request: &Request) -> Option<Origin> {
        let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()?.parse().ok());
        let authority = host.or_else(|| request.uri().authority().cloned())?;
        Some(Origin { scheme: if self.is_tls { Scheme::HTTPS } else { Scheme::HTTP }, authority })
    }
}

/// Sends a request on and answers as the app does; where that is not there, says so.
pub(super) async fn forward(
    State(forwarding): State<Forwarding>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let app = &forwarding.upstream.origin;
    let Some(own) = forwarding.own_origin(&request) else { return StatusCode::BAD_REQUEST.into_response() };
    let (mut parts, body) = request.into_parts();
    let changes_protocol = headers::upgrade(&parts.headers).is_some() && parts.version == Version::HTTP_11;
    let browser = parts.extensions.remove::<OnUpgrade>().filter(|_| changes_protocol);
    let is_shown = absent::is_shown(&parts);
    let docked = forwarding.wire.dock.asked(&mut parts, &own);
    headers::to_app(&mut parts.headers, &own, app);
    if forwarding.wire.probes.take(&parts.headers) {
        return (StatusCode::NO_CONTENT, [(header::CACHE_CONTROL, "no-store")]).into_response();
    }
    if WebStorage::is_told(&parts.method, &parts.headers) {
        let told = to_bytes(body, MOST_OF_WEB_STORAGE).await.unwrap_or_default();
        // Whether the page is asked for more. A refusal would stand in the app's console.
        return Json(forwarding.wire.web_storage.keep(&told)).into_response();
    }
    let noted = forwarding.wire.note(&parts, &own, Some(peer.ip()));
    let mut target = Uri::builder().scheme(app.scheme.clone()).authority(app.authority.clone());
    if let Some(path) = parts.uri.path_and_query() {
        target = target.path_and_query(path.clone());
    }
    let Ok(target) = target.build() else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let mut onward = Request::new(body);
    *onward.method_mut() = parts.method;
    *onward.uri_mut() = target;
    *onward.headers_mut() = parts.headers;

    let mut answer = match forwarding.upstream.send(onward, changes_protocol).await {
        Ok(answer) => answer,
        Err(error) => {
            let answer = absent::answer(app, is_shown, &error);
            noted.answered(answer.status(), answer.headers(), &[]);
            return answer;
        }
    };
    if answer.status() == StatusCode::SWITCHING_PROTOCOLS {
        let app_side = hyper::upgrade::on(&mut answer);
        let Some(browser) = browser else { return StatusCode::BAD_GATEWAY.into_response() };
        tokio::spawn(join(browser, app_side));
    }
    let (mut parts, body) = answer.into_parts();
    let reason = parts.extensions.remove::<ReasonPhrase>();
    let lines: Vec<_> = parts.headers.get_all(header::SET_COOKIE).iter().cloned().collect();
    headers::to_browser(&mut parts.headers, &own, app);
    noted.answered(parts.status, &parts.headers, &lines);
    let body = Body::new(body);
    let body = match docked {
        Some(asked) => asked.answered(&mut parts, body),
        None => body,
    };
    let mut back = Response::new(body);
    *back.status_mut() = parts.status;
    *back.headers_mut() = parts.headers;
    if let Some(reason) = reason {
        back.extensions_mut().insert(reason);
    }
    back
}

/// Hands bytes on in both directions, until both have ended.
async fn join(browser: OnUpgrade, app: OnUpgrade) {
    let (Ok(browser), Ok(app)) = tokio::join!(browser, app) else { return };
    // Who hangs up ends both.
    let _ = copy_bidirectional(&mut TokioIo::new(browser), &mut TokioIo::new(app)).await;
}
