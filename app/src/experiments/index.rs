//! The page `/experiments`: all of them in groups, what is done, what is often told and not so, and which claim each tries.

use super::{
    api::forget_progress,
    catalogue::CATALOGUE,
    claims::{CLAIMS, Claim},
    model::{Experiment, Group, Kind},
    myths::myths,
    progress::{self, Done, Progress},
};
use crate::{
    accounts::{Account, LoggedIn},
    ui::{Title, date, download, effect, flag, handler, text},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::components::A;

/// The catalogue.
#[component]
pub(super) fn IndexPage() -> impl IntoView {
    let progress = RwSignal::new(Progress::new());
    let says = RwSignal::new(String::new());
    let user = expect_context::<Account>().user;
    effect(move || {
        progress.set(progress::load());
        if user.read().is_some() {
            spawn_local(async move {
                match progress::everywhere().await {
                    Ok(all) => drop(progress.try_set(all)),
                    Err(error) => drop(says.try_set(format!("What you did elsewhere is not shown. {error}"))),
                }
            });
        }
    });
    let groups = Group::ALL.into_iter().filter_map(|group| section(group, progress));
    view! {
        <Title text="Experiments" />
        <div class="wide experiments">
            <h1>"Experiments"</h1>
            <p class="lead">
                "Each begins with a claim. Say what you expect, run it here in your own browser and against the real server,
                look at what was seen, and compare."
            </p>
            <p>
                "How all of it fits together when somebody signs up, logs in and logs out: "
                <A href="/login-flow">"walk through the log-in flow"</A> "."
            </p>
            <p>
                "What came out elsewhere, browser beside browser: " <A href="/atlas">"What was measured in other browsers"</A>
                "."
            </p>
            {so_far(progress, says, user)}
            {groups.collect_view()}
            {myths()}
            <section aria-labelledby="claims-heading">
                <h2 id="claims-heading">"The claims"</h2>
                <dl class="claims">{CLAIMS.iter().map(|claim| tried_by(claim)).collect_view()}</dl>
            </section>
        </div>
    }
}

/// `12 of 27 done, 2 cannot be tried here.`
fn counted(progress: &Progress) -> String {
    let outcomes: Vec<_> = CATALOGUE.iter().filter_map(|experiment| progress.get(experiment.slug)).collect();
    let untried = outcomes.iter().filter(|done| done.verdict == Kind::CannotBeTried).count();
    let done = outcomes.len() - untried;
    let untried = match untried {
        0 => String::new(),
        count => format!(", {count} cannot be tried here"),
    };
    format!("{done} of {} done{untried}.", CATALOGUE.len())
}

fn so_far(progress: RwSignal<Progress>, says: RwSignal<String>, user: RwSignal<Option<LoggedIn>>) -> AnyView {
    let nothing = flag(move || progress.read().is_empty());
    let export = move |_| {
        let words = match download(
            "storage-lab-progress.json",
            "application/json",
            &progress::text(&progress.read_untracked()),
        ) {
            Ok(()) => "Exported as storage-lab-progress.json.",
            Err(_) => "The browser refused to make the file.",
        };
        says.set(words.to_owned());
    };
    let forget = move |_| {
        let logged_in = user.read_untracked().is_some();
        spawn_local(async move {
            let forgotten = if logged_in { forget_progress().await } else { Ok(()) };
            let words = match forgotten {
                Ok(()) => {
                    progress::forget();
                    progress.try_set(Progress::new());
                    "Your progress is forgotten.".to_owned()
                }
                Err(error) => format!("Nothing is forgotten. {error}"),
            };
            says.try_set(words);
        });
    };
    let kept = text(move || match &*user.read() {
        Some(_) => "It is kept in this browser and in your account.".to_owned(),
        None => "It is kept in this browser; when you log in, in your account as well.".to_owned(),
    });
    view! {
        <section class="so-far needs-script" aria-label="Your progress">
            <p>{text(move || counted(&progress.read()))}</p>
            <p class="hint">{kept}</p>
            <div class="buttons" hidden=nothing>
                <button type="button" on:click=handler(export)>
                    "Export my progress"
                </button>
                <button type="button" class="quiet" on:click=handler(forget)>
                    "Forget my progress"
                </button>
            </div>
            <p class="hint" role="status">
                {says}
            </p>
        </section>
    }
    .into_any()
}

fn section(group: Group, progress: RwSignal<Progress>) -> Option<AnyView> {
    let mut members = CATALOGUE.iter().filter(|experiment| experiment.group == group).peekable();
    members.peek()?;
    let id = format!("group-{}", group as u8);
    let view = view! {
        <section aria-labelledby=id>
            <h2 id=id.clone()>{group.title()}</h2>
            <ul class="cards" role="list">
                {members.map(|experiment| card(experiment, progress)).collect_view()}
            </ul>
        </section>
    };
    Some(view.into_any())
}

fn card(
    Experiment { slug, title, claims, question, .. }: &'static Experiment,
    progress: RwSignal<Progress>,
) -> AnyView {
    let tick = text(move || match progress.read().get(*slug) {
        Some(Done { verdict: Kind::CannotBeTried, at }) => format!("– Cannot be tried here, as seen on {}", date(*at)),
        Some(done) => format!("✓ Done on {}: {}", date(done.at), done.verdict.title()),
        None => String::new(),
    });
    let ids: Vec<_> = claims.iter().map(|claim| claim.id).collect();
    view! {
        <li class="card">
            <h3>
                <A href=format!("/experiments/{slug}")>{*title}</A>
            </h3>
            <p>{*question}</p>
            <p class="hint">{format!("Claim {}", ids.join(", "))}</p>
            <p class="tick" hidden=flag(move || tick.read().is_empty())>
                {tick}
            </p>
        </li>
    }
    .into_any()
}

fn tried_by(claim: &'static Claim) -> AnyView {
    let links = CATALOGUE.iter().filter(|experiment| experiment.claims.contains(&claim)).map(|experiment| {
        view! {
            <li>
                <A href=format!("/experiments/{}", experiment.slug)>{experiment.title}</A>
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_tried_is_counted_apart() {
        let of = |verdict| Done { verdict, at: 7 };
        let mut progress = Progress::from([("http-forgets".to_owned(), of(Kind::DoesNotHold))]);
        progress.insert("login-flow".to_owned(), of(Kind::Holds));
        assert_eq!(counted(&progress), format!("1 of {} done.", CATALOGUE.len()));
        progress.insert("what-travels".to_owned(), of(Kind::CannotBeTried));
        assert_eq!(counted(&progress), format!("1 of {} done, 1 cannot be tried here.", CATALOGUE.len()));
    }
}
