//! The page of the log-in flow, which is read without scripts and walked with them, and the page of a source file.

use super::{
    api::{login_flow_listings, source_text},
    source::Listing,
    walk::{FLOW, WALK},
};
use crate::{
    experiments::{
        claims::Claim,
        model::Experiment,
        page::written,
        parts::{controls, steps, verdict},
        state::ExperimentState,
    },
    json::Json,
    ui::{NotFound, Title},
};
use leptos::prelude::*;

/// `/login-flow`.
#[component]
pub(crate) fn LoginFlowPage() -> impl IntoView {
    let state = ExperimentState::new(&FLOW, "/login-flow".to_owned());
    let listings = Resource::<_, Json>::new_with_options(|| (), |()| login_flow_listings(), false);
    let Experiment { title, about, in_general, sources, .. } = FLOW;
    let paragraphs = |texts: &'static [&'static str]| texts.iter().map(|text| view! { <p>{*text}</p> }).collect_view();
    view! {
        <Title text=title />
        <article class="wide experiment">
            <h1>{title}</h1>
            {paragraphs(about)}
            <section class="card" aria-labelledby="walk-heading">
                <h2 id="walk-heading">"Walk through it"</h2>
                <noscript>
                    <p class="note">"Scripts are off. You can read what happens; to walk it, the page needs JavaScript."</p>
                </noscript>
                {controls(state, &WALK)}
            </section>
            {verdict(state)}
            <Suspense fallback=|| view! { <p role="status">"Asking the server…"</p> }>
                {move || Suspend::new(async move {
                    match listings.await {
                        Ok(listings) => steps(state, |step| told(step, listings.get(step))),
                        Err(error) => view! { <p class="error" role="alert">{error.to_string()}</p> }.into_any(),
                    }
                })}
            </Suspense>
            <section aria-labelledby="general-heading">
                <h2 id="general-heading">"In general"</h2>
                {paragraphs(in_general)}
            </section>
            {written(sources)}
        </article>
    }
}

/// The claim that a step tries, and the code that runs in it.
fn told(step: usize, listings: Option<&Vec<Listing>>) -> AnyView {
    let claim = FLOW.claims.get(step).map(|Claim { id, text }| {
        view! {
            <blockquote class="claim">
                <p>{*text}</p>
                <footer>"Claim " {*id}</footer>
            </blockquote>
        }
    });
    view! {
        {claim}
        {listings.into_iter().flatten().enumerate().map(listing).collect_view()}
    }
    .into_any()
}

/// Of the listings of a step the first is open.
fn listing((place, Listing { path, first_line, lines }): (usize, &Listing)) -> AnyView {
    let last_line = first_line + lines.lines().count() - 1;
    view! {
        <details class="listing" open=place == 0>
            <summary>{format!("{path}, lines {first_line} to {last_line}")}</summary>
            <pre>
                <code>{lines.clone()}</code>
            </pre>
            <a href=format!("/login-flow/source/{path}#L{first_line}") rel="external">
                {format!("Line {first_line} in the whole file {path}")}
            </a>
        </details>
    }
    .into_any()
}

/// `/login-flow/source/{path}`: a file of the server's source, each line with its number.
#[component]
pub(crate) fn SourcePage(
    /// Of the file, as the source tree has it.
    path: String,
) -> impl IntoView {
    let asked = path.clone();
    let text = Resource::<_, Json>::new_with_options(move || asked.clone(), source_text, false);
    view! {
        <Suspense fallback=|| view! { <p role="status">"Asking the server…"</p> }>
            {move || {
                let path = path.clone();
                Suspend::new(async move {
                    match text.await {
                        Ok(Some(text)) => file(path, &text),
                        Ok(None) => view! { <NotFound /> }.into_any(),
                        Err(error) => view! { <p class="error" role="alert">{error.to_string()}</p> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

fn file(path: String, text: &str) -> AnyView {
    let line = |(index, line): (usize, &str)| {
        view! { <span id=format!("L{}", index + 1)>{format!("{line}\n")}</span> }
    };
    view! {
        <Title text=path.clone() />
        <article class="wide experiment">
            <p class="trail">
                <a href="/login-flow">"The log-in flow"</a>
            </p>
            <h1>{path}</h1>
            <p>"The server that has just answered was compiled from this text."</p>
            <pre class="source">
                <code>{text.lines().enumerate().map(line).collect_view()}</code>
            </pre>
        </article>
    }
    .into_any()
}
