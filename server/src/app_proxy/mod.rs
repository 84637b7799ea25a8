//! An app of the operator's behind a port of its own (`--app`): requests go on to it and its answers come back, such that the app
//! works as if nothing stood in between.

mod absent;
mod dock;
mod forward;
mod headers;
mod masking;
mod origin;
mod tls;
mod upstream;
mod wire;

use self::{
    dock::{Dock, Stays},
    forward::{Forwarding, forward},
};
use crate::{
    cli::AppArgs,
    clock::Clock,
    http::{Hosts, hosts},
    listen::bind,
};
use axum::{handler::Handler, http::uri::Scheme, middleware::from_fn_with_state};
use axum_server::{
    Handle, Server,
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};
use tokio::net::TcpListener;

pub use self::wire::AppInFront;
pub(crate) use self::{
    absent::in_words,
    dock::serve as serve_dock,
    masking::Masking,
    origin::Origin,
    upstream::Upstream,
    wire::{Exchange as WireExchange, Jar as WireJar, StorageEntry, Wire, document, only_here, routes, under_policy},
};

/// How many fields a head may have, on either side.
const MOST_FIELDS: usize = 1_000;

/// Why no port forwards to the app, in words for the operator.
#[derive(Debug, thiserror::Error)]
pub enum AppProxyError {
    /// Other machines reach this server, and so they would reach the app.
    #[error(
        "--app would hand {app} on to whoever reaches {address}, and other machines do. Serve on 127.0.0.1, or add --app-allow-public."
    )]
    Public {
        /// The app.
        app: String,
        /// The address that other machines reach.
        address: SocketAddr,
    },
    /// Requests would come back for ever.
    #[error("--app names this server itself: {0}. Name the address at which your app listens.")]
    Itself(String),
    /// No HTTPS can be spoken.
    #[error("cannot speak HTTPS to the app: {0}")]
    Tls(#[from] rustls::Error),
    /// The address is taken, or is none of this machine's.
    #[error("cannot listen on {0}: {1}. Choose another with --app-addr.")]
    Listen(SocketAddr, io::Error),
}

/// The app that is named, if one is and the options let it be forwarded to; see [`AppProxy::bind`].
///
/// # Errors
/// [`AppProxyError::Public`].
fn named(args: &AppArgs, lab: SocketAddr, is_public: bool) -> Result<Option<Origin>, AppProxyError> {
    let Some(app) = args.app.as_deref().and_then(Origin::read) else { return Ok(None) };
    let is_own_public = !args.app_addr.ip().to_canonical().is_loopback();
    if (is_public || is_own_public) && !args.app_allow_public {
        let address = if is_own_public { args.app_addr } else { lab };
        return Err(AppProxyError::Public { app: app.to_string(), address });
    }
    Ok(Some(app))
}

/// Whether the options let an app be forwarded to; see [`AppProxy::bind`].
///
/// # Errors
/// [`AppProxyError::Public`], [`AppProxyError::Itself`].
pub fn check(args: &AppArgs, lab: SocketAddr, is_public: bool) -> Result<(), AppProxyError> {
    match named(args, lab, is_public)? {
        Some(app) if app.is_at(lab) || app.is_at(args.app_addr) => Err(AppProxyError::Itself(app.to_string())),
        _ => Ok(()),
    }
}

/// A port that forwards to the app, bound and not yet served.
pub struct AppProxy {
    listener: TcpListener,
    /// The address of the port.
    pub address: SocketAddr,
    upstream: Upstream,
    wire: Arc<Wire>,
}

impl AppProxy {
    /// Opens the port, where an app is named. `lab` is the address of this server, which other machines reach if it `is_public`;
    /// browsers come by HTTPS if it `is_tls`.
    ///
    /// # Errors
    /// [`AppProxyError`].
    pub fn bind(
        args: &AppArgs,
        lab: SocketAddr,
        is_public: bool,
        is_tls: bool,
        clock: Arc<dyn Clock>,
    ) -> Result<Option<Self>, AppProxyError> {
        let Some(app) = named(args, lab, is_public)? else { return Ok(None) };
        let failed = |error| AppProxyError::Listen(args.app_addr, error);
        let listener = bind(args.app_addr).map_err(failed)?;
        // With port 0 the system has chosen another.
        let address = listener.local_addr().map_err(failed)?;
        if [lab, address].into_iter().any(|address| app.is_at(address)) {
            return Err(AppProxyError::Itself(app.to_string()));
        }
        // Under all addresses it is at this machine's own, too.
        let shown = if address.ip().is_unspecified() { (Ipv4Addr::LOCALHOST, address.port()).into() } else { address };
        let scheme = if is_tls { Scheme::HTTPS } else { Scheme::HTTP };
        let upstream = Upstream::new(app.clone(), args.app_insecure)?;
        let dock = Dock { app, scheme, port: shown, lab: lab.port(), is_added: !args.no_dock, stays: Stays::default() };
        let wire = Arc::new(Wire::new(upstream.clone(), dock, clock));
        Ok(Some(Self { listener, address, upstream, wire }))
    }

    /// What this server's pages show of it.
    pub fn in_front(&self) -> AppInFront {
        AppInFront(Some(self.wire.clone()))
    }

    /// The app, as it was named.
    pub fn app(&self) -> String {
        self.upstream.origin.to_string()
    }

    /// Serves until `handle` stops it. What is open for long, event streams and WebSockets, has no limit of time: this port is for
    /// those who develop the app.
    pub async fn serve(self, known: Hosts, tls: Option<RustlsConfig>, handle: Handle<SocketAddr>) {
        let forwarding = Forwarding { upstream: self.upstream, is_tls: tls.is_some(), wire: self.wire };
        // Or a page anywhere could read the app under a name of its own that leads here (DNS rebinding).
        let known = from_fn_with_state(known, hosts::known_for_every_path);
        // No router, which adds a length to the answers of HEAD.
        let app = forward.layer(known).with_state(forwarding).into_make_service_with_connect_info::<SocketAddr>();
        let mut server = Server::from_listener(self.listener).handle(handle);
        server.http_builder().http1().auto_date_header(false).max_headers(MOST_FIELDS);
        server.http_builder().http2().auto_date_header(false);
        let outcome = match tls {
            None => server.serve(app).await,
            Some(config) => server.acceptor(RustlsAcceptor::new(config)).serve(app).await,
        };
        if let Err(error) = outcome {
            tracing::error!(%error, "the app's port is no longer served");
        }
    }
}
