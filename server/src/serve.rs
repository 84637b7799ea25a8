//! Starts the server by its options, and stops it.

use crate::{
    accounts::{AccountService, Hasher, HasherError, Limits},
    app_proxy::{AppInFront, AppProxy, AppProxyError},
    atlas::AtlasService,
    bench::{Allowance, TrialService, ValueService},
    cli::{ServeArgs, Switch},
    clock::{Clock, Corrected},
    descriptors::{most_connections, raise_limit},
    experiments::{Experiments, ProgressService},
    exporter::Exporter,
    http::{AppState, Hosts, LabSwitch, LiveReload, Measured, OtherPort, OtherSites, Peers, Recorder},
    listen::{Gate, bind, listen},
    push::{self, Hub},
    router::router,
    sessions::{Policy, Sessions},
    site::Site,
    source::SOURCE,
    store::{Notices, Store, StoreError},
    tls::{Certificate, TlsError},
    upkeep::Upkeep,
};
use app::{bench::port::SessionValues, services::Services};
use axum::Router;
use axum_server::{Handle, tls_rustls::RustlsConfig};
use leptos::config::{Env, get_configuration};
use metrics_exporter_prometheus::BuildError;
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{net::TcpListener, task::JoinSet};

/// Most connections that may ask for the numbers for Prometheus at once.
const MOST_REPORTS: usize = 8;
/// How long open requests may take to finish when the server is asked to stop.
const DRAIN_LIMIT: Duration = Duration::from_secs(10);

/// Why the server does not start, in words for the operator.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Two options contradict each other.
    #[error("{0}")]
    Options(String),
    /// The binary was built before the site.
    #[error("this binary was built without the site. Build both with script/build, or name a folder with --site.")]
    Site,
    /// argon2 refuses the cost of hashing.
    #[error("{0}. Choose others with --hash-memory-kib and --hash-iterations.")]
    Hasher(#[from] HasherError),
    /// The database cannot be opened.
    #[error("cannot open the database: {cause}. Check --database-url.", cause = in_words(.0))]
    Store(#[from] StoreError),
    /// The certificate cannot be used.
    #[error("{0}")]
    Tls(#[from] TlsError),
    /// No port forwards to the app.
    #[error("{0}")]
    App(#[from] AppProxyError),
    /// The numbers for operators cannot be recorded.
    #[error("cannot record metrics: {0}")]
    Record(#[from] BuildError),
    /// The address for these numbers is taken, or is none of this machine's.
    #[error("cannot listen on {0}: {1}. Choose another with --metrics-addr.")]
    Metrics(SocketAddr, std::io::Error),
    /// The server's address is taken, or is none of this machine's.
    #[error("cannot listen on {0}: {1}. Choose another with --addr.")]
    Listen(SocketAddr, std::io::Error),
    /// Serving ended with an error.
    #[error("the server failed: {0}")]
    Serve(std::io::Error),
}

/// An error of the database with its cause.
pub(crate) fn in_words(error: &StoreError) -> String {
    let cause = std::error::Error::source(error).map(|cause| format!(" ({cause})")).unwrap_or_default();
    format!("{error}{cause}")
}

/// Serves until SIGTERM or Ctrl-C, then finishes the open requests and closes the database.
///
/// # Errors
/// [`StartError`].
pub async fn serve(args: ServeArgs) -> Result<(), StartError> {
    let policy = args.policy().map_err(StartError::Options)?;
    let site = site(&args)?;
    let limit = raise_limit().map_or("no limit".to_owned(), |limit| limit.to_string());
    tracing::info!(limit, connections = most_connections(), "open descriptors are limited, and so are connections");
    let hasher = Hasher::new(args.cost.cost(), hashing_threads())?;
    let store = Store::open(&args.database.database_url).await?;
    let clock = Arc::new(Corrected::default());
    if let Some(now) = store.now().await? {
        clock.correct(now);
    }

    let certificate = args.certificate();
    let tls = certificate.as_ref().map(|certificate| certificate.load(&*clock)).transpose()?;
    let tls = tls.map(RustlsConfig::from_config);

    let address = args.addr;
    let listener = bind(address).map_err(|error| StartError::Listen(address, error))?;
    // With port 0 the system has chosen another.
    let address = listener.local_addr().unwrap_or(address);
    if args.is_plain_at(address.ip()) {
        tracing::warn!(
            %address,
            "plain HTTP beyond this machine: passwords can be read on their way, and browsers keep no session cookie. \
             Give a certificate with --tls-cert and --tls-key, or name the proxy that has one with --trusted-proxy"
        );
    }
    // The lab shows by it what crosses ports. Other machines could not reach it, so it is open only where none reaches the server.
    let is_ours_alone = !args.is_public_at(address.ip());
    let app = AppProxy::bind(&args.app, address, !is_ours_alone, tls.is_some(), clock.clone())?;
    let second = if args.lab == Switch::On && is_ours_alone { bind((address.ip(), 0).into()).ok() } else { None };
    let self_signed = certificate == Some(Certificate::SelfSigned);
    let limits = Limits::new(args.address_failures, args.address_sign_ups, args.address_sessions);
    let allowance = Allowance::new(store.clone(), u64::from(args.bench_limit) * 1024 * 1024);
    let state = AppState {
        peers: Peers { trusted_proxies: args.trusted_proxies.into(), self_signed },
        hosts: Hosts::new(&args.hosts, &args.other_sites),
        other_sites: OtherSites(args.other_sites.into()),
        other_port: OtherPort(second.as_ref().and_then(|second| Some(second.local_addr().ok()?.port()))),
        app: app.as_ref().map(AppProxy::in_front).unwrap_or_default(),
        measured: Measured(args.metrics_addr.is_some()),
        lab: LabSwitch(args.lab == Switch::On),
        live_reload: live_reload(),
        ..state(site, store.clone(), hasher.clone(), (policy, limits), clock.clone(), allowance.clone())
    };
    let hosts = state.hosts.clone();
    let mut helpers = JoinSet::new();
    if let Some(address) = args.metrics_addr {
        let listener = bind(address).map_err(|error| StartError::Metrics(address, error))?;
        let address = listener.local_addr().unwrap_or(address);
        helpers.spawn(report(listener, Exporter::install(store.clone(), hasher.clone())?));
        tracing::info!(%address, "numbers for Prometheus are at http://{address}/metrics");
    }
    if let (Some(certificate), Some(tls)) = (certificate, tls.clone()) {
        helpers.spawn(certificate.reload_on_hangup(clock.clone(), tls));
    }
    if let Some(notices) = Notices::of(&args.database.database_url)? {
        let listener = notices.listen().await?;
        helpers.spawn(push::relay(state.hub.clone(), notices, listener));
    }
    let sessions = state.sessions.clone();
    let upkeep = Upkeep {
        sessions: Sessions::clone(&state.sessions),
        store: store.clone(),
        hasher,
        allowance,
        clock: clock.clone(),
    };
    helpers.spawn(upkeep.go_on(state.measured));
    let scheme = if tls.is_some() { "https" } else { "http" };
    tracing::info!(%address, "Storage Lab is at {scheme}://localhost:{}", address.port());
    if self_signed {
        tracing::info!("the browser will warn: it knows nobody who vouches for a certificate that was made just now");
    }

    let (handle, second_handle, app_handle) = (Handle::new(), Handle::new(), Handle::new());
    helpers.spawn(stop_when_asked([handle.clone(), second_handle.clone(), app_handle.clone()], state.hub.clone()));
    if let Some(app) = app {
        tracing::info!("your app {} is at {scheme}://{}", app.app(), app.address);
        tracing::info!("what goes through to it is shown at {scheme}://localhost:{}/app", address.port());
        helpers.spawn(app.serve(hosts, tls.clone(), app_handle));
    }
    let gate = Gate::new(state.peers.clone(), tls.is_none());
    let beside = beside(second, router(state.clone()), tls.clone(), gate.clone(), second_handle.clone());
    let first = async {
        let outcome = listen(listener, router(state), tls, gate, handle).await;
        // It was asked to stop as well, unless the first port failed.
        second_handle.graceful_shutdown(Some(DRAIN_LIMIT));
        outcome
    };
    let (outcome, ()) = tokio::join!(first, beside);
    helpers.abort_all();
    sessions.settle().await;
    store.close().await;
    tracing::info!("stopped");
    outcome.map_err(StartError::Serve)
}

/// Waits until the server is asked to stop. Then event streams end, and open requests may finish within [`DRAIN_LIMIT`].
async fn stop_when_asked(handles: [Handle<SocketAddr>; 3], hub: Hub) {
    asked_to_stop().await;
    tracing::info!("stopping: finishing the open requests");
    hub.stop();
    for handle in handles {
        handle.graceful_shutdown(Some(DRAIN_LIMIT));
    }
}

/// Serves the same router at the second port, where there is one, until the server is asked to stop.
async fn beside(
    listener: Option<TcpListener>,
    router: Router,
    tls: Option<RustlsConfig>,
    gate: Gate,
    handle: Handle<SocketAddr>,
) {
    let Some(listener) = listener else { return };
    if let Err(error) = listen(listener, router, tls, gate, handle).await {
        tracing::warn!(%error, "the second port is no longer served");
    }
}

/// Serves the numbers for Prometheus.
async fn report(listener: TcpListener, exporter: Exporter) {
    let router = exporter.router();
    tokio::select! {
        outcome = listen(listener, router, None, Gate::narrow(MOST_REPORTS), Handle::new()) => {
            tracing::error!(?outcome, "the numbers for Prometheus are no longer served");
        }
        () = exporter.keep_up() => {}
    }
}

/// The site of a folder, where one is named, else the one that this binary carries.
///
/// # Errors
/// [`StartError::Site`].
pub(crate) fn site(args: &ServeArgs) -> Result<Site, StartError> {
    args.site.clone().map(Site::in_folder).or_else(Site::carried).ok_or(StartError::Site)
}

/// As cargo-leptos tells it in the environment of the server that it starts.
fn live_reload() -> LiveReload {
    let options = get_configuration(None).ok().map(|config| config.leptos_options);
    LiveReload(options.filter(|options| options.env == Env::DEV).map(Arc::new))
}

/// One hashing thread for each core.
pub fn hashing_threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Wires the rules to the store. Unless the caller says otherwise no proxy is trusted, no host but this machine's and no other
/// site is known, nothing is counted, and the lab is on.
pub fn state(
    site: Site,
    store: Store,
    hasher: Hasher,
    (policy, limits): (Policy, Limits),
    clock: Arc<dyn Clock>,
    allowance: Allowance,
) -> AppState {
    let sessions = Sessions::new(store.clone(), clock.clone(), policy, limits.anonymous);
    let hub = Hub::default();
    let wire = Arc::new(Recorder::new(clock.clone()));
    let accounts = Arc::new(AccountService::new(
        store.clone(),
        clock.clone(),
        sessions.clone(),
        hasher.clone(),
        limits,
        hub.clone(),
    ));
    let values: Arc<dyn SessionValues> =
        Arc::new(ValueService::new(store.clone(), sessions.clone(), allowance.clone(), hub.clone()));
    let trials = TrialService::new(store.clone(), allowance.clone());
    let progress = ProgressService::new(store.clone());
    let atlas = AtlasService::new(store.clone());
    let experiments =
        Experiments::new(store.clone(), sessions.clone(), accounts.clone(), values.clone(), allowance, hasher, clock);
    AppState {
        site,
        live_reload: LiveReload::default(),
        services: Arc::new(Services {
            accounts,
            values,
            trials: Arc::new(trials),
            progress: Arc::new(progress),
            atlas: Arc::new(atlas),
            source: SOURCE,
        }),
        sessions: Arc::new(sessions),
        store: Arc::new(store),
        peers: Peers::default(),
        hosts: Hosts::default(),
        other_sites: OtherSites::default(),
        other_port: OtherPort::default(),
        app: AppInFront::default(),
        measured: Measured::default(),
        lab: LabSwitch(true),
        hub,
        wire,
        experiments: Arc::new(experiments),
    }
}

async fn asked_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminated) => {
            tokio::select! { _ = interrupted => {}, _ = terminated.recv() => {} }
        }
        Err(_) => {
            let _ = interrupted.await;
        }
    }
}
