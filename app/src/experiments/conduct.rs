//! Conducts a run from the click to its end: waits for its turn, proves what it relies on, lets the procedure go through its
//! steps within the limit of time, cleans up and keeps what it came to.

use super::{
    cleanup,
    model::{Kind, Trouble, Verdict},
    preconditions,
    procedure::Procedure,
    progress,
    run::Run,
    state::{ExperimentState, Phase},
};
use crate::{
    atlas::record,
    browser::{
        locks::{Hold, Taken, hold, share},
        watch::{clock, watched},
        windows::Opening,
    },
};
use leptos::{prelude::*, task::spawn_local};

/// How long taking away what a run has made may last.
const CLEAN_UP_LIMIT_MS: f64 = 60_000.0;

/// What all runs share, and a run that needs a store to itself holds alone: also against the bench, which fills the
/// stores to measure them.
const LOCK: &str = "lab-limits";

/// Begins a run where it can be run, all at once or step by step; the state says when it is over. To be called in the
/// visitor's click, in which the window is opened: before the lock is asked for, since WebKit opens none after that.
pub(super) fn start(state: ExperimentState, procedure: &'static Procedure, by_step: bool) {
    if !untrack(|| state.is_ready()) {
        return;
    }
    state.begin(by_step);
    match Run::new(state) {
        Some(run) => {
            let opening = (procedure.window)(&run);
            spawn_local(conduct(run, procedure, opening));
        }
        None => state.phase.set(Phase::Failed("This browser gives no random numbers. Try another.".to_owned())),
    }
    state.forget_secrets();
}

/// Resets the page. Where nothing is under way that cleans up itself, what runs left behind that broke off is removed.
pub(super) fn reset(state: ExperimentState) {
    let under_way = untrack(|| state.is_busy());
    state.reset();
    if !under_way {
        spawn_local(cleanup::sweep_old());
    }
}

async fn conduct(run: Run, procedure: &'static Procedure, opening: Option<Opening>) {
    let state = run.state();
    // Before anything else is asked of the browser: what it answers while it opens a window may be lost.
    if let Some(opening) = opening {
        run.keep_window(opening.await);
    }
    let lock = take_turn(state).await;
    let outcome = within_limits(&run, procedure).await;
    run.close_window();
    tidy_up(&run, procedure).await;
    drop(lock);
    let slug = state.experiment.slug;
    if run.go_on().is_ok() {
        let seen = state.seen.try_get_untracked().unwrap_or_default();
        record::note_experiment(slug, &outcome, seen.into_iter().map(|seen| (seen.title, seen.sight)));
    }
    let phase = match outcome {
        _ if run.go_on().is_err() => Phase::Idle,
        Ok(verdict) => {
            progress::note(slug, verdict.kind);
            Phase::Done(verdict)
        }
        Err(Trouble::CannotBeTried(words)) => {
            progress::note(slug, Kind::CannotBeTried);
            Phase::CannotBeTried(words.into_owned())
        }
        Err(Trouble::Because(words)) => Phase::Failed(words.into_owned()),
        Err(Trouble::Stopped) => Phase::Idle,
    };
    state.says.try_set(String::new());
    state.phase.try_set(phase);
}

/// The procedure, given up where a step takes too long: whatever it waits for, the visitor does not.
async fn within_limits(run: &Run, procedure: &'static Procedure) -> Result<Verdict, Trouble> {
    run.begin()?;
    let work = async {
        cleanup::sweep_old().await;
        preconditions::prove(run).await?;
        (procedure.run)(run.clone()).await
    };
    watched(work, || run.overdue()).await.unwrap_or_else(Err)
}

/// Takes away what the run has made. What the browser does not answer, as it may where it denies a store, is not waited for: the
/// next run looks for what was left.
async fn tidy_up(run: &Run, procedure: &'static Procedure) {
    let until = clock() + CLEAN_UP_LIMIT_MS;
    let work = async {
        (procedure.clean)(run.clone()).await;
        run.clean_up().await;
    };
    let _ = watched(work, || (clock() > until).then_some(())).await;
}

/// Waits until nothing runs that tolerates nothing beside it.
async fn take_turn(state: ExperimentState) -> Option<Hold> {
    let alone = state.experiment.alone;
    let at_once = if alone { hold(LOCK, Taken::GiveUp).await } else { share(LOCK, Taken::GiveUp).await };
    if at_once.is_some() {
        return at_once;
    }
    if alone { hold(LOCK, Taken::Wait).await } else { share(LOCK, Taken::Wait).await }
}
