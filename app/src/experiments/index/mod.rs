//! The page `/experiments`: what is next, all of them in groups with what is run, and which claim each tries.

mod count;
mod filter;
mod filter_form;
mod so_far;

use self::{count::count, filter::Filter, filter_form::filter_form, so_far::so_far};
use super::{
    beforehand::in_short,
    catalogue::CATALOGUE,
    claims::{CLAIMS, Claim},
    model::{Experiment, Group, Kind},
    myths,
    progress::{self, Done, Progress},
    sync,
};
use crate::{
    accounts::Account,
    navigation::Navigation,
    reactive::{Derived, State},
    ui::{Title, effect, flag, text},
    words::date,
};
use leptos::{prelude::*, task::spawn_local};

/// The catalogue.
#[component]
pub(crate) fn IndexPage() -> impl IntoView {
    let progress = State::new(Progress::new());
    let says = State::new(String::new());
    let user = expect_context::<Account>().user;
    effect(move || {
        progress.set(progress::load());
        if user.read().is_some() {
            spawn_local(async move {
                match sync::everywhere().await {
                    Ok(all) => drop(progress.try_set(all)),
                    Err(error) => drop(says.try_set(format!("What you ran in other browsers is not shown. {error}"))),
                }
            });
        }
    });
    let navigation = expect_context::<Navigation>();
    let filter = Derived::new(move || Filter::read(|name| navigation.query(name)));
    let groups = Group::ALL.into_iter().map(|group| section(group, progress, filter));
    view! {
        <Title text="Experiments" />
        <div class="wide experiments">
            <h1>"Experiments"</h1>
            <p class="lead">
                "Each begins with a claim. Say what you expect, run it here in your own browser and against the real server,
                look at what was seen, and compare."
            </p>
            <nav class="further" aria-label="Beside the experiments">
                <ul>
                    <li>
                        <a href=myths::ADDRESS>"Popular mistakes"</a>
                    </li>
                    <li>
                        <a href="/login-flow">"Walk through the log-in flow"</a>
                    </li>
                    <li>
                        <a href="/atlas">"What was measured in other browsers"</a>
                    </li>
                </ul>
            </nav>
            {so_far(progress, says, user)}
            {filter_form(progress, filter)}
            {groups.collect_view()}
            <section aria-labelledby="myths-heading">
                <h2 id="myths-heading">"Often told, and not so"</h2>
                <p>
                    <a href=myths::ADDRESS>{format!("{} popular mistakes, set right", myths::count())}</a>
                    ": what many tell of cookies, storage, sessions and passwords, and which experiment settles it."
                </p>
            </section>
            <section aria-labelledby="claims-heading">
                <details>
                    <summary>
                        <h2 id="claims-heading">"The claims"</h2>
                    </summary>
                    <dl class="claims">{CLAIMS.iter().map(|claim| tried_by(claim)).collect_view()}</dl>
                </details>
            </section>
        </div>
    }
}

fn section(group: Group, progress: State<Progress>, filter: Derived<Filter>) -> AnyView {
    let members = move || CATALOGUE.iter().filter(move |experiment| experiment.group == group);
    let none_shown = move || !members().any(|experiment| filter.get().shows(experiment, &progress.read()));
    let id = format!("group-{}", group as u8);
    view! {
        <section class="group" aria-labelledby=id hidden=flag(none_shown)>
            <header>
                <h2 id=id.clone()>{group.title()}</h2>
                <p class="count needs-script">{text(move || count(members(), &progress.read()).told())}</p>
            </header>
            <ul class="cards" role="list">
                {members().map(|experiment| card(experiment, progress, filter)).collect_view()}
            </ul>
        </section>
    }
    .into_any()
}

fn card(experiment: &'static Experiment, progress: State<Progress>, filter: Derived<Filter>) -> AnyView {
    let Experiment { slug, title, claims, question, .. } = experiment;
    let outcome = text(move || match progress.read().get(*slug) {
        Some(Done { verdict: Kind::CannotBeTried, at }) => format!("– Cannot be tried here, as seen on {}", date(*at)),
        Some(done) => format!("✓ Run on {}: {}", date(done.at), done.verdict.title()),
        None => String::new(),
    });
    let ids: Vec<_> = claims.iter().map(|claim| claim.id).collect();
    view! {
        <li class="card" hidden=flag(move || !filter.get().shows(experiment, &progress.read()))>
            <h3>
                <a href=format!("/experiments/{slug}")>{*title}</a>
            </h3>
            <p class="asks">{*question}</p>
            <p class="hint">{format!("Claim {}. {}.", ids.join(", "), in_short(experiment))}</p>
            <p class="outcome" hidden=flag(move || outcome.read().is_empty())>
                {outcome}
            </p>
        </li>
    }
    .into_any()
}

fn tried_by(claim: &'static Claim) -> AnyView {
    let links = CATALOGUE.iter().filter(|experiment| experiment.claims.contains(&claim)).map(|experiment| {
        view! {
            <li>
                <a href=format!("/experiments/{}", experiment.slug)>{experiment.title}</a>
            </li>
        }
    });
    view! {
        <div>
            <dt>{claim.id}</dt>
            <dd>
                <p>{claim.text}</p>
                <ul>{links.collect_view()}</ul>
            </dd>
        </div>
    }
    .into_any()
}
