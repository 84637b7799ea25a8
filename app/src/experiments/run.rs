//! A run: what an experiment uses while it goes through its steps. Whatever it makes bears the run's names, and the run
//! removes it at its end, however that comes about.

use super::{
    client::{Answer, Ask, Echo},
    model::{Kind, Lane, Sight, Trouble},
    progress,
    sheet::{Phase, Seen, Sheet},
    tidy::{self, Tag},
};
use crate::{
    atlas::record,
    bench::{
        cookies::Carrier,
        stores::cookies::{cookie_string, parse, write},
    },
    ui::{Hold, Taken, hold, share},
};
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

/// What all runs share, and a run that needs a store to itself holds alone: also against the bench, which fills the
/// stores to measure them.
const LOCK: &str = "lab-limits";

/// The run under way; clones are the same run.
#[derive(Clone)]
pub(crate) struct Run(Rc<Inner>);

struct Inner {
    sheet: Sheet,
    turn: u32,
    tag: Tag,
    values: Vec<String>,
    step: Cell<usize>,
    /// The lines of cookies that it set, to take them away again.
    lines: RefCell<Vec<(String, Carrier)>>,
}

impl Run {
    /// Begins a step, by its place in the list. Step by step it waits until the visitor goes on.
    pub async fn step(&self, index: usize) -> Result<(), Trouble> {
        self.go_on()?;
        let sheet = self.0.sheet;
        if index > 0 && sheet.by_step.try_get_untracked() == Some(true) {
            let pressed = sheet.pressed_next();
            sheet.phase.try_set(Phase::Paused);
            pressed.await.map_err(|_| Trouble::Stopped)?;
            self.go_on()?;
            sheet.phase.try_set(Phase::Running);
        }
        self.0.step.set(index);
        sheet.step.try_set(Some(index));
        Ok(())
    }

    /// Shows what was seen: real text, a table ([`Sight::Table`]) or figures to compare ([`Sight::Bars`]).
    pub fn saw(&self, lane: Lane, title: impl Into<String>, sight: impl Into<Sight>) {
        self.add(Seen { step: self.0.step.get(), lane, title: title.into(), sight: sight.into() });
    }

    fn add(&self, seen: Seen) {
        if self.go_on().is_ok() {
            self.0.sheet.seen.try_update(|all| all.push(seen));
        }
    }

    /// Says how far a long step has come.
    pub fn says(&self, words: impl Into<String>) {
        if self.go_on().is_ok() {
            self.0.sheet.says.try_set(words.into());
        }
    }

    /// Whether to go on: not after the visitor has reset it or left the page. All that the run itself does asks this; a
    /// loop of the experiment's own asks it each time round.
    pub fn go_on(&self) -> Result<(), Trouble> {
        if self.0.sheet.turn() == Some(self.0.turn) { Ok(()) } else { Err(Trouble::Stopped) }
    }

    /// A name that no other run has: `lab-x0tk2p9ab3c-colour`. A prefix such as `__Host-` may be put before it.
    pub fn name(&self, what: &str) -> String {
        format!("{}{what}", self.0.tag)
    }

    /// The value of a parameter, as the link spells it.
    pub fn value(&self, parameter: &str) -> String {
        let parameters = self.0.sheet.experiment.parameters;
        let place = parameters.iter().position(|known| known.name == parameter);
        place.and_then(|place| self.0.values.get(place)).cloned().unwrap_or_default()
    }

    /// The value of a parameter that is a number.
    pub fn number(&self, parameter: &str) -> u32 {
        self.value(parameter).parse().unwrap_or_default()
    }

    /// Sends a request; whatever its status, an answer is an answer.
    pub async fn ask(&self, ask: &Ask) -> Result<Answer, Trouble> {
        self.go_on()?;
        let answer = ask.send().await;
        self.go_on()?;
        answer
    }

    /// Sends a request to `/lab/echo` or below it, and learns how it arrived.
    pub async fn echo(&self, ask: &Ask) -> Result<Echo, Trouble> {
        self.ask(ask).await?.ok()?.echo()
    }

    /// Lets the server set a cookie by exactly this line.
    pub async fn set_cookie_by_http(&self, line: &str) -> Result<(), Trouble> {
        self.go_on()?;
        self.remembers(line);
        self.ask(&Ask::post("/lab/cookie", &[("line", line)])).await?.ok()?;
        Ok(())
    }

    /// Notes the line of a cookie that another answer sets, so that it is taken away with the others.
    pub fn remembers(&self, line: &str) {
        self.0.lines.borrow_mut().push((line.to_owned(), Carrier::Http));
    }

    /// Sets a cookie by exactly this line, through `document.cookie`. Whether the browser keeps it, it does not say.
    pub fn set_cookie_by_script(&self, line: &str) -> Result<(), Trouble> {
        self.go_on()?;
        self.0.lines.borrow_mut().push((line.to_owned(), Carrier::Script));
        Ok(write(line)?)
    }

    /// Lets some time pass.
    pub async fn wait(&self, milliseconds: u32) -> Result<(), Trouble> {
        TimeoutFuture::new(milliseconds).await;
        self.go_on()
    }

    /// The value of a cookie, if scripts of this page see it.
    pub fn cookie_for_scripts(&self, name: &str) -> Option<String> {
        parse(&cookie_string()).into_iter().find(|cookie| cookie.name == name).map(|cookie| cookie.value)
    }
}

/// Goes through the experiment; the sheet says when it is over.
pub(super) fn start(sheet: Sheet) {
    let (Some(turn), Some(tag)) = (sheet.turn(), Tag::new()) else {
        sheet.phase.set(Phase::Failed("This browser gives no random numbers. Try another.".to_owned()));
        return;
    };
    let values = sheet.values.get_untracked();
    let run = Run(Rc::new(Inner { sheet, turn, tag, values, step: Cell::new(0), lines: RefCell::default() }));
    spawn_local(conduct(run));
}

async fn conduct(run: Run) {
    let sheet = run.0.sheet;
    let lock = take_turn(sheet).await;
    let outcome = match run.go_on() {
        Ok(()) => {
            sheet.phase.try_set(Phase::Running);
            tidy::sweep_old().await;
            (sheet.experiment.run)(run.clone()).await
        }
        Err(stopped) => Err(stopped),
    };
    (sheet.experiment.clean)(run.clone()).await;
    let lines = run.0.lines.take();
    tidy::remove(run.0.tag, &lines).await;
    drop(lock);
    if run.go_on().is_ok() {
        let seen = sheet.seen.try_get_untracked().unwrap_or_default();
        record::note_experiment(sheet.experiment.slug, &outcome, seen.into_iter().map(|seen| (seen.title, seen.sight)));
    }
    let phase = match outcome {
        _ if run.go_on().is_err() => Phase::Idle,
        Ok(verdict) => {
            progress::note(sheet.experiment.slug, verdict.kind);
            Phase::Done(verdict)
        }
        Err(Trouble::CannotBeTried(words)) => {
            progress::note(sheet.experiment.slug, Kind::CannotBeTried);
            Phase::CannotBeTried(words.into_owned())
        }
        Err(Trouble::Because(words)) => Phase::Failed(words.into_owned()),
        Err(Trouble::Stopped) => Phase::Idle,
    };
    sheet.says.try_set(String::new());
    sheet.phase.try_set(phase);
}

/// Waits until nothing runs that tolerates nothing beside it.
async fn take_turn(sheet: Sheet) -> Option<Hold> {
    let alone = sheet.experiment.alone;
    let at_once = if alone { hold(LOCK, Taken::GiveUp).await } else { share(LOCK, Taken::GiveUp).await };
    if at_once.is_some() {
        return at_once;
    }
    if alone { hold(LOCK, Taken::Wait).await } else { share(LOCK, Taken::Wait).await }
}

/// Takes away what runs left behind that broke off.
pub(super) fn sweep() {
    spawn_local(tidy::sweep_old());
}
