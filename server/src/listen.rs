//! Taking connections: TCP or TLS, HTTP/1.1 or HTTP/2, and what one connection may cost before it is dropped.

use crate::http::HEAD_LIMIT;
use axum::Router;
use axum_server::{
    Handle, Server,
    accept::NoDelayAcceptor,
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use std::{net::SocketAddr, time::Duration};
use tokio::net::TcpListener;

/// How long a client may take for its TLS handshake, then for the head of each request, and so for doing nothing
/// between two requests.
const PATIENCE: Duration = Duration::from_secs(10);
/// Most bytes that are read ahead: past it hyper answers 431 and closes, as it does past 100 header fields. Twice a head's
/// limit, which is held further in, to the byte.
const READ_AHEAD: usize = 2 * HEAD_LIMIT;
/// Most requests that one HTTP/2 connection may have open at once (RFC 9113 §6.5.2 advises 100 at least).
const STREAM_LIMIT: u32 = 100;
/// How often a silent HTTP/2 connection is asked whether it is still there.
const PING_EVERY: Duration = Duration::from_secs(20);

/// Serves connections until `handle` stops it.
///
/// # Errors
/// When the listener fails for good.
pub async fn listen(
    listener: TcpListener,
    router: Router,
    tls: Option<RustlsConfig>,
    handle: Handle<SocketAddr>,
) -> std::io::Result<()> {
    let mut server = Server::from_listener(listener).handle(handle).first_request_timeout(PATIENCE);
    server = server.accept_error_handler(|peer, error| match peer {
        Some(peer) => tracing::debug!(%peer, %error, "a connection came to nothing"),
        None => tracing::warn!(%error, "no connection can be taken"),
    });
    server.http_builder().http1().header_read_timeout(PATIENCE).max_buf_size(READ_AHEAD);
    server
        .http_builder()
        .http2()
        .max_concurrent_streams(STREAM_LIMIT)
        .max_header_list_size(HEAD_LIMIT as u32)
        .keep_alive_interval(PING_EVERY)
        .keep_alive_timeout(PATIENCE);
    let app = router.into_make_service_with_connect_info::<SocketAddr>();
    // Without NoDelay a small answer's last packet waits for the client's delayed acknowledgement, some 40 ms.
    match tls {
        None => server.acceptor(NoDelayAcceptor).serve(app).await,
        Some(config) => {
            let acceptor = RustlsAcceptor::new(config).handshake_timeout(PATIENCE).acceptor(NoDelayAcceptor);
            server.acceptor(acceptor).serve(app).await
        }
    }
}
