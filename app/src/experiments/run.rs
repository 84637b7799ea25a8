//! A run: what an experiment uses while it goes through its steps. Whatever it makes bears the run's names, and the run
//! removes it at its end, however that comes about.

use super::{
    cleanup::{self, Tag},
    client::{Answer, Ask, Echo},
    model::{Experiment, Lane, Sight, Step, Trouble},
    state::{ExperimentState, Phase, Seen},
    windows::OwnWindow,
};
use crate::{
    browser::{
        cookies::{Carrier, cookie_string, parse, write},
        watch::clock,
        windows::{BLANK, Opener},
    },
    ui::WindowRequest,
};
use gloo_timers::future::TimeoutFuture;
use std::{
    borrow::Cow,
    cell::{Cell, RefCell},
    rc::Rc,
};
use web_sys::Window;

/// How long a step may take in milliseconds, unless the experiment [allows](Run::may_take) it more.
const STEP_LIMIT_MS: f64 = 60_000.0;

/// The run under way; clones are the same run.
#[derive(Clone)]
pub(crate) struct Run(Rc<Inner>);

struct Inner {
    state: ExperimentState,
    turn: u32,
    tag: Tag,
    values: Vec<String>,
    step: Cell<usize>,
    /// When the step is to be done, by [`clock`]; not looked at while the visitor is asked for something.
    deadline: Cell<f64>,
    /// What is waited for just now, to be told where it does not come.
    waits_for: RefCell<Cow<'static, str>>,
    /// The window that was opened in the click that began it.
    window: RefCell<Option<OwnWindow>>,
    /// The lines of cookies that it set, to take them away again.
    lines: RefCell<Vec<(String, Carrier)>>,
}

impl Run {
    /// Begins a step, by its place in the list. Step by step it waits until the visitor goes on.
    pub async fn step(&self, index: usize) -> Result<(), Trouble> {
        self.go_on()?;
        let state = self.0.state;
        if index > 0 && state.by_step.try_get_untracked() == Some(true) {
            let pressed = state.pressed_next();
            state.phase.try_set(Phase::Paused);
            pressed.await.map_err(|_| Trouble::Stopped)?;
            self.go_on()?;
            state.phase.try_set(Phase::Running);
        }
        self.0.step.set(index);
        self.may_take(STEP_LIMIT_MS);
        self.waits_for("");
        state.step.try_set(Some(index));
        Ok(())
    }

    /// Gives the step so many milliseconds from now on. Infinity is for what the visitor does.
    pub fn may_take(&self, milliseconds: f64) {
        self.0.deadline.set(clock() + milliseconds);
    }

    /// Notes what is waited for, as in "it waited for …".
    pub fn waits_for(&self, what: impl Into<Cow<'static, str>>) {
        self.0.waits_for.replace(what.into());
    }

    /// An empty window of this page's origin. It was opened in the click that began the run, or is opened now; where the
    /// browser opens none, the visitor is asked for a click.
    pub(super) async fn window(&self) -> Result<OwnWindow, Trouble> {
        self.go_on()?;
        self.waits_for("a window");
        let early = self.0.window.take().filter(|opened| !opened.window().closed().unwrap_or(true));
        let opened = match early {
            Some(opened) => Some(opened),
            None => self.0.state.windows.open(BLANK, Opener::Popup).await.map(OwnWindow::new),
        };
        self.go_on()?;
        self.may_take(STEP_LIMIT_MS);
        opened.ok_or_else(|| {
            Trouble::cannot_be_tried(
                "The browser opened no window, and this needs one. Allow this site to open windows (pop-ups), then run it \
                 again.",
            )
        })
    }

    /// Where the visitor is asked for the click that opens a window.
    pub fn windows(&self) -> WindowRequest {
        self.0.state.windows
    }

    /// Shows what was seen: real text, a table ([`Sight::Table`]) or figures to compare ([`Sight::Bars`]).
    pub fn saw(&self, lane: Lane, title: impl Into<String>, sight: impl Into<Sight>) {
        self.add(Seen { step: self.0.step.get(), lane, title: title.into(), sight: sight.into() });
    }

    fn add(&self, seen: Seen) {
        if self.go_on().is_ok() {
            self.0.state.seen.try_update(|all| all.push(seen));
        }
    }

    /// Says how far a long step has come.
    pub fn says(&self, words: impl Into<String>) {
        if self.go_on().is_ok() {
            self.0.state.says.try_set(words.into());
        }
    }

    /// Whether to go on: not after the visitor has reset it or left the page. All that the run itself does asks this; a
    /// loop of the experiment's own asks it each time round.
    pub fn go_on(&self) -> Result<(), Trouble> {
        if self.0.state.turn() == Some(self.0.turn) { Ok(()) } else { Err(Trouble::Stopped) }
    }

    /// A name that no other run has: `lab-x0tk2p9ab3c-colour`. A prefix such as `__Host-` may be put before it.
    pub fn name(&self, what: &str) -> String {
        format!("{}{what}", self.0.tag)
    }

    /// The value of a parameter, as the link spells it.
    pub fn value(&self, parameter: &str) -> String {
        let parameters = self.0.state.experiment.parameters;
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
        self.waits_for(format!("the answer to {}", ask.address()));
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

    /// Takes away the cookies that it has set until now.
    pub async fn take_away_cookies(&self) {
        let lines = self.0.lines.take();
        cleanup::remove_cookies(&lines).await;
    }

    /// What is run.
    pub fn experiment(&self) -> &'static Experiment {
        self.0.state.experiment
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

    /// A run that begins now on a page that shows this state; `None` without randomness.
    pub(super) fn new(state: ExperimentState) -> Option<Self> {
        Some(Self(Rc::new(Inner {
            state,
            turn: state.turn()?,
            tag: Tag::new()?,
            values: state.values.get_untracked(),
            step: Cell::new(0),
            deadline: Cell::new(f64::INFINITY),
            waits_for: RefCell::default(),
            window: RefCell::default(),
            lines: RefCell::default(),
        })))
    }

    /// It is its turn: from now on its time is limited.
    pub(super) fn begin(&self) -> Result<(), Trouble> {
        self.go_on()?;
        self.0.state.phase.try_set(Phase::Running);
        self.may_take(STEP_LIMIT_MS);
        Ok(())
    }

    pub(super) fn state(&self) -> ExperimentState {
        self.0.state
    }

    /// Keeps the window that was opened in the click, until [`Run::window`] hands it over.
    pub(super) fn keep_window(&self, opened: Option<Window>) {
        self.0.window.replace(opened.map(OwnWindow::new));
    }

    /// Closes the window that was opened in the click, where it was not used.
    pub(super) fn close_window(&self) {
        drop(self.0.window.take());
    }

    /// Removes whatever bears the run's names, and the cookies that were set through it.
    pub(super) async fn clean_up(&self) {
        let lines = self.0.lines.take();
        cleanup::remove(self.0.tag, &lines).await;
    }

    /// Why to wait no longer, if there is a reason.
    pub(super) fn overdue(&self) -> Option<Trouble> {
        let state = self.0.state;
        let asked = state.windows.asks.try_get_untracked() == Some(true)
            || state.phase.try_with_untracked(|phase| *phase == Phase::Paused) == Some(true);
        if asked && self.go_on().is_ok() {
            self.may_take(STEP_LIMIT_MS);
        }
        (clock() > self.0.deadline.get()).then(|| Trouble::because(self.too_late()))
    }

    fn too_late(&self) -> String {
        let state = self.0.state;
        let step = state.step.try_get_untracked().flatten().and_then(|index| state.experiment.steps.get(index));
        let what = step.map_or("Getting ready".to_owned(), |Step(title, _)| format!("The step “{title}”"));
        let waited = match &**self.0.waits_for.borrow() {
            "" => String::new(),
            what => format!(" It waited for {what}."),
        };
        format!("{what} did not come to its end in time.{waited} Check the connection, then run it again.")
    }
}
