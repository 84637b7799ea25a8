//! From the options to a running server, and down again.

use crate::{
    accounts::{AccountService, Hasher, HasherError, Policy, Sessions},
    bench::ValueService,
    cli::ServeArgs,
    clock::{Clock, SystemClock},
    http::{AppState, router},
    store::{Store, StoreError},
};
use app::services::Services;
use axum::serve::ListenerExt;
use leptos::config::{LeptosOptions, errors::LeptosConfigError, get_configuration};
use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};
use tokio::{net::TcpListener, time};

/// How often ended sessions are swept away.
const SWEEP_EVERY: Duration = Duration::from_secs(60);
/// How long open requests may take to finish when the server is asked to stop.
const DRAIN_LIMIT: Duration = Duration::from_secs(10);

/// Why the server does not start, in words for the operator.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Two options do not fit together.
    #[error("{0}")]
    Options(String),
    /// The config file.
    #[error("cannot read {0}: {1}. Start the server in the project's folder, or name the file with --config.")]
    Config(PathBuf, LeptosConfigError),
    /// The site was not built, or the binary was moved away from its list of hashed file names.
    #[error("{0} is missing: the site is not built for this binary. Build both with script/serve.")]
    Site(PathBuf),
    /// The password hasher.
    #[error("{0}. Choose others with --hash-memory-kib and --hash-iterations.")]
    Hasher(#[from] HasherError),
    /// The database.
    #[error("cannot open the database: {0}{cause}. Check --database-url.", cause = cause_of(.0))]
    Store(#[from] StoreError),
    /// The address.
    #[error("cannot listen on {0}: {1}. Choose another with --addr.")]
    Listen(SocketAddr, std::io::Error),
    /// The server stopped by itself.
    #[error("the server failed: {0}")]
    Serve(std::io::Error),
}

fn cause_of(error: &StoreError) -> String {
    std::error::Error::source(error).map(|cause| format!(" ({cause})")).unwrap_or_default()
}

/// Serves until SIGTERM or Ctrl-C, then finishes the open requests and closes the database.
///
/// # Errors
/// [`StartError`].
pub async fn serve(args: ServeArgs) -> Result<(), StartError> {
    let policy = args.policy().map_err(StartError::Options)?;
    let config =
        args.config.to_str().map_or(Err(LeptosConfigError::ConfigNotFound), |path| get_configuration(Some(path)));
    let mut options = config.map_err(|error| StartError::Config(args.config.clone(), error))?.leptos_options;
    options.site_addr = args.addr.unwrap_or(options.site_addr);
    find_site(&options)?;
    let hasher = Hasher::new(args.cost.cost(), hashing_threads())?;
    let store = Store::open(&args.database_url).await?;

    let address = options.site_addr;
    let listener = TcpListener::bind(address).await.map_err(|error| StartError::Listen(address, error))?;
    // Without this a small answer's last packet waits for the client's delayed acknowledgement, some 40 ms.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let state = state(options, store.clone(), hasher, policy, Arc::new(SystemClock));
    let sweeper = tokio::spawn(sweep(state.sessions.clone()));
    tracing::info!(%address, "Storage Lab is at http://localhost:{}", address.port());

    let (stopping, mut stopped) = tokio::sync::watch::channel(false);
    let server = axum::serve(listener, router(state)).with_graceful_shutdown(async move {
        asked_to_stop().await;
        tracing::info!("stopping: finishing the open requests");
        let _ = stopping.send(true);
    });
    let outcome = tokio::select! {
        outcome = server.into_future() => outcome,
        () = async { let _ = stopped.changed().await; time::sleep(DRAIN_LIMIT).await } => Ok(()),
    };
    sweeper.abort();
    store.close().await;
    tracing::info!("stopped");
    outcome.map_err(StartError::Serve)
}

/// Leptos reads the names of hashed files from a list beside the binary, and panics at the first page without it.
fn find_site(options: &LeptosOptions) -> Result<(), StartError> {
    let binary = std::env::current_exe().unwrap_or_default();
    let list = binary.with_file_name(&*options.hash_file);
    if options.hash_files && !list.exists() { Err(StartError::Site(list)) } else { Ok(()) }
}

/// One hashing thread for each core.
pub fn hashing_threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Wires the rules to the store.
pub fn state(options: LeptosOptions, store: Store, hasher: Hasher, policy: Policy, clock: Arc<dyn Clock>) -> AppState {
    let sessions = Sessions::new(store.clone(), clock.clone(), policy);
    let services = Services {
        accounts: Arc::new(AccountService::new(store.clone(), clock, sessions.clone(), hasher)),
        values: Arc::new(ValueService::new(store.clone(), sessions.clone())),
    };
    AppState { options, services, sessions, store }
}

async fn sweep(sessions: Sessions) {
    let mut every = time::interval(SWEEP_EVERY);
    loop {
        every.tick().await;
        match sessions.sweep().await {
            Ok(0) => {}
            Ok(swept) => tracing::info!(swept, "ended sessions swept away"),
            Err(error) => tracing::warn!(%error, "the sweep failed and is tried again"),
        }
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
