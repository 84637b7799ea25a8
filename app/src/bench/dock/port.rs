//! The port to the app's page: each question has a number, by which its answer is known.
//!
//! The page may be anybody's. What comes over the port is data, shown as text; nothing of the lab's goes over it but the
//! questions.

use crate::{
    browser::optional::Trouble,
    json::Value,
    reactive::{State, Stored},
    text::units::{exact, written},
    ui::on_window,
};
use futures::{
    channel::oneshot::{self, Canceled, Receiver},
    future::{Either, select},
};
use gloo_events::EventListener;
use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Object, Reflect};
use leptos::prelude::{on_cleanup, window};
use send_wrapper::SendWrapper;
use std::{cell::RefCell, collections::HashMap, pin::pin};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, MessagePort};

/// What both sides say before there is a port.
const HELLO: &str = "storage-lab-dock";
/// How long an answer is waited for, in milliseconds: a page may stand still, or may not want to answer.
const ANSWERED_WITHIN: u32 = 20_000;
/// After how long without an answer it is said that the page does not answer yet.
const STILL_AFTER: u32 = 1_500;

#[derive(Default)]
struct Open {
    port: Option<MessagePort>,
    /// Of the page that handed it over.
    origin: String,
    /// Ends what is heard of the port.
    heard: Option<EventListener>,
    waiting: HashMap<u32, oneshot::Sender<JsValue>>,
    asked: u32,
    /// Whether the page leaves a question without an answer.
    still: Option<State<bool>>,
}

thread_local! {
    static OPEN: RefCell<Open> = RefCell::default();
}

/// What a page tells without being asked.
pub(super) struct Notice(pub JsValue);

/// Says to the page around this frame that the bench is here, and takes the port that it hands over. Only a page of the `allowed`
/// origins is listened to; `connected` is told once there is a port, `told` of each notice, `still` whether the page leaves a
/// question without an answer for long.
pub(super) fn meet(
    allowed: Vec<String>,
    still: State<bool>,
    connected: impl Fn() + 'static,
    told: impl Fn(Notice) + 'static,
) {
    OPEN.with_borrow_mut(|open| open.still = Some(still));
    let told = Stored::new(SendWrapper::new(std::rc::Rc::new(told)));
    on_window("message", move |event| {
        let Some(event) = event.dyn_ref::<MessageEvent>() else { return };
        let around = window().parent().ok().flatten().map(JsValue::from);
        let is_page_around = event.source().map(JsValue::from) == around;
        if !is_page_around || !allowed.contains(&event.origin()) || event.data().as_string().as_deref() != Some(HELLO) {
            return;
        }
        let Ok(port) = event.ports().get(0).dyn_into::<MessagePort>() else { return };
        let Some(told) = told.try_get_value() else { return };
        let heard = EventListener::new(&port, "message", move |event| {
            if let Some(event) = event.dyn_ref::<MessageEvent>() {
                hear(event.data(), &**told);
            }
        });
        port.start();
        OPEN.with_borrow_mut(|open| {
            open.heard = Some(heard);
            open.port = Some(port);
            open.origin = event.origin();
            // Nobody answers what was asked over another one.
            open.waiting.clear();
        });
        stands_still(false);
        connected();
    });
    on_cleanup(|| OPEN.with_borrow_mut(|open| *open = Open::default()));
    if let Ok(Some(around)) = window().parent() {
        // Whoever it is: that a bench is here is no secret, and the port is taken from allowed origins alone.
        let _ = around.post_message(&HELLO.into(), "*");
    }
}

fn stands_still(is_still: bool) {
    let still = OPEN.with_borrow(|open| open.still);
    if let Some(still) = still.filter(|still| still.try_get_untracked() == Some(!is_still)) {
        still.set(is_still);
    }
}

fn hear(data: JsValue, told: &dyn Fn(Notice)) {
    stands_still(false);
    match data.get("id").number() {
        Some(id) => {
            let asked = OPEN.with_borrow_mut(|open| open.waiting.remove(&(id as u32)));
            if let Some(asked) = asked {
                let _ = asked.send(data);
            }
        }
        None => told(Notice(data)),
    }
}

/// The origin of the page.
pub(super) fn origin() -> String {
    OPEN.with_borrow(|open| open.origin.clone())
}

/// Asks the page to do something.
///
/// # Errors
/// What it says is wrong, or [`Trouble::Failed`] where no answer comes.
pub(super) async fn ask(verb: &str, fields: &[(&str, JsValue)]) -> Result<JsValue, Trouble> {
    let gone = || Trouble::Failed("no answer of the page".to_owned());
    let until = js_sys::Date::now() + f64::from(ANSWERED_WITHIN);
    let asked = OPEN.with_borrow_mut(|open| {
        let port = open.port.clone()?;
        open.asked += 1;
        let question = Object::new();
        let own = [("id", open.asked.into()), ("verb", verb.into()), ("until", until.into())];
        for (name, value) in own.iter().chain(fields) {
            Reflect::set(&question, &(*name).into(), value).ok()?;
        }
        port.post_message(&question).ok()?;
        let (sender, answer) = oneshot::channel();
        open.waiting.insert(open.asked, sender);
        Some((open.asked, answer))
    });
    let (id, mut answer) = asked.ok_or_else(gone)?;
    let soon = within(&mut answer, STILL_AFTER).await;
    if soon.is_none() {
        stands_still(true);
    }
    let answer = match soon {
        Some(answer) => Some(answer),
        None => within(&mut answer, ANSWERED_WITHIN - STILL_AFTER).await,
    };
    let Some(answer) = answer else {
        OPEN.with_borrow_mut(|open| open.waiting.remove(&id));
        return Err(gone());
    };
    let answer = answer.map_err(|_| gone())?;
    match answer.get("error").text() {
        Some(error) => Err(trouble(&error, &answer)),
        None => Ok(answer),
    }
}

/// The answer, if it comes within so many milliseconds.
async fn within(answer: &mut Receiver<JsValue>, milliseconds: u32) -> Option<Result<JsValue, Canceled>> {
    match select(answer, pin!(TimeoutFuture::new(milliseconds))).await {
        Either::Left((answer, _)) => Some(answer),
        Either::Right(_) => None,
    }
}

fn trouble(error: &str, answer: &JsValue) -> Trouble {
    match error {
        "Changed" => Trouble::Changed(text(&answer.get("now")).map(Into::into)),
        "Stays" => Trouble::Stays,
        "NotKept" => Trouble::NotKept,
        "NotText" => Trouble::NotText,
        "NotJson" => Trouble::NotJson,
        "NoPlace" => Trouble::NoPlace,
        "WorkersOnly" => Trouble::WorkersOnly,
        "OtherKey" => Trouble::OtherKey,
        "Absent" => Trouble::Absent,
        // It is shown: a name of a DOM exception is a few letters.
        name => Trouble::named(&name.chars().filter(char::is_ascii_alphanumeric).take(40).collect::<String>()),
    }
}

/// The units of a string; `None` for something else.
pub(super) fn text(value: &JsValue) -> Option<String> {
    Some(exact(value.as_string()?, &|| Some(value.clone())))
}

/// A text of units for the page.
pub(super) fn units(text: &str) -> JsValue {
    written(text).into()
}

/// The items of an array; none of something else.
pub(super) fn items(value: &JsValue) -> Vec<JsValue> {
    value.dyn_ref::<Array>().map(|items| items.iter().collect()).unwrap_or_default()
}
