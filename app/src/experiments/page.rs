//! The page of an experiment, `/experiments/{slug}`. Without scripts it is a page to read; with them it is run there.

use super::{
    catalogue::find,
    model::{Experiment, Source},
    myths::{self, MythsPage},
    parts::{controls, steps, verdict},
    procedure::Procedure,
    state::{ExperimentState, Phase},
    sync,
};
use crate::{
    accounts::Account,
    ui::{NotFound, Title, effect},
};
use leptos::{prelude::*, task::spawn_local};

/// The experiment that the address names.
#[component]
pub(crate) fn ExperimentPage(
    /// The last part of its path.
    slug: String,
) -> impl IntoView {
    match (slug.as_str(), find(&slug)) {
        (myths::SLUG, _) => view! { <MythsPage /> }.into_any(),
        (_, Some((experiment, procedure))) => page(experiment, procedure),
        (_, None) => view! { <NotFound /> }.into_any(),
    }
}

fn page(experiment: &'static Experiment, procedure: &'static Procedure) -> AnyView {
    let state = ExperimentState::new(experiment, format!("/experiments/{}", experiment.slug));
    let user = expect_context::<Account>().user;
    effect(move || {
        if matches!(*state.phase.read(), Phase::Done(_)) && user.read_untracked().is_some() {
            // What is not saved now is saved when the catalogue is opened.
            spawn_local(async { drop(sync::everywhere().await) });
        }
    });
    let Experiment { slug, title, claims, about, question, in_general, other_browsers, sources, .. } = experiment;
    let claims = claims.iter().map(|claim| {
        view! {
            <blockquote class="claim">
                <p>{claim.text}</p>
                <footer>"Claim " {claim.id}</footer>
            </blockquote>
        }
    });
    let paragraphs = |texts: &'static [&'static str]| texts.iter().map(|text| view! { <p>{*text}</p> }).collect_view();
    view! {
        <Title text=*title />
        <article class="wide experiment">
            <p class="trail">
                <a href="/experiments">"Experiments"</a>
            </p>
            <h1>{*title}</h1>
            {claims.collect_view()}
            {paragraphs(about)}
            <section class="card" aria-labelledby="predict-heading">
                <h2 id="predict-heading">"Predict, then run it"</h2>
                <p class="question">{*question}</p>
                <noscript>
                    <p class="note">"Scripts are off. You can read what happens; to run it, the page needs JavaScript."</p>
                </noscript>
                {controls(state, procedure)}
                {relies_on(experiment)}
            </section>
            {verdict(state)}
            {steps(state, |_| ().into_any())}
            <section aria-labelledby="general-heading">
                <h2 id="general-heading">"In general"</h2>
                <details>
                    <summary>"What is to be expected"</summary>
                    {paragraphs(in_general)}
                    {(!other_browsers.is_empty()).then(|| view! { <p>{*other_browsers}</p> })}
                </details>
                <p>
                    "The atlas has what came out " <a href=format!("/atlas#{slug}")>"in other browsers"</a> "."
                </p>
            </section>
            {written(sources)}
        </article>
    }
    .into_any()
}

/// What is proved before the first step; nothing where it relies on nothing special.
fn relies_on(Experiment { needs, .. }: &'static Experiment) -> Option<AnyView> {
    let titles: Vec<_> = needs.iter().map(|need| need.title()).collect();
    (!titles.is_empty()).then(|| {
        view! {
            <p class="hint">
                {format!("It relies on this, which is tried first: {}. Where that fails, it cannot be tried here.", titles.join("; "))}
            </p>
        }
        .into_any()
    })
}

/// Where it is written.
pub(super) fn written(sources: &'static [Source]) -> AnyView {
    view! {
        <section aria-labelledby="sources-heading">
            <h2 id="sources-heading">"Where it is written"</h2>
            <ul>{sources.iter().map(source).collect_view()}</ul>
        </section>
    }
    .into_any()
}

fn source(Source { says, rule, link }: &'static Source) -> AnyView {
    view! {
        <li>
            {*says} " " <a href=*link rel="external">
                {*rule}
            </a>
        </li>
    }
    .into_any()
}
