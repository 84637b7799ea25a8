//! What each event does, and how a trial goes: markers are laid and read, the event happens, they are read again.

use super::{
    Arrival, Browser, Cell, Column, Event, Laid, Pending, Run, Trial, end_trial, load_trial, markers,
    readers::{Place, Reading, Silence, read},
    save_trial,
    share::Matrix,
};
use crate::{
    AppError,
    accounts::Account,
    atlas::record::note_event,
    bench::state::Bench,
    browser::watch::{clock, watched},
    reactive::State,
    routing::with_query,
    ui::{WindowRequest, focus},
};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Date, Reflect};
use leptos::{prelude::*, task::spawn_local};
use std::{cell::Cell as Flag, collections::BTreeMap, fmt};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestInit, Response, UrlSearchParams};

/// `Max-Age` of the marker when it is to last as long as the trial may, and when its end is waited for.
const LASTING_SECONDS: u32 = 30 * 86_400;
const EXPIRY_SECONDS: u32 = 4;
/// How long a browser is given to clear what it was asked to, in milliseconds.
const CLEARED_AFTER_MS: u32 = 1_000;
/// How long an event may take in milliseconds, beside what the visitor is asked for.
const EVENT_LIMIT_MS: f64 = 45_000.0;

thread_local! {
    /// Whether the event that is under way was begun on this very page, which is then still to be left.
    static BEGUN_HERE: Flag<bool> = const { Flag::new(false) };
}

impl Event {
    /// Those for which the page is neither left nor anything removed.
    pub(super) fn leaves_nothing(self) -> bool {
        !(self.leaves_the_page() || self.is_guided() || self.asks_first())
    }

    /// Those for which the lab leaves the page and comes back by itself.
    fn leaves_the_page(self) -> bool {
        matches!(self, Self::Reload | Self::Navigate)
    }

    /// Those that the visitor carries out.
    pub(super) fn is_guided(self) -> bool {
        matches!(self, Self::CloseTab | Self::Restart)
    }

    /// Those that remove more than markers, which is to be agreed to.
    pub(super) fn asks_first(self) -> bool {
        self.clears().is_some() || self == Self::LogOut
    }

    /// What `Clear-Site-Data` is told.
    fn clears(self) -> Option<&'static str> {
        match self {
            Self::ClearCookies => Some("cookies"),
            Self::ClearStorage => Some("storage"),
            Self::ClearCache => Some("cache"),
            Self::ClearAll => Some("*"),
            _ => None,
        }
    }

    /// Where the reader is sent after it.
    fn place(self) -> Place {
        match self {
            Self::TabWithOpener => Place::TabWithOpener,
            Self::TabWithoutOpener => Place::TabWithoutOpener,
            Self::Window => Place::Window,
            Self::RequestWith => Place::WithCredentials,
            Self::RequestWithout => Place::WithoutCredentials,
            Self::FrameWithin => Place::Within,
            Self::FrameOther => Place::OtherSite,
            _ => Place::Here,
        }
    }
}

/// Why an event could not be tried to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Hindrance {
    /// The reader said nothing.
    Silent(Silence),
    /// Nobody is logged in.
    LogInFirst,
    /// The server refused it or did not answer.
    Refused(AppError),
    /// The page came back in another way than the event brings it back.
    CameBackBy(Arrival),
    /// It did not come to its end in time, while this was done.
    TooLate(String),
}

impl fmt::Display for Hindrance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Silent(Silence::Blocked) => {
                "The browser opened no window. Allow pop-ups for this site and try this row by its own button."
            }
            Self::Silent(Silence::NoReport) => {
                "The reader did not report within 10 seconds: the browser may have blocked it, or the server did not answer. Check \
                 the connection and try again."
            }
            Self::Silent(Silence::NoOtherSite) => {
                "This lab answers under one name only. Open it as localhost, or start it with --other-site."
            }
            Self::Silent(Silence::NoChannel) => {
                "This browser keeps tabs from telling each other what they find (BroadcastChannel). Check its settings for this site."
            }
            Self::LogInFirst => "Log in first: there is nobody to log out.",
            Self::Refused(error) => return error.fmt(f),
            Self::TooLate(doing) => {
                return write!(
                    f,
                    "It did not come to its end within 45 seconds ({doing}). Check the connection, then try again."
                );
            }
            Self::CameBackBy(_) => "The page was opened in another way in between. Try again.",
        })
    }
}

impl From<Silence> for Hindrance {
    fn from(silence: Silence) -> Self {
        Self::Silent(silence)
    }
}

impl From<AppError> for Hindrance {
    fn from(error: AppError) -> Self {
        Self::Refused(error)
    }
}

/// What the dialog shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// How a cell came about.
    Evidence(Event, Column),
    /// What an event removes, before it does.
    Question(Event),
}

/// A page that came back after an event which the visitor carried out: what was read at once, to be recorded when the
/// visitor says that it happened.
#[derive(Clone, Debug)]
pub(super) struct CameBack {
    reading: Reading,
    at: i64,
}

/// The trial on this page.
#[derive(Clone, Copy)]
pub(super) struct Survival {
    pub bench: Bench,
    account: Account,
    /// Its id, once the server keeps it.
    pub id: State<Option<String>>,
    pub trial: State<Trial>,
    /// What is being tried, and what is done for it at this moment.
    pub under_way: State<Option<(Event, String)>>,
    /// How many of all that need no leaving were tried, while that goes on.
    pub progress: State<Option<usize>>,
    pub hindrances: State<BTreeMap<Event, Hindrance>>,
    pub came_back: State<Option<CameBack>>,
    pub compared: State<Option<Matrix>>,
    pub shown: State<Option<Shown>>,
    /// Where the browser opens no window by itself, the visitor is asked for the click.
    pub windows: WindowRequest,
}

impl Survival {
    /// Goes on with the trial and the comparison that the address names.
    pub fn new(bench: Bench) -> Self {
        let new = Self {
            bench,
            account: expect_context(),
            id: State::new(None),
            trial: State::new(Trial::new(Browser::of(&window().navigator().user_agent().unwrap_or_default()))),
            under_way: State::new(None),
            progress: State::new(None),
            hindrances: State::new(BTreeMap::new()),
            came_back: State::new(None),
            compared: State::new(named("matrix").and_then(|text| Matrix::decode(&text))),
            shown: State::new(None),
            windows: WindowRequest::new(),
        };
        if let Some(id) = named("trial") {
            spawn_local(new.go_on(id));
        }
        new
    }

    /// The events that "Run all that need no leaving" runs.
    pub fn all_without_leaving() -> impl Iterator<Item = Event> {
        Event::ALL.into_iter().filter(|event| event.leaves_nothing())
    }

    /// Tries an event.
    pub fn start(self, event: Event) {
        if self.under_way.read_untracked().is_none() {
            spawn_local(async move {
                self.attempt(event).await;
            });
        }
    }

    /// Tries all events that need no leaving, one after the other.
    pub fn start_all(self) {
        if self.under_way.read_untracked().is_some() {
            return;
        }
        self.progress.set(Some(0));
        spawn_local(async move {
            let mut tried = 0;
            for event in Self::all_without_leaving() {
                if self.progress.try_get_untracked().flatten().is_none() {
                    return;
                }
                self.attempt(event).await;
                tried += 1;
                self.progress.try_update(|progress| *progress = progress.map(|_| tried));
            }
            self.progress.try_set(None);
            self.say(format!("Tried all {tried} events that need no leaving."));
        });
    }

    /// Tries no further event after the one that is under way.
    pub fn cancel(self) {
        self.progress.set(None);
        self.say("Stopped: what was tried stays.".into());
    }

    async fn attempt(self, event: Event) {
        self.doing(event, "Laying markers");
        let outcome = self.within_limit(self.run(event)).await;
        self.under_way.try_set(None);
        self.hindrances.try_update(|hindrances| match outcome {
            Ok(()) => hindrances.remove(&event),
            Err(ref hindrance) => hindrances.insert(event, hindrance.clone()),
        });
        self.say(match outcome {
            Err(hindrance) => format!("{}: {hindrance}", event.heading()),
            Ok(()) if event.is_guided() => format!("{}: follow the steps.", event.heading()),
            Ok(()) if event.leaves_the_page() => format!("{}: the page is left.", event.heading()),
            Ok(()) => self.trial.try_with_untracked(|trial| trial.summary(event)).unwrap_or_default(),
        });
    }

    async fn within_limit(self, work: impl Future<Output = Result<(), Hindrance>>) -> Result<(), Hindrance> {
        let mut deadline = clock() + EVENT_LIMIT_MS;
        watched(work, || {
            if self.windows.asks.try_get_untracked() == Some(true) {
                deadline = clock() + EVENT_LIMIT_MS;
            }
            let doing = || self.under_way.try_get_untracked().flatten().map(|(_, doing)| doing).unwrap_or_default();
            (clock() > deadline).then(|| Hindrance::TooLate(doing()))
        })
        .await
        .unwrap_or_else(Err)
    }

    async fn run(self, event: Event) -> Result<(), Hindrance> {
        if event == Event::LogOut && self.account.user.read_untracked().is_none() {
            return Err(Hindrance::LogInFirst);
        }
        let max_age = if event == Event::Expiry { EXPIRY_SECONDS } else { LASTING_SECONDS };
        let markers = markers::lay(self.bench, max_age).await;
        let before = read(Place::Here, None, self.windows).await?;
        let laid = |(column, marker)| Laid { column, marker, before: before.sight(column, marker) };
        let pending = Pending { event, begun: now(), laid: markers.into_iter().map(laid).collect() };
        self.doing(event, "It happens");
        match event {
            _ if event.leaves_the_page() || event.is_guided() => return self.leave(pending).await,
            Event::Expiry => self.wait().await,
            Event::LogOut => post("/api/logout", "").await?,
            _ => {
                if let Some(kind) = event.clears() {
                    post("/lab/clear-site-data", &format!("kind={kind}")).await?;
                    // Firefox clears after it has handed over the answer.
                    TimeoutFuture::new(CLEARED_AFTER_MS).await;
                }
            }
        }
        self.doing(event, "Reading");
        let after = read(event.place(), before.other_site(), self.windows).await?;
        self.record(pending, &after, now(), None);
        if event.asks_first() {
            self.account.changed();
        }
        markers::look_again(self.bench, Column::on_now(self.bench).into_iter()).await;
        Ok(self.keep().await?)
    }

    /// Keeps what is under way on the server and leaves the page, or lets the visitor do it.
    async fn leave(self, pending: Pending) -> Result<(), Hindrance> {
        let event = pending.event;
        self.trial.update(|trial| trial.pending = Some(pending));
        if let Err(error) = self.keep().await {
            self.trial.update(|trial| trial.pending = None);
            return Err(error.into());
        }
        BEGUN_HERE.set(true);
        let location = window().location();
        let id = self.id.get_untracked().unwrap_or_default();
        // The visitor may have forbidden the page to be left; then the row can be tried again.
        let _ = match event {
            Event::Reload => location.reload(),
            Event::Navigate => location.assign(&format!("/lab/away?trial={id}")),
            _ => Ok(()),
        };
        Ok(())
    }

    /// Takes up the trial that the address names, and finishes the event for which the page was left.
    async fn go_on(self, id: String) {
        let trial = match load_trial(id.clone()).await {
            Ok(trial) => trial,
            Err(error) => return self.say(error.to_string()),
        };
        let Some(here) = self.trial.try_with_untracked(|trial| trial.browser) else { return };
        if trial.browser.name != here.name {
            name("trial", None);
            self.say(format!("That trial runs in {}: it is shown beside this browser’s own.", trial.browser));
            return self.compared.set(Some(Matrix::of(&trial)));
        }
        let pending = trial.pending.clone();
        self.trial.set(Trial { browser: here, ..trial });
        self.id.set(Some(id));
        if let Some(pending) = pending.filter(|_| !BEGUN_HERE.get()) {
            // What comes of it is far down the page.
            focus("tab-survival".into());
            self.doing(pending.event, "Reading");
            let outcome = self.within_limit(self.come_back(pending.clone())).await;
            self.under_way.try_set(None);
            if let Err(hindrance) = outcome {
                self.say(format!("{}: {hindrance}", pending.event.heading()));
                self.hindrances.try_update(|hindrances| hindrances.insert(pending.event, hindrance));
                self.trial.try_update(|trial| trial.pending = None);
            }
        }
    }

    async fn come_back(self, pending: Pending) -> Result<(), Hindrance> {
        let event = pending.event;
        let reading = read(Place::Here, None, self.windows).await?;
        let (at, arrival) = (now(), arrival());
        if event.is_guided() {
            self.came_back.try_set(Some(CameBack { reading, at }));
            self.say(format!("{}: has it happened?", event.heading()));
            return Ok(());
        }
        let expected = if event == Event::Reload { Arrival::Reload } else { Arrival::Navigate };
        if arrival != expected && arrival != Arrival::Unknown {
            return Err(Hindrance::CameBackBy(arrival));
        }
        self.record(pending, &reading, at, Some(arrival));
        self.say(self.trial.try_with_untracked(|trial| trial.summary(event)).unwrap_or_default());
        Ok(self.keep().await?)
    }

    /// The visitor says that what was asked of them happened: what was read on coming back counts.
    pub fn confirm(self) {
        let Some(CameBack { reading, at }) = self.came_back.try_update(Option::take).flatten() else { return };
        let Some(pending) = self.trial.with_untracked(|trial| trial.pending.clone()) else { return };
        let event = pending.event;
        self.record(pending, &reading, at, Some(arrival()));
        self.say(self.trial.with_untracked(|trial| trial.summary(event)));
        self.keep_in_background();
    }

    /// The visitor does not carry the event out.
    pub fn forgo(self) {
        BEGUN_HERE.set(false);
        self.came_back.set(None);
        self.trial.update(|trial| trial.pending = None);
        self.say("Not tried; everything else stays.".into());
        self.keep_in_background();
    }

    fn record(self, pending: Pending, after: &Reading, ended: i64, arrival: Option<Arrival>) {
        let Pending { event, begun, laid } = pending;
        let cell = |laid: Laid| Cell { laid, after: after.sight(laid.column, laid.marker) };
        let run = Run { event, begun, ended, arrival, cells: laid.into_iter().map(cell).collect() };
        self.trial.try_update(|trial| {
            trial.record(run);
            note_event(trial, event);
            trial.pending = None;
        });
    }

    /// Lets the server keep the trial as it is now; the first time, its id goes into the address.
    async fn keep(self) -> Result<(), AppError> {
        let (Some(id), Some(trial)) = (self.id.try_get_untracked(), self.trial.try_get_untracked()) else {
            return Ok(());
        };
        let is_new = id.is_none();
        let id = save_trial(id, trial).await?;
        if is_new {
            name("trial", Some(&id));
            self.id.try_set(Some(id));
        }
        Ok(())
    }

    fn keep_in_background(self) {
        spawn_local(async move {
            if let Err(error) = self.keep().await {
                self.say(error.to_string());
            }
        });
    }

    /// Ends the trial: takes every marker away and lets the server forget it.
    pub fn end(self) {
        let Some(id) = self.id.get_untracked() else { return };
        if self.under_way.read_untracked().is_some() {
            return;
        }
        spawn_local(async move {
            if let Err(error) = end_trial(id).await {
                return self.say(error.to_string());
            }
            BEGUN_HERE.set(false);
            name("trial", None);
            let Some(browser) = self.trial.try_with_untracked(|trial| trial.browser) else { return };
            let used = self.trial.try_update(|trial| std::mem::replace(trial, Trial::new(browser)));
            self.id.try_set(None);
            self.came_back.try_set(None);
            self.hindrances.try_update(BTreeMap::clear);
            markers::lift(self.bench, used.map(|trial| trial.columns()).unwrap_or_default()).await;
            self.say("The trial has ended: its markers are removed, here and on the server.".into());
        });
    }

    /// Waits until the marker's `Max-Age` has passed, a second at a time.
    async fn wait(self) {
        for left in (1..=EXPIRY_SECONDS + 1).rev() {
            self.doing(Event::Expiry, &format!("The cookie ends in {left} s"));
            TimeoutFuture::new(1_000).await;
        }
    }

    /// The link that leads back to this trial.
    pub fn link(self) -> String {
        let origin = window().location().origin().unwrap_or_default();
        format!("{origin}/?trial={}", self.id.get().unwrap_or_default())
    }

    /// The way to the log-in page and back to this trial.
    pub fn way_to_log_in(self) -> String {
        let back = self.id.get().map_or("/".to_owned(), |id| format!("/?trial={id}"));
        with_query("/login", [("next", back.as_str())])
    }

    /// The link that hands the matrix on.
    pub fn matrix_link(self) -> String {
        let origin = window().location().origin().unwrap_or_default();
        format!("{origin}/?matrix={}", Matrix::of(&self.trial.read()).encode())
    }

    fn doing(self, event: Event, what: &str) {
        self.under_way.try_set(Some((event, what.to_owned())));
    }

    fn say(self, what: String) {
        self.bench.status.try_set(what);
    }
}

/// UTC seconds by the browser's clock.
fn now() -> i64 {
    (Date::now() / 1_000.0) as i64
}

/// How this page came about.
fn arrival() -> Arrival {
    let entries = window().performance().map(|performance| performance.get_entries_by_type("navigation"));
    let kind = entries.and_then(|entries| Reflect::get(&entries.get(0), &JsValue::from_str("type")).ok());
    match kind.and_then(|kind| kind.as_string()).as_deref() {
        Some("navigate") => Arrival::Navigate,
        Some("reload") => Arrival::Reload,
        Some("back_forward") => Arrival::BackForward,
        _ => Arrival::Unknown,
    }
}

async fn post(path: &str, form: &str) -> Result<(), Hindrance> {
    let request = RequestInit::new();
    request.set_method("POST");
    if let Ok(form) = UrlSearchParams::new_with_str(form) {
        request.set_body(&form);
    }
    let answer = JsFuture::from(window().fetch_with_str_and_init(path, &request)).await;
    let answer = answer.map_err(|_| AppError::Unreachable)?;
    if Response::from(answer).ok() { Ok(()) } else { Err(AppError::Internal.into()) }
}

/// What the address says under a name.
pub(super) fn named(name: &str) -> Option<String> {
    UrlSearchParams::new_with_str(&window().location().search().ok()?).ok()?.get(name)
}

/// Writes something into the address, or takes it out; the page stays.
pub(super) fn name(name: &str, what: Option<&str>) {
    let search = window().location().search().unwrap_or_default();
    let (Ok(query), Ok(history)) = (UrlSearchParams::new_with_str(&search), window().history()) else { return };
    match what {
        Some(what) => query.set(name, what),
        None => query.delete(name),
    }
    let query = String::from(query.to_string());
    let address = if query.is_empty() { "/".to_owned() } else { format!("/?{query}") };
    let state = history.state().unwrap_or(JsValue::NULL);
    let _ = history.replace_state_with_url(&state, "", Some(&address));
}
