//! Storage is synchronous: what a large write into web storage does to the frames of a page, and the same in IndexedDB.

use crate::{browser::Area, experiments::prelude::*};
use futures::future::{Either, select};
use gloo_events::EventListener;
use gloo_timers::future::TimeoutFuture;
use js_sys::{Date, Function, Promise, Reflect};
use leptos::{prelude::window, task::spawn_local};
use std::{cell::Cell, pin::pin, rc::Rc};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbFactory, IdbOpenDbRequest, IdbRequest, IdbTransactionMode};

pub(super) const EXPERIMENT: Experiment = Experiment {
    slug: "storage-is-synchronous",
    title: "Storage is synchronous",
    group: Group::Kept,
    claims: &[C2],
    about: &[
        "A browser draws a page anew some sixty times a second; each such picture is a frame. Between two frames the \
         page’s scripts have their turn. As long as a script is at work, nothing is drawn and no click is answered.",
        "localStorage.setItem gives back only when it has done its work: it is synchronous. IndexedDB, another store, says \
         later when it is through: it is asynchronous. Here a script writes the same large text into both, while the gaps \
         between the frames are measured.",
    ],
    question: "A script writes some megabytes. What does the page do meanwhile?",
    choices: &[
        "It goes on as ever: writing is done before the next frame is due.",
        "It stands still until web storage has taken them, and for less long with IndexedDB.",
        "It stands still until web storage has taken them, and as long or longer with IndexedDB.",
    ],
    parameters: &[
        Parameter::number("units", "UTF-16 units to write", 1_000..=5_000_000, 4_000_000),
        Parameter::choice("area", "Web storage", &[("local", "localStorage"), ("session", "sessionStorage")]),
    ],
    steps: &[
        Step("At rest", "The page does nothing for some thirty frames. How far apart are they?"),
        Step(
            "Into web storage",
            "Right after a frame a script calls setItem, and the clock is read before and after. Then comes the next frame. \
             This is done three times.",
        ),
        Step(
            "Into IndexedDB",
            "The same text, right after a frame. The call gives back, frames are counted, and at some time the browser says \
             that the text is kept.",
        ),
    ],
    alone: true,
    needs: &[Need::WebStorage],
    takes: 5,
    opens: &[],
    in_general: &[
        "Web storage is described as if everything were done at once: when setItem returns, each other page of the site \
         can read the value. Browsers hide what they can, keep the values in memory and write them to the disk later; but \
         copying the text is the script’s time, and so is reading a large area from the disk for the first time.",
        "IndexedDB copies the text as well before its call returns, and does the rest in the background. For a few small \
         settings web storage is quick enough; large data is better off in IndexedDB, and best written by a worker, which \
         has no frames to miss.",
    ],
    other_browsers: "All browsers have it synchronous. How long it takes differs widely: with the machine, the browser, and what \
                else they are busy with.",
    sources: &[
        Source {
            says: "Web storage is synchronous and would be better avoided for much data:",
            rule: "web.dev, Storage for the web",
            link: "https://web.dev/articles/storage-for-the-web",
        },
        Source {
            says: "What setItem does, in order, before it returns:",
            rule: "WHATWG HTML §12.2.1",
            link: "https://html.spec.whatwg.org/multipage/webstorage.html#dom-storage-setitem",
        },
        Source {
            says: "A transaction’s requests are carried out asynchronously:",
            rule: "Indexed Database API 3.0 §2.7",
            link: "https://www.w3.org/TR/IndexedDB-3/#transaction-concept",
        },
    ],
};

pub(super) const PROCEDURE: Procedure = Procedure {
    window: no_window,
    run: |run| Box::pin(experiment(run)),
    clean: |_| {
        Box::pin(async {
            // Where there is no IndexedDB, there is nothing to be deleted.
            let _ = Database::delete().await;
        })
    },
};

/// Frames that are watched at rest.
const AT_REST: usize = 30;
/// What is written, one text after the other: the same text again might cost nothing.
const LETTERS: [&str; 3] = ["b", "c", "d"];
/// How long a frame is waited for, and all frames at rest, in milliseconds.
const PATIENCE: u32 = 5_000;

/// One write, in milliseconds.
struct Write {
    /// How long the call held the script.
    held: f64,
    /// The longest gap between frames until it was over.
    gap: f64,
    /// Until the store said that it was kept.
    kept: f64,
    /// Frames that were drawn meanwhile.
    frames: u32,
}

async fn experiment(run: Run) -> Result<Verdict, Trouble> {
    let (area, called) = match run.value("area").as_str() {
        "session" => (Area::Session, "sessionStorage"),
        _ => (Area::Local, "localStorage"),
    };
    let units = run.number("units");

    run.step(0).await?;
    let mut gaps = Vec::new();
    let begun = frame(&run).await?;
    let mut last = begun;
    for _ in 0..AT_REST {
        let now = frame(&run).await?;
        // A tab that is not in front may be drawn once a second: too seldom to miss a frame.
        if now - begun > f64::from(PATIENCE) {
            return Err(hardly_drawn());
        }
        gaps.push(now - last);
        last = now;
    }
    gaps.sort_by(f64::total_cmp);
    let usual = gaps[AT_REST / 2];
    let at_rest = format!("{} between two frames, as a rule; the longest gap {}", ms(usual), ms(gaps[AT_REST - 1]));
    run.saw(Lane::Browser, format!("{AT_REST} frames"), at_rest);

    run.step(1).await?;
    let name = run.name("large");
    let code = format!("const text = 'b'.repeat({units})\n{called}.setItem('{name}', text)");
    run.saw(Lane::Browser, "What the page does", code);
    let mut into_area = Vec::new();
    for letter in LETTERS {
        run.says(format!("Writing into {called}"));
        into_area.push(write_into_area(&run, area, &name, &JsValue::from_str(&letter.repeat(units as usize))).await?);
    }
    area.delete(&name)?;
    run.saw(Lane::Browser, format!("Three times into {called}"), table(&into_area));

    run.step(2).await?;
    let code = "const writing = database.transaction('values', 'readwrite')\n\
                writing.objectStore('values').put(text, 'large')\nwriting.oncomplete = () => { /* it is kept */ }";
    run.saw(Lane::Browser, "What the page does", code);
    Database::delete().await?;
    let database = Database::open().await?;
    let mut into_database = Vec::new();
    for letter in LETTERS {
        run.says("Writing into IndexedDB");
        let text = JsValue::from_str(&letter.repeat(units as usize));
        into_database.push(write_into_database(&run, &database, &text).await?);
    }
    run.saw(Lane::Browser, "Three times into IndexedDB", table(&into_database));
    let longest = |writes: &[Write], of: fn(&Write) -> f64| writes.iter().map(of).fold(0.0, f64::max);
    let bar = |name: &str, gap: f64| (name.to_owned(), gap, ms(gap));
    let bars = vec![
        bar("at rest", gaps[AT_REST - 1]),
        bar(called, longest(&into_area, |write| write.gap)),
        bar("IndexedDB", longest(&into_database, |write| write.gap)),
    ];
    run.saw(Lane::Browser, "The longest gap between two frames", Sight::Bars(bars));

    let held = longest(&into_area, |write| write.held);
    let held_by_database = longest(&into_database, |write| write.held);
    let figures = format!(
        "Frames were {} apart. For {} units {called}.setItem held the page for up to {}; IndexedDB’s call for up to {}, and \
         then it took up to {} until they were kept, with {} frames in between.",
        ms(usual),
        thousands(units.into()),
        ms(held),
        ms(held_by_database),
        ms(longest(&into_database, |write| write.kept)),
        into_database.iter().map(|write| write.frames).sum::<u32>()
    );
    let missed = (held / usual) as u32;
    Ok(match (missed, held_by_database < held) {
        (0, _) => Verdict::holds_with_a_catch(
            0,
            format!("{figures} That was over before the next frame was due: write more, and it will not be."),
        ),
        (_, true) => Verdict::holds(
            1,
            format!("{figures} While {called} was written, {missed} of the frames due could not be drawn."),
        ),
        (_, false) => Verdict::holds_with_a_catch(
            2,
            format!(
                "{figures} While {called} was written, {missed} of the frames due could not be drawn; but in this run \
                 IndexedDB’s copying held the page no less."
            ),
        ),
    })
}

async fn write_into_area(run: &Run, area: Area, name: &str, text: &JsValue) -> Result<Write, Trouble> {
    let storage = JsValue::from(area.open()?);
    let set_item: Function = Reflect::get(&storage, &"setItem".into())
        .and_then(JsCast::dyn_into)
        .map_err(|_| Trouble::because("This browser has no web storage. Try another."))?;
    let before = frame(run).await?;
    let begun = clock();
    let outcome = set_item.call2(&storage, &name.into(), text);
    let held = clock() - begun;
    let gap = frame(run).await? - before;
    outcome.map_err(|_| {
        Trouble::because("There is no room for so many units. Choose fewer, or delete something, then run it again.")
    })?;
    Ok(Write { held, gap, kept: held, frames: 0 })
}

async fn write_into_database(run: &Run, database: &Database, text: &JsValue) -> Result<Write, Trouble> {
    let mut last = frame(run).await?;
    let begun = clock();
    let keeping = database.put(text);
    let held = clock() - begun;
    let keeping = keeping.map_err(|_| denied())?;
    let over = Rc::new(Cell::new(None));
    let tell = Rc::clone(&over);
    spawn_local(async move {
        let kept = JsFuture::from(keeping).await.is_ok();
        tell.set(Some((kept, clock() - begun)));
    });
    let (mut gap, mut frames) = (0.0, 0);
    loop {
        let now = frame(run).await?;
        gap = f64::max(gap, now - last);
        last = now;
        match over.get() {
            None => frames += 1,
            Some((true, kept)) => return Ok(Write { held, gap, kept, frames }),
            Some((false, _)) => {
                return Err(Trouble::because(
                    "IndexedDB did not keep the text. Choose fewer units, or delete something, then run it again.",
                ));
            }
        }
    }
}

fn table(writes: &[Write]) -> Sight {
    let row = |(number, write): (usize, &Write)| {
        let Write { held, gap, kept, frames } = write;
        vec![(number + 1).to_string(), ms(*held), ms(*kept), frames.to_string(), ms(*gap)]
    };
    let headings = &["Write", "The call held the script", "Kept after", "Frames meanwhile", "Longest gap"];
    Sight::Table(headings, writes.iter().enumerate().map(row).collect())
}

/// Waits for the next frame: when it came to the page. What the browser calls its beginning may lie before that, while a
/// script still held the page.
async fn frame(run: &Run) -> Result<f64, Trouble> {
    let drawn = Promise::new(&mut |drawn, _| drop(window().request_animation_frame(&drawn)));
    let drawn = match select(pin!(JsFuture::from(drawn)), pin!(TimeoutFuture::new(PATIENCE))).await {
        Either::Left((drawn, _)) => drawn.ok().map(|_| clock()),
        Either::Right(_) => None,
    };
    run.go_on()?;
    drawn.ok_or_else(hardly_drawn)
}

fn hardly_drawn() -> Trouble {
    Trouble::because("The browser draws hardly any frames of this page. Bring its tab to the front, then run it again.")
}

/// Milliseconds, as finely as the browser tells them.
fn clock() -> f64 {
    window().performance().map_or_else(Date::now, |performance| performance.now())
}

fn ms(milliseconds: f64) -> String {
    format!("{milliseconds:.1} ms")
}

/// A database of the experiment's own. It has one name for all runs, of which there is one at a time: what is left of one
/// that broke off is deleted by the next.
struct Database(IdbDatabase);

const DATABASE: &str = "lab-storage-is-synchronous";
const VALUES: &str = "values";

/// While it is open, nobody can delete it.
impl Drop for Database {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Database {
    async fn open() -> Result<Self, Trouble> {
        let request = factory()?.open_with_u32(DATABASE, 1).map_err(|_| denied())?;
        let asked = request.clone();
        let _upgrade = EventListener::once(&request, "upgradeneeded", move |_| {
            let database = asked.result().map(JsValue::unchecked_into::<IdbDatabase>);
            // What went wrong here is told by the request itself.
            let _ = database.and_then(|database| database.create_object_store(VALUES));
        });
        Ok(Self(done(&request).await?.unchecked_into()))
    }

    async fn delete() -> Result<(), Trouble> {
        let request: IdbOpenDbRequest = factory()?.delete_database(DATABASE).map_err(|_| denied())?;
        done(&request).await.map(drop)
    }

    /// Puts a text there; the promise is fulfilled when it is kept.
    fn put(&self, text: &JsValue) -> Result<Promise, JsValue> {
        let transaction = self.0.transaction_with_str_and_mode(VALUES, IdbTransactionMode::Readwrite)?;
        transaction.object_store(VALUES)?.put_with_key(text, &"large".into())?;
        Ok(Promise::new(&mut |kept, lost| {
            transaction.set_oncomplete(Some(&kept));
            transaction.set_onabort(Some(&lost));
        }))
    }
}

fn factory() -> Result<IdbFactory, Trouble> {
    window().indexed_db().ok().flatten().ok_or_else(denied)
}

/// What a request ends with.
async fn done(request: &IdbRequest) -> Result<JsValue, Trouble> {
    let answered = Promise::new(&mut |answered, failed| {
        request.set_onsuccess(Some(&answered));
        request.set_onerror(Some(&failed));
    });
    JsFuture::from(answered).await.map_err(|_| denied())?;
    request.result().map_err(|_| denied())
}

fn denied() -> Trouble {
    Trouble::because("The browser denies IndexedDB. Allow this site to store data, then run it again.")
}
