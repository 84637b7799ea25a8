//! `/lab/runs`: a page of the lab registers a run whose own page acts on the other site, or looks from the other port. What
//! that page may do, and where it is served, is settled here; the page's address holds the run's name and nothing else.

use super::{
    clear,
    extract::{FormOrQuery, Named},
};
use crate::{
    experiments::{Experiments, Run, Task},
    http::{
        AppState, Client,
        other_site::{OtherPort, OtherSites, OwnOrigin},
        refusal,
        text::header_text,
    },
};
use app::{
    AppError,
    experiments::runs::{Registered, SECRET_HEADER},
};
use axum::{
    Extension, Json, Router,
    extract::{FromRequestParts, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
    routing::post,
};
use serde::Deserialize;
use std::{convert::Infallible, net::Ipv4Addr, sync::Arc};

/// Most cookies that a run may set; the experiment's own limit.
const MOST_COOKIES: u16 = 400;

/// The routes.
pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/lab/runs", post(register)).route("/lab/runs/end", post(end))
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Word {
    Look,
    Fill,
    Clear,
    Forge,
}

/// The form of a registration. What a task does not need is not given.
#[derive(Deserialize)]
struct Asked {
    task: Word,
    begins: String,
    most: Option<u16>,
    kind: Option<String>,
}

impl Asked {
    fn task(&self) -> Option<Task> {
        match (self.task, self.most, self.kind.as_deref()) {
            (Word::Look, None, None) => Some(Task::Look),
            (Word::Fill, Some(most @ 1..=MOST_COOKIES), None) => Some(Task::Fill { most }),
            (Word::Clear, None, Some(kind)) => clear::kind(kind).map(|kind| Task::Clear { kind }),
            (Word::Forge, None, None) => Some(Task::Forge),
            _ => None,
        }
    }
}

async fn register(
    State(state): State<AppState>,
    OwnOrigin(home): OwnOrigin,
    Extension(client): Extension<Client>,
    FormOrQuery(asked): FormOrQuery<Asked>,
) -> Response {
    let AppState { other_sites, other_port, experiments: lab, .. } = state;
    let Some(run) = run(home, asked, &other_sites, other_port) else { return refusal(AppError::BadRequest) };
    let page = if run.task == Task::Forge { "forge" } else { "elsewhere" };
    let page = format!("{}/lab/{page}", run.at);
    match lab.runs.register(run, client.address.unwrap_or(Ipv4Addr::UNSPECIFIED.into())) {
        Ok((name, secret)) => Json(Registered { address: format!("{page}?run={name}"), name, secret }).into_response(),
        Err(error) => refusal(error),
    }
}

/// The run that a registration asks for; `None` where it is malformed, or where there is no other site or port for it.
fn run(home: String, asked: Asked, sites: &OtherSites, port: OtherPort) -> Option<Run> {
    let task = asked.task()?;
    let at = if task == Task::Look { port.beside(&home) } else { sites.other_than(&home) }?;
    is_prefix(&asked.begins).then_some(Run { task, begins: asked.begins, home, at })
}

/// Whether this is how the names of a run begin: `lab-x0123456789ab-`.
fn is_prefix(text: &str) -> bool {
    let digits = text.strip_prefix("lab-x").and_then(|rest| rest.strip_suffix('-'));
    digits.is_some_and(|digits| digits.len() == 12 && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')))
}

/// The secret in a request's header; empty where there is none, which opens no run.
pub(super) struct Secret(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Secret {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(header_text(&parts.headers, SECRET_HEADER).unwrap_or_default().to_owned()))
    }
}

async fn end(State(lab): State<Arc<Experiments>>, Named { run }: Named, Secret(secret): Secret) -> Response {
    match lab.runs.end(&run, &secret) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => refusal(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_that_of_a_run_to_the_letter() {
        assert!(is_prefix("lab-x0123456789ab-"));
        for other in [
            "",
            "lab-",
            "lab-x-",
            "lab-x0123456789ab",
            "lab-x0123456789AB-",
            "lab-x0123456789abc-",
            "lab-x0123456789é-",
        ] {
            assert!(!is_prefix(other), "{other}");
        }
    }
}
