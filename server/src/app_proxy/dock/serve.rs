//! `/dock.js` and `/dock`: both are there where an app is in front, for this machine alone. They are the only answers of the lab's that
//! pages of other origins may load, and `/dock` the only page that they may frame: those of the port and of the app.

use super::{Dock, PAGE, SCRIPT, is_host_of_policies};
use crate::{
    app_proxy::{AppInFront, only_here},
    http::{
        Peers, isolation,
        security_headers::{ForEveryOrigin, MayBeFramed, NoDocument},
    },
};
use app::DockedIn;
use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};

const EMBEDDER_POLICY: HeaderName = HeaderName::from_static("cross-origin-embedder-policy");
/// What the policy of the lab's pages says of frames.
const IN_NO_FRAME: &str = "frame-ancestors 'none'";

/// Serves these two by what is further in, and lets all other requests pass.
pub(crate) async fn serve(
    State((AppInFront(app), peers)): State<(AppInFront, Peers)>,
    mut request: Request,
    next: Next,
) -> Response {
    let is_page = request.uri().path() == PAGE;
    // Other methods are refused further in.
    let is_read = [Method::GET, Method::HEAD].contains(request.method());
    if !is_page && request.uri().path() != SCRIPT || !is_read {
        return next.run(request).await;
    }
    let Some(wire) = app else { return StatusCode::NOT_FOUND.into_response() };
    // Cookies come along from the app's port: it may frame the page, and not have its bytes.
    if is_page && !isolation::may_have_page(request.headers()) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let origins = docked_in(&wire.dock, &request);
    request.extensions_mut().insert(DockedIn(origins.clone()));
    let mut answer = only_here(State(peers), request, next).await;
    if !answer.status().is_success() && answer.status() != StatusCode::NOT_MODIFIED {
        return answer;
    }
    // A page under COEP loads nothing else, and frames only what is under COEP itself (HTML §7.1.4).
    answer.extensions_mut().insert(ForEveryOrigin);
    if is_page {
        answer.headers_mut().insert(EMBEDDER_POLICY, HeaderValue::from_static("require-corp"));
        let_into_frames(&mut answer, &origins);
    } else {
        answer.extensions_mut().insert(NoDocument);
        // It tells where the panel was left.
        answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    answer
}

/// The origins that may frame the dock that this request asks for.
fn docked_in(dock: &Dock, request: &Request) -> Vec<String> {
    let named = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()?.parse::<Authority>().ok());
    let authority = request.uri().authority().cloned().or(named);
    authority.map(|authority| dock.allowed_origins(authority.host())).unwrap_or_default()
}

/// Lets these origins frame a page, as far as a policy can name them.
fn let_into_frames(answer: &mut Response, origins: &[String]) {
    let host = |origin: &&String| {
        let authority = origin.split_once("://").and_then(|(_, authority)| authority.parse::<Authority>().ok());
        authority.is_some_and(|authority| is_host_of_policies(authority.host()))
    };
    let list = origins.iter().filter(host).map(String::as_str).collect::<Vec<_>>().join(" ");
    let policy = answer.headers().get(header::CONTENT_SECURITY_POLICY).and_then(|policy| policy.to_str().ok());
    let changed = policy
        .filter(|policy| policy.contains(IN_NO_FRAME) && !list.is_empty())
        .and_then(|policy| HeaderValue::try_from(policy.replace(IN_NO_FRAME, &format!("frame-ancestors {list}"))).ok());
    if let Some(policy) = changed {
        answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        answer.extensions_mut().insert(MayBeFramed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use rstest::rstest;

    const POLICY: &str = "default-src 'none'; frame-ancestors 'none'; report-uri /csp-report";

    fn framed(origins: &[&str]) -> (String, bool) {
        let mut answer = Response::new(Body::empty());
        answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        let_into_frames(&mut answer, &origins.iter().map(|origin| (*origin).to_owned()).collect::<Vec<_>>());
        let policy = answer.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
        (policy, answer.extensions().get::<MayBeFramed>().is_some())
    }

    #[rstest]
    #[case(&["http://127.0.0.1:3100", "https://app.test"], "http://127.0.0.1:3100 https://app.test")]
    #[case(&["http://[::1]:3100", "http://a_b.test", "http://127.0.0.1:3100"], "http://127.0.0.1:3100")]
    fn the_origins_that_a_policy_can_name_may_frame_it(#[case] origins: &[&str], #[case] expected: &str) {
        let expected = POLICY.replace("'none'; report", &format!("{expected}; report"));
        assert_eq!(framed(origins), (expected, true));
    }

    #[test]
    fn where_none_can_be_named_nobody_may() {
        for origins in [&[][..], &["http://[::1]:3100"], &["http://a;script-src *.localhost:3100"]] {
            assert_eq!(framed(origins), (POLICY.to_owned(), false));
        }
    }
}
