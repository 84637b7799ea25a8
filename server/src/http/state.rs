//! What the routes share.

use super::{
    address::Peers,
    hosts::Hosts,
    other_site::{OtherPort, OtherSites},
    wire::Recorder,
};
use crate::{app_proxy::AppInFront, experiments::Experiments, push::Hub, sessions::Sessions, site::Site, store::Store};
use app::services::Services;
use axum::extract::FromRef;
use leptos::config::LeptosOptions;
use std::sync::Arc;

/// Whether requests are counted: only where `--metrics-addr` asks for the numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Measured(pub bool);

/// Whether the lab's endpoints are there.
#[derive(Clone, Copy, Debug)]
pub struct LabSwitch(pub bool);

/// How a page hears that it was built anew: in development alone, from cargo-leptos.
#[derive(Clone, Default)]
pub struct LiveReload(pub Option<Arc<LeptosOptions>>);

/// All that the routes share. Each layer and each handler has a copy, and a request makes copies of those it passes: what is
/// more than a pointer or two is shared.
#[derive(Clone, FromRef)]
pub struct AppState {
    /// The built files, and what they are called.
    pub site: Site,
    /// The development server's live reload, where there is one.
    pub live_reload: LiveReload,
    /// The ports behind the server functions.
    pub services: Arc<Services>,
    /// Opens the session behind a request's token.
    pub sessions: Arc<Sessions>,
    /// The database, for `/readyz`.
    pub store: Arc<Store>,
    /// The proxies that are trusted to name a client's address.
    pub peers: Peers,
    /// The names under which the server answers.
    pub hosts: Hosts,
    /// The other site, where the operator named one.
    pub other_sites: OtherSites,
    /// The other port, where one is open.
    pub other_port: OtherPort,
    /// The app that this server stands in front of, where it does.
    pub app: AppInFront,
    /// Whether requests are counted.
    pub measured: Measured,
    /// Whether the lab's endpoints are there.
    pub lab: LabSwitch,
    /// Tells open pages what changed.
    pub hub: Hub,
    /// Records the requests of open pages.
    pub wire: Arc<Recorder>,
    /// The server's part of the experiments.
    pub experiments: Arc<Experiments>,
}
