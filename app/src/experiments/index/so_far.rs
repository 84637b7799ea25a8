//! What is next for the visitor, and what they have run until now.

use super::count::count;
use crate::{
    accounts::LoggedIn,
    experiments::{
        api::forget_progress,
        beforehand::in_short,
        catalogue::CATALOGUE,
        model::Experiment,
        progress::{self, Progress},
    },
    reactive::State,
    ui::{changing, download, flag, handler, text},
};
use leptos::{prelude::*, task::spawn_local};

/// Both beside each other.
pub(super) fn so_far(progress: State<Progress>, says: State<String>, user: State<Option<LoggedIn>>) -> AnyView {
    view! {
        <div class="so-far">
            <section class="card next" aria-labelledby="next-heading">
                <h2 id="next-heading">"Next for you"</h2>
                {changing(move || next_card(next(&progress.read())))}
            </section>
            {kept(progress, says, user)}
        </div>
    }
    .into_any()
}

/// The first one that was not run yet.
fn next(progress: &Progress) -> Option<&'static Experiment> {
    CATALOGUE.iter().find(|experiment| !progress.contains_key(experiment.slug))
}

fn next_card(next: Option<&'static Experiment>) -> AnyView {
    match next {
        Some(experiment) => view! {
            <p class="title">
                <a href=format!("/experiments/{}", experiment.slug)>{experiment.title}</a>
            </p>
            <p>{experiment.question}</p>
            <p class="hint">{format!("{}.", in_short(experiment))}</p>
        }
        .into_any(),
        None => view! {
            <p>"You have tried all of them. Change something in one and run it again, or open the lab in another browser."</p>
        }
        .into_any(),
    }
}

fn kept(progress: State<Progress>, says: State<String>, user: State<Option<LoggedIn>>) -> AnyView {
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
        <section class="card needs-script" aria-labelledby="progress-heading">
            <h2 id="progress-heading">"Your progress"</h2>
            <p>{text(move || format!("{}.", count(CATALOGUE.iter(), &progress.read()).told()))}</p>
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
                {says.text()}
            </p>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiments::{model::Kind, progress::Done};

    #[test]
    fn the_first_that_was_not_run_is_next_and_after_the_last_there_is_none() {
        let mut progress = Progress::new();
        for experiment in CATALOGUE {
            assert_eq!(next(&progress).map(|next| next.slug), Some(experiment.slug));
            progress.insert(experiment.slug.to_owned(), Done { verdict: Kind::CannotBeTried, at: 7 });
        }
        assert!(next(&progress).is_none());
        progress.remove("what-travels");
        assert_eq!(next(&progress).map(|next| next.slug), Some("what-travels"));
    }
}
