//! The reader: one small page, `/lab/reader`, that is sent wherever a marker may be found and reports what it finds.
//! Whatever the matrix shows was read by it, here, in another tab or window, or in a frame.

use super::{Column, Marker, Seen, Sight, Travelled};
use crate::{
    browser::windows::{Opener, open},
    json,
    ui::{WindowRequest, random},
};
use futures::{
    StreamExt,
    channel::mpsc::{UnboundedReceiver, unbounded},
    future::{Either, select},
};
use gloo_events::EventListener;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::{document, window};
use serde::Deserialize;
use std::collections::BTreeMap;
use wasm_bindgen::JsCast;
use web_sys::{BroadcastChannel, Event, HtmlIFrameElement, MessageEvent};

/// Where tabs and windows report; `public/reader.js` knows it too.
const CHANNEL: &str = "lab-trial";
/// How long a report is waited for, and the first word of a reader in a window, in milliseconds.
const PATIENCE_MS: u32 = 10_000;
const SIGN_OF_LIFE_MS: u32 = 3_000;

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
    /// The browser keeps tabs from telling each other.
    NoChannel,
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
pub(super) async fn read(place: Place, other_site: Option<&str>, windows: WindowRequest) -> Result<Reading, Silence> {
    let report = report(place, other_site, "", windows).await?;
    json::read(&report).map_err(|_| Silence::NoReport)
}

/// The same, as it reports; it also looks for what a run of an experiment has laid, by how its names begin.
/// Windows are opened by `windows`.
pub(crate) async fn report(
    place: Place,
    other_site: Option<&str>,
    begins: &str,
    windows: WindowRequest,
) -> Result<String, Silence> {
    let name = format!("{:016x}", random().map(u64::from_be_bytes).unwrap_or_default());
    let address = match begins {
        "" => format!("/lab/reader?report={name}"),
        begins => format!("/lab/reader?report={name}&run={begins}"),
    };
    let frame = |address: String| open_frame(&address).ok_or(Silence::NoReport);
    let elsewhere = |page: &str| {
        let site = other_site.ok_or(Silence::NoOtherSite)?;
        frame(format!("{site}{page}"))
    };

    let is_tab = matches!(place, Place::TabWithOpener | Place::TabWithoutOpener | Place::Window);
    let mut listening = Listening::start(&name, other_site, is_tab)?;
    let _frame = match place {
        Place::Here => frame(address)?,
        Place::WithCredentials => frame(format!("{address}&credentials=include"))?,
        Place::WithoutCredentials => frame(format!("{address}&credentials=omit"))?,
        Place::Within => elsewhere(&format!("/lab/embed?report={name}"))?,
        Place::OtherSite => elsewhere(&format!("{address}&to=other"))?,
        Place::TabWithOpener | Place::Window => {
            let opener = if place == Place::Window { Opener::Popup } else { Opener::Tab };
            windows.open(&address, opener).await.ok_or(Silence::Blocked)?;
            return listening.report().await.ok_or(Silence::NoReport);
        }
        Place::TabWithoutOpener => {
            // Opened without a word; only the reader itself tells that it is there.
            open(&address, Opener::Unknown).await;
            if !listening.is_opened(SIGN_OF_LIFE_MS).await {
                windows.ask(&address, Opener::Unknown).await;
                if !listening.is_opened(PATIENCE_MS).await {
                    return Err(Silence::Blocked);
                }
            }
            return listening.report().await.ok_or(Silence::NoReport);
        }
    };
    listening.report().await.ok_or(Silence::NoReport)
}

/// A frame with the reader in it, which goes away again.
struct Frame(HtmlIFrameElement);

impl Drop for Frame {
    fn drop(&mut self) {
        self.0.remove();
    }
}

fn open_frame(address: &str) -> Option<Frame> {
    let frame: HtmlIFrameElement = document().create_element("iframe").ok()?.dyn_into().ok()?;
    frame.set_title("Reader");
    frame.set_hidden(true);
    frame.set_src(address);
    document().body()?.append_child(&frame).ok()?;
    Some(Frame(frame))
}

/// Hears what one reader says, from frames and from other tabs, as long as it lives.
struct Listening {
    heard: UnboundedReceiver<String>,
    opened: String,
    /// Of a reader in a tab. One in a frame posts its report.
    channel: Option<(BroadcastChannel, EventListener)>,
    _posted: EventListener,
}

impl Listening {
    fn start(name: &str, other_site: Option<&str>, is_tab: bool) -> Result<Self, Silence> {
        let own = window().location().origin().map_err(|_| Silence::NoReport)?;
        let origins = [Some(own), other_site.map(str::to_owned)];
        let (says, heard) = unbounded();
        let ours = format!("{{\"report\":\"{name}\"");
        let listen = move |event: &Event| {
            let Some(event) = event.dyn_ref::<MessageEvent>() else { return };
            let known = origins.iter().flatten().any(|origin| *origin == event.origin());
            if let Some(report) = event.data().as_string().filter(|report| known && report.starts_with(&ours)) {
                let _ = says.unbounded_send(report);
            }
        };
        let posted = EventListener::new(&window(), "message", listen.clone());
        let channel = if is_tab {
            let channel = BroadcastChannel::new(CHANNEL).map_err(|_| Silence::NoChannel)?;
            let heard = EventListener::new(&channel, "message", listen);
            Some((channel, heard))
        } else {
            None
        };
        let opened = format!("{{\"report\":\"{name}\",\"opened\":true}}");
        Ok(Self { heard, opened, channel, _posted: posted })
    }

    async fn next(&mut self, within_ms: u32) -> Option<String> {
        match select(self.heard.next(), TimeoutFuture::new(within_ms)).await {
            Either::Left((said, _)) => said,
            Either::Right(_) => None,
        }
    }

    /// Whether the reader says within this time that it is there.
    async fn is_opened(&mut self, within_ms: u32) -> bool {
        self.next(within_ms).await.is_some_and(|said| said == self.opened)
    }

    async fn report(mut self) -> Option<String> {
        let said = self.next(PATIENCE_MS).await?;
        if said == self.opened { self.next(PATIENCE_MS).await } else { Some(said) }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        if let Some((channel, _)) = &self.channel {
            channel.close();
        }
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
