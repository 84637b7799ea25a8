//! Tabs and windows: which of them finds an entry of sessionStorage, and which of them hear of a change.

use crate::{
    bench::survival::readers::{Place, report},
    browser::{Area, windows::Opening},
    experiments::{
        prelude::*,
        windows::{OwnFrame, area_of},
    },
    json,
};
use gloo_events::EventListener;
use gloo_timers::future::TimeoutFuture;
use js_sys::Reflect;
use leptos::prelude::window;
use serde::Deserialize;
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{StorageEvent, Window};

pub(super) const EXPERIMENT: Experiment = Experiment {
    slug: "tabs-and-windows",
    title: "Tabs and windows",
    group: Group::Kept,
    claims: &[C2],
    about: &[
        "localStorage is there for all pages of a site’s origin, in whatever tab. sessionStorage is one of each tab. But a \
         page can open another window, and then there are two: does the new one begin empty? It may know who opened it, \
         its opener, or it may not (noopener).",
        "And when a page changes an entry, do the others hear of it? The browser tells them with an event called \
         “storage”. Here this page, a frame in it and a window listen, while this page writes.",
    ],
    question: "A page with an entry in sessionStorage opens two windows: one that knows its opener, and one that does not. \
               Which of them finds the entry?",
    choices: &[
        "Both: they are windows of the same site.",
        "Only the one that knows its opener: it gets a copy, and from then on each has its own.",
        "Only the one that knows its opener: the two share the storage.",
        "Neither: sessionStorage is one tab’s alone.",
    ],
    parameters: &[Parameter::word("value", "The value", 24, "blue")],
    steps: &[
        Step(
            "A window that knows its opener",
            "The page puts an entry into sessionStorage and opens a window. What is there? Then the window writes over it: \
             what does the page have now?",
        ),
        Step(
            "Who hears of a change",
            "This page, a frame in it and the window listen for “storage”. The page writes an entry of localStorage, the \
             same value again, another one by localStorage.name = …, deletes it, and deletes it again; then it writes one \
             of sessionStorage.",
        ),
        Step(
            "A window that does not know its opener",
            "A window is opened with noopener. It looks for the entry, reports, and closes. Some browsers open one window \
             for each press of a button: then you are asked for another one.",
        ),
    ],
    alone: false,
    needs: &[Need::WebStorage, Need::Frames, Need::Windows],
    takes: 5,
    opens: &[Opens::Window, Opens::Tab],
    in_general: &[
        "A new window that has an opener begins with a copy of its sessionStorage; from then on they are two. With \
         noopener, as for links to a new tab nowadays, it begins empty. Two tabs that the user opens have nothing to do \
         with each other.",
        "A storage event goes to all other documents that share the area: of localStorage those in all tabs, of \
         sessionStorage only those in the same tab. The document that wrote hears nothing, and where nothing has changed \
         there is nothing to tell. Writing localStorage.name = … is the same as setItem.",
    ],
    other_browsers: "The browsers’ shared tests try each of these: the copy, noopener, and which writes fire no event.",
    sources: &[
        Source {
            says: "Each tab has its session storage; a window opened by another gets a copy of it, unless by noopener:",
            rule: "WHATWG HTML §12.2.2",
            link: "https://html.spec.whatwg.org/multipage/webstorage.html#the-sessionstorage-attribute",
        },
        Source {
            says: "Other documents are told of a change:",
            rule: "WHATWG HTML §12.2.1, broadcast",
            link: "https://html.spec.whatwg.org/multipage/webstorage.html#concept-storage-broadcast",
        },
        Source {
            says: "The browsers’ shared tests that the same value, a missing key and an empty clear fire nothing:",
            rule: "web-platform-tests webstorage/event_no_duplicates.html",
            link: "https://github.com/web-platform-tests/wpt/blob/master/webstorage/event_no_duplicates.html",
        },
    ],
};

pub(super) const PROCEDURE: Procedure =
    Procedure { window: open_with_entry, run: |run| Box::pin(experiment(run)), clean: nothing_more };

/// How long is listened after the last write, in milliseconds.
const LISTEN_MS: u32 = 500;
const LISTENERS: [&str; 3] = ["this page, which wrote", "a frame in it", "the window"];

/// Opens the window with the entry in place: what it copies, it copies when it is opened.
fn open_with_entry(run: &Run) -> Option<Opening> {
    Area::Session.set(&run.name("session"), &run.value("value")).ok()?;
    a_window(run)
}

async fn experiment(run: Run) -> Result<Verdict, Trouble> {
    let value = run.value("value");
    let [session, local] = ["session", "local"].map(|what| run.name(what));

    run.step(0).await?;
    // Put and opened in the visitor's click (see `open_with_entry`); the window copies what is there at that moment.
    let opened = run.window().await?;
    let script = format!("sessionStorage.setItem('{session}', '{value}')\nconst opened = open('about:blank')");
    run.saw(Lane::Browser, "What the page does", script);
    let theirs = area_of(opened.window(), Area::Session)?;
    let copied = theirs.get_item(&session).ok().flatten();
    theirs.set_item(&session, "changed").map_err(|_| denied())?;
    let ours = Area::Session.get(&session);
    let rows = vec![
        vec!["the window, at first".to_owned(), told(copied.as_deref())],
        vec!["the window, after writing".to_owned(), told(theirs.get_item(&session).ok().flatten().as_deref())],
        vec!["this page, after that".to_owned(), told(ours.as_deref())],
    ];
    run.saw(Lane::Browser, "What is found in sessionStorage", Sight::Table(&["Where", "What is there"], rows));
    let (copied, separate) = (copied.as_deref() == Some(&value), ours.as_deref() == Some(&value));

    run.step(1).await?;
    let frame = OwnFrame::load("/lab/reader?report=none").await?;
    let windows = [window(), frame.window()?, opened.window().clone()];
    let listening = Listening::start(&windows)?;
    let own = JsValue::from(Area::Local.open()?);
    let property = JsValue::from_str(&local);
    Area::Local.set(&local, "1")?;
    Area::Local.set(&local, "1")?;
    Reflect::set(&own, &property, &"2".into()).map_err(|_| denied())?;
    Area::Local.delete(&local)?;
    Area::Local.delete(&local)?;
    Area::Session.set(&session, "2")?;
    let script = format!(
        "localStorage.setItem('{local}', '1')\nlocalStorage.setItem('{local}', '1') // the same again\n\
         localStorage['{local}'] = '2'\nlocalStorage.removeItem('{local}')\nlocalStorage.removeItem('{local}') // gone \
         already\nsessionStorage.setItem('{session}', '2')"
    );
    run.saw(Lane::Browser, "What the page does, while all listen", script);
    TimeoutFuture::new(LISTEN_MS).await;
    run.go_on()?;
    let heard = listening.stop();
    let count = |listener: usize, name: &str| heard.iter().filter(|news| news.0 == listener && news.1 == name).count();
    let row = |(listener, called): (usize, &&str)| {
        let news =
            heard.iter().filter(|news| news.0 == listener && news.1 == local).map(|news| told(news.2.as_deref()));
        let news: Vec<_> = news.collect();
        let told = if news.is_empty() { "nothing".to_owned() } else { news.join(", then ") };
        let of_session = count(listener, &session);
        vec![(*called).to_owned(), told, if of_session > 0 { "the change" } else { "nothing" }.to_owned()]
    };
    let rows = LISTENERS.iter().enumerate().map(row).collect();
    let headings = &["Listener", "Heard of localStorage", "Heard of sessionStorage"];
    run.saw(Lane::Browser, "Who heard what", Sight::Table(headings, rows));
    let of_local = [0, 1, 2].map(|listener| count(listener, &local));
    let of_session = [0, 1, 2].map(|listener| count(listener, &session));
    drop(frame);
    drop(opened);

    run.step(2).await?;
    run.saw(Lane::Browser, "What the page does", "open('/lab/reader', '_blank', 'noopener')");
    run.waits_for("the report of the second window");
    let report = report(Place::TabWithoutOpener, None, &run.name(""), run.windows()).await.ok();
    run.go_on()?;
    let report = report.and_then(|report| json::read::<Report>(&report).ok());
    let names = report.and_then(|report| report.run.session_storage);
    let found = names.map(|names| names.contains(&session));
    let said = match found {
        Some(true) => "The entry is there.",
        Some(false) => "The entry is not there.",
        None => "No window has reported: the browser has opened none, or it denies sessionStorage.",
    };
    run.saw(Lane::Browser, "What the window reports of its sessionStorage", said);

    let events = format!(
        "Of six writes and deletions in this page, the page itself heard {}, the frame {} and the window {}.",
        of_local[0] + of_session[0],
        of_local[1] + of_session[1],
        of_local[2] + of_session[2]
    );
    let as_described = of_local == [0, 3, 3] && of_session == [0, 1, 0];
    let with = match (copied, separate) {
        (true, true) => "The window that knows its opener got a copy, and what it wrote did not come back.",
        (true, false) => "The window that knows its opener found the entry, and what it wrote was to be read here.",
        (false, _) => "The window that knows its opener did not find the entry.",
    };
    let right = match (copied, separate, found.unwrap_or(false)) {
        (true, _, true) => 0,
        (true, true, false) => 1,
        (true, false, false) => 2,
        (false, ..) => 3,
    };
    Ok(match (found, right) {
        (None, _) => {
            return Err(Trouble::cannot_be_tried(
                "The window with noopener did not report, so the two cannot be compared. Allow this site to open windows \
                 (pop-ups), then run it again.",
            ));
        }
        (Some(_), 1) if as_described => {
            Verdict::holds(1, format!("{with} The one with noopener began without it. {events}"))
        }
        (Some(_), 1) => Verdict::holds_with_a_catch(
            1,
            format!(
                "{with} The one with noopener began without it. But the news went otherwise than described: {events}"
            ),
        ),
        (Some(true), _) => Verdict::does_not_hold(right, format!("{with} The one with noopener found it. {events}")),
        (Some(false), _) => Verdict::does_not_hold(right, format!("{with} The one with noopener did not. {events}")),
    })
}

/// The part of a reader's report that is asked for here: names of the run.
#[derive(Deserialize)]
struct Report {
    run: OfRun,
}

#[derive(Deserialize)]
struct OfRun {
    session_storage: Option<Vec<String>>,
}

/// What was heard: by which listener, of which name, and its new value.
type News = (usize, String, Option<String>);

/// Several windows that listen for storage events.
struct Listening {
    _listeners: Vec<EventListener>,
    heard: Rc<RefCell<Vec<News>>>,
}

impl Listening {
    fn start(windows: &[Window]) -> Result<Self, Trouble> {
        let heard = Rc::new(RefCell::new(Vec::new()));
        let mut listeners = Vec::new();
        for (listener, window) in windows.iter().enumerate() {
            // Whoever has not looked at an area may not be told of it.
            for area in [Area::Session, Area::Local] {
                area_of(window, area)?.length().map_err(|_| denied())?;
            }
            let heard = Rc::clone(&heard);
            listeners.push(EventListener::new(window, "storage", move |event| {
                // An event of another window is of another class to this one.
                let event = event.unchecked_ref::<StorageEvent>();
                if let Some(name) = event.key() {
                    heard.borrow_mut().push((listener, name, event.new_value()));
                }
            }));
        }
        Ok(Self { _listeners: listeners, heard })
    }

    fn stop(self) -> Vec<News> {
        self.heard.take()
    }
}

fn told(value: Option<&str>) -> String {
    value.map_or_else(|| "nothing there".to_owned(), |value| format!("“{value}”"))
}

fn denied() -> Trouble {
    Trouble::cannot_be_tried("The browser denies web storage. Allow this site to store data, then run it again.")
}
