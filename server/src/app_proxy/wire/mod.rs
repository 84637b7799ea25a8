//! The wire of the app: what went through the port, and what the browser made of each `Set-Cookie` line. It is kept in the memory
//! of this process alone and shown at `/app`, to this machine alone.

mod code;
mod exchange;
mod page;
mod probe;
mod record;
mod routes;
mod verdict;
mod web_storage;

use self::{exchange::Asked, probe::Probes, record::Record};
use super::{
    dock::{Dock, Panel},
    origin::Origin,
    upstream::Upstream,
};
use crate::clock::Clock;
use axum::http::{HeaderMap, HeaderValue, StatusCode, request::Parts};
use std::{net::IpAddr, sync::Arc};

pub(super) use self::web_storage::MOST as MOST_OF_WEB_STORAGE;
pub(crate) use self::{
    exchange::{Exchange, Jar},
    page::document,
    routes::{only_here, routes, under_policy},
    web_storage::{StorageEntry, WebStorage},
};

/// The app that this server stands in front of, where it does.
#[derive(Clone, Default)]
pub struct AppInFront(pub(crate) Option<Arc<Wire>>);

/// What went through the port that forwards to an app.
pub(crate) struct Wire {
    /// The app, as it was named.
    pub app: String,
    /// The app, as this server speaks to it.
    pub upstream: Upstream,
    /// The origin of the port.
    pub port: String,
    /// What the app's pages get.
    pub dock: Dock,
    /// Where the dock's panel was left.
    pub(super) panel: Panel,
    pub clock: Arc<dyn Clock>,
    /// When the record began, in UTC milliseconds: tells it from that of another run.
    since: i64,
    record: Record,
    /// What came with the dock's probes.
    pub(super) probes: Probes,
    /// What the web storage of the app's pages holds, while a session is being checked.
    pub web_storage: WebStorage,
}

/// A request on its way to the app, to be noted once it is answered.
pub(super) struct Noted<'a> {
    wire: &'a Wire,
    asked: Asked,
}

impl Wire {
    /// The record of what goes through the port before this app.
    pub fn new(upstream: Upstream, dock: Dock, clock: Arc<dyn Clock>) -> Self {
        let (app, port) = (upstream.origin.to_string(), format!("{}://{}", dock.scheme, dock.port));
        let since = clock.milliseconds();
        Self {
            app,
            upstream,
            port,
            dock,
            panel: Panel::default(),
            clock,
            since,
            record: Record::default(),
            probes: Probes::default(),
            web_storage: WebStorage::default(),
        }
    }

    /// How often all of it was forgotten.
    pub fn forgotten(&self) -> u64 {
        self.record.forgotten()
    }

    /// What has gone through, the oldest first.
    pub fn exchanges(&self) -> Vec<Arc<Exchange>> {
        self.record.look().0
    }

    /// Notes a request as the app receives it; `own` is the origin that the browser asked.
    pub(super) fn note(&self, head: &Parts, own: &Origin, address: Option<IpAddr>) -> Noted<'_> {
        Noted { wire: self, asked: Asked::of(head, own, address, self.clock.milliseconds()) }
    }
}

impl Noted<'_> {
    /// Notes its answer as the browser gets it; `own` are the app's own `Set-Cookie` lines.
    pub fn answered(self, status: StatusCode, headers: &HeaderMap, own: &[HeaderValue]) {
        self.wire.record.note(self.asked, status, headers, own);
    }
}
