//! The reader: one small page, `/lab/reader`, that is sent wherever a marker may be found and reports what it finds.
//! Whatever the matrix shows was read by it, here, in another tab or window, or in a frame.

use super::{Column, Marker, Seen, Sight, Travelled};
use crate::{json, ui::random};
use gloo_timers::callback::Timeout;
use js_sys::{Function, Promise};
use leptos::prelude::{document, window};
use serde::Deserialize;
use std::collections::BTreeMap;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{BroadcastChannel, HtmlIFrameElement, MessageEvent};

/// Where tabs and windows report; `public/reader.js` knows it too.
const CHANNEL: &str = "lab-trial";
/// How long a report is waited for, in milliseconds.
const PATIENCE: u32 = 10_000;

/// Where the reader is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Into a frame of this page.
    Here,
    /// Into a frame of this page, with `credentials: include`.
    WithCredentials,
    /// Into a frame of this page, with `credentials: omit`.
    WithoutCredentials,
    TabWithOpener,
    TabWithoutOpener,
    Window,
    /// Into a frame within a frame of the other site.
    Within,
    /// Into a frame of the other site.
    OtherSite,
}

/// Why the reader did not report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Silence {
    /// The browser opened no window.
    Blocked,
    /// Nothing was heard in time.
    NoReport,
    /// This lab has no other site.
    NoOtherSite,
}

/// What the reader found.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Reading {
    found: BTreeMap<Column, Found>,
    /// What the server saw of its request; `None` where no answer came.
    pub travelled: Option<Travelled>,
}

/// What it made of one place.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Found {
    Nothing,
    Something(String),
    /// The error's name.
    Unreadable(String),
}

impl Reading {
    /// What both parties saw of a marker.
    pub fn sight(&self, column: Column, marker: Marker) -> Sight {
        let script = self.found.get(&column).map(|found| match found {
            Found::Nothing => Seen::Absent,
            Found::Something(text) => same(text, marker),
            Found::Unreadable(error) => match error.as_str() {
                "SecurityError" | "NotAllowedError" => Seen::Denied,
                "ReferenceError" | "TypeError" => Seen::Unsupported,
                _ => Seen::Failed,
            },
        });
        let server = match &self.travelled {
            None => Seen::NoAnswer,
            Some(Travelled { held, .. }) if column == Column::ServerSession => {
                held.as_ref().map_or(Seen::Absent, |text| same(text, marker))
            }
            Some(Travelled { carried, .. }) if carried.contains(&marker) => Seen::Same,
            Some(_) => Seen::Absent,
        };
        Sight { script, server: Some(server) }
    }

    /// The origin of the other site.
    pub fn other_site(&self) -> Option<&str> {
        self.travelled.as_ref()?.other_site.as_deref()
    }
}

fn same(text: &str, marker: Marker) -> Seen {
    if text == marker.to_string() { Seen::Same } else { Seen::Other }
}

/// Sends the reader to a place and waits for its report.
pub(super) async fn read(place: Place, other_site: Option<&str>) -> Result<Reading, Silence> {
    let report = report(place, other_site, "").await?;
    json::read(&report).map_err(|_| Silence::NoReport)
}

/// The same, as it reports; it also looks for what a run of an experiment has laid, by how its names begin.
pub(crate) async fn report(place: Place, other_site: Option<&str>, begins: &str) -> Result<String, Silence> {
    let name = format!("{:016x}", random().map(u64::from_be_bytes).unwrap_or_default());
    let address = match begins {
        "" => format!("/lab/reader?report={name}"),
        begins => format!("/lab/reader?report={name}&run={begins}"),
    };
    let frame = |address: String| open_frame(&address).map(Opened::Frame).ok_or(Silence::NoReport);
    let elsewhere = |page: &str| {
        let site = other_site.ok_or(Silence::NoOtherSite)?;
        frame(format!("{site}{page}"))
    };

    let listening = Listening::start(name.clone()).ok_or(Silence::NoReport)?;
    let _opened = match place {
        Place::Here => frame(address)?,
        Place::WithCredentials => frame(format!("{address}&credentials=include"))?,
        Place::WithoutCredentials => frame(format!("{address}&credentials=omit"))?,
        Place::TabWithOpener => open_window(&address, "")?,
        Place::TabWithoutOpener => open_window(&address, "noopener")?,
        Place::Window => open_window(&address, "popup,width=480,height=240")?,
        Place::Within => elsewhere(&format!("/lab/embed?report={name}"))?,
        Place::OtherSite => elsewhere(&format!("{address}&to=other"))?,
    };
    listening.report(other_site).await.ok_or(Silence::NoReport)
}

/// What was opened for the reader; a frame goes away again, tabs and windows close themselves.
enum Opened {
    Frame(HtmlIFrameElement),
    Window,
}

impl Drop for Opened {
    fn drop(&mut self) {
        if let Self::Frame(frame) = self {
            frame.remove();
        }
    }
}

fn open_frame(address: &str) -> Option<HtmlIFrameElement> {
    let frame: HtmlIFrameElement = document().create_element("iframe").ok()?.dyn_into().ok()?;
    frame.set_title("Reader");
    frame.set_hidden(true);
    frame.set_src(address);
    document().body()?.append_child(&frame).ok()?;
    Some(frame)
}

/// A window without an opener is opened without a word, so only its silence tells that it was blocked.
fn open_window(address: &str, features: &str) -> Result<Opened, Silence> {
    match window().open_with_url_and_target_and_features(address, "_blank", features) {
        Ok(None) if features != "noopener" => Err(Silence::Blocked),
        Err(_) => Err(Silence::Blocked),
        Ok(_) => Ok(Opened::Window),
    }
}

/// Waits for one report by its name, from frames and from other tabs.
struct Listening {
    name: String,
    promise: Promise,
    resolve: Function,
    channel: BroadcastChannel,
}

impl Listening {
    fn start(name: String) -> Option<Self> {
        let mut resolve = None;
        let promise = Promise::new(&mut |resolved, _| resolve = Some(resolved));
        Some(Self { name, promise, resolve: resolve?, channel: BroadcastChannel::new(CHANNEL).ok()? })
    }

    async fn report(self, other_site: Option<&str>) -> Option<String> {
        let Self { name, promise, resolve, channel } = self;
        let own = window().location().origin().ok()?;
        let origins = [Some(own), other_site.map(str::to_owned)];
        let heard = {
            let resolve = resolve.clone();
            Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
                let known = origins.iter().flatten().any(|origin| *origin == event.origin());
                let ours = |report: &String| report.starts_with(&format!("{{\"report\":\"{name}\""));
                if let Some(report) = event.data().as_string().filter(ours)
                    && known
                {
                    let _ = resolve.call1(&JsValue::NULL, &report.into());
                }
            })
        };
        let listener: &Function = heard.as_ref().unchecked_ref();
        let _ = window().add_event_listener_with_callback("message", listener);
        channel.set_onmessage(Some(listener));
        let give_up = Timeout::new(PATIENCE, move || drop(resolve.call0(&JsValue::NULL)));
        let report = JsFuture::from(promise).await.ok();
        give_up.cancel();
        channel.close();
        let _ = window().remove_event_listener_with_callback("message", listener);
        report?.as_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marker() -> Marker {
        Marker::new([1; 8])
    }

    fn reading(found: &str, travelled: &str) -> Reading {
        serde_json::from_str(&format!("{{\"report\":\"x\",\"found\":{found},\"travelled\":{travelled}}}")).unwrap()
    }

    #[test]
    fn a_report_says_for_each_column_what_scripts_and_server_saw() {
        let found = format!(
            r#"{{"session_cookie":{{"something":"{}"}},"session_storage":"nothing","local_storage":{{"something":"x"}},
                "opfs":{{"unreadable":"SecurityError"}},"indexed_db":{{"unreadable":"TypeError"}}}}"#,
            marker()
        );
        let reading = reading(&found, &format!(r#"{{"carried":["{0}"],"held":"{0}","other_site":null}}"#, marker()));
        let sight = |column| {
            let Sight { script, server } = reading.sight(column, marker());
            (script, server.unwrap())
        };
        assert_eq!(sight(Column::SessionCookie), (Some(Seen::Same), Seen::Same));
        assert_eq!(sight(Column::SessionStorage).0, Some(Seen::Absent));
        assert_eq!(sight(Column::LocalStorage).0, Some(Seen::Other));
        assert_eq!(sight(Column::ServerSession), (None, Seen::Same));
        assert_eq!(sight(Column::Opfs).0, Some(Seen::Denied));
        assert_eq!(sight(Column::IndexedDb).0, Some(Seen::Unsupported));
    }

    #[test]
    fn a_server_that_did_not_answer_is_not_taken_for_one_that_saw_nothing() {
        let reading = reading("{}", "null");
        assert_eq!(reading.sight(Column::ServerSession, marker()).server, Some(Seen::NoAnswer));
        assert_eq!(reading.other_site(), None);
    }
}
