//! `/lab/guestbook`: a page of this origin into which a script was "injected". The script is always this one and nothing
//! of the request comes into the page, so the hole leads nowhere: it reads what any script of the page could read of the
//! lab's own entries, and tells the page that frames it.

use super::{
    extract::InQuery,
    frames::{framed, page},
};
use crate::http::{AppState, other_site::OtherSite};
use axum::{Router, response::Response, routing::get};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// What an attacker wrote into the guestbook.
const INJECTED: &str = "\
const lab = (name) => /^(__(host|secure|http|host-http)-)?lab-x/i.test(name);
const cookies = document.cookie.split('; ').filter((pair) => lab(pair));
const storage = Object.entries(localStorage).filter(([name]) => lab(name));
parent.postMessage(JSON.stringify({ injected: { cookies, storage } }), location.origin);
";

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/lab/guestbook", get(guestbook))
}

#[derive(Deserialize)]
struct Guard {
    /// Whether the page's policy forbids scripts that it does not know.
    #[serde(default)]
    guarded: bool,
}

async fn guestbook(InQuery(Guard { guarded }): InQuery<Guard>) -> Response {
    let hash = STANDARD.encode(Sha256::digest(INJECTED));
    let scripts = if guarded { "script-src 'none'".to_owned() } else { format!("script-src 'sha256-{hash}'") };
    let body = format!("<h1>Guestbook</h1><p>Nice page!</p><script>{INJECTED}</script>");
    // In frames of this site alone.
    framed(&OtherSite::default(), &scripts, page("Guestbook", &body))
}
