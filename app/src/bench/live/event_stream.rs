//! The server's event stream, which tells that the session's values have changed or that it has ended. It is open
//! only while the page is seen and there is a session: HTTP/1.1 has six connections for all tabs of a site.

use crate::{
    bench::state::Bench,
    browser::{Store, Who},
    reactive::{Derived, State, Stored},
    ui::{effect, on_window},
};
use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use leptos::{prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;
use web_sys::EventSource;

const EVENTS: &str = "/lab/events";
/// The longest wait before the server is called again, in milliseconds.
const LONGEST_WAIT: u32 = 30_000;

/// How the page stands with the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// There is no session, or nobody looks at the page.
    Off,
    Opening,
    Live,
    /// It broke; the page calls again by itself.
    Broken,
}

impl Link {
    /// As the page tells it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Off => {
                "Live: what other tabs change shows here by itself. The server is listened to once there is a session."
            }
            Self::Opening => "Connecting to the server…",
            Self::Live => "Live: what other tabs, the server or another browser change shows here by itself.",
            Self::Broken => "Reconnecting to the server… What it has changed meanwhile shows then.",
        }
    }
}

/// An open stream; it closes when it is dropped.
struct Stream {
    source: EventSource,
    _heard: [EventListener; 4],
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
    }
}

#[derive(Clone, Copy)]
struct ServerEvents {
    bench: Bench,
    link: State<Link>,
    stream: Stored<Option<SendWrapper<Stream>>>,
    again: Stored<Option<SendWrapper<Timeout>>>,
    /// Calls in a row that nobody answered.
    tries: Stored<u32>,
}

/// Listens while the page is seen and has a session.
pub(super) fn listen(bench: Bench, link: State<Link>) {
    let events =
        ServerEvents { bench, link, stream: Stored::new(None), again: Stored::new(None), tries: Stored::new(0) };
    let seen = State::new(!document().hidden());
    on_window("visibilitychange", move |_| seen.set(!document().hidden()));
    on_window("online", move |_| {
        if link.get_untracked() == Link::Broken {
            events.open();
        }
    });
    let session = Derived::new(move || {
        bench.observed.with(|observed| observed.session.as_ref().map(|session| session.id.clone()))
    });
    effect(move || {
        events.close();
        if seen.get() && session.read().is_some() {
            events.open();
        }
    });
    // An end by time is asked about by opening the stream, which does not count as use: asking for the values would
    // keep the session alive.
    let over = Derived::new(move || {
        let end = bench.observed.with(|observed| observed.session.as_ref().map(|session| session.expires_at));
        end.is_some_and(|end| bench.now() > end)
    });
    effect(move || {
        if over.get() && link.get_untracked() == Link::Live {
            events.open();
        }
    });
    on_cleanup(move || events.close());
}

impl ServerEvents {
    fn close(self) {
        self.stream.set_value(None);
        self.again.set_value(None);
        self.tries.set_value(0);
        self.link.set(Link::Off);
    }

    fn open(self) {
        let Ok(source) = EventSource::new(EVENTS) else { return };
        if self.link.get_untracked() == Link::Off {
            self.link.set(Link::Opening);
        }
        let on = |event: &'static str, heard: fn(Self)| EventListener::new(&source, event, move |_| heard(self));
        let heard = [
            on("open", Self::opened),
            on("values", Self::values_changed),
            on("ended", Self::ended),
            on("error", Self::broke),
        ];
        self.stream.set_value(Some(SendWrapper::new(Stream { source, _heard: heard })));
    }

    /// What changed while nobody listened is asked for, unless nobody had stopped listening.
    fn opened(self) {
        let before = self.link.get_untracked();
        self.tries.set_value(0);
        self.link.set(Link::Live);
        if before != Link::Live {
            self.values_changed();
        }
    }

    fn values_changed(self) {
        self.bench.journal.announce(Store::ServerSession, None, Who::Server);
        spawn_local(self.bench.ask_server());
    }

    fn ended(self) {
        self.call_again();
        self.bench.journal.announce(Store::Cookies, None, Who::Server);
        self.values_changed();
    }

    /// An answer that is no stream means that there is no session any more (204), or that the server is busy. It is asked
    /// once: asking keeps a session alive.
    fn broke(self) {
        let refused = self
            .stream
            .with_value(|stream| stream.as_ref().is_some_and(|open| open.source.ready_state() == EventSource::CLOSED));
        if refused && self.tries.get_value() == 0 {
            return self.ended();
        }
        self.call_again();
    }

    /// The browser would call again by itself, but only after a lost connection and always after the same time.
    fn call_again(self) {
        self.stream.set_value(None);
        let tries = self.tries.get_value();
        self.tries.set_value(tries + 1);
        self.link.set(Link::Broken);
        let wait = LONGEST_WAIT.min(1_000 << tries.min(5));
        self.again.set_value(Some(SendWrapper::new(Timeout::new(wait, move || self.open()))));
    }
}
