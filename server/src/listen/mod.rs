//! Takes connections, by TCP or TLS and HTTP/1.1 or HTTP/2, and drops those that cost too much.

mod activity;
mod gate;

use crate::http::HEAD_LIMIT;
use axum::Router;
use axum_server::{
    Handle, Server,
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use std::{net::SocketAddr, time::Duration};
use tokio::net::{TcpListener, TcpSocket};

use gate::Admitting;
pub use gate::Gate;

/// How long a client may take for its TLS handshake, then for the head of each HTTP/1.1 request, and so for doing nothing
/// between two requests.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);
/// Most bytes that are read ahead: past it hyper answers 431 and closes, as it does past 100 header fields. Twice a head's
/// limit, which is held further in, to the byte.
const READ_AHEAD: usize = 2 * HEAD_LIMIT;
/// Most requests that one HTTP/2 connection may have open at once (RFC 9113 §6.5.2 advises 100 at least).
pub(crate) const STREAM_LIMIT: u32 = 100;
/// Most requests of an HTTP/2 connection that were taken back before they were looked at; past it the connection ends
/// (CVE-2023-44487, "rapid reset"). h2's own default, which is no promise.
const RESET_LIMIT: usize = 20;
/// Most streams of an HTTP/2 connection that the server resets for its client's faults; past it the connection ends.
const FAULT_LIMIT: usize = 100;
/// Bytes of a request's body that are taken in before they are asked for, and those of all requests of a connection. The
/// longest body has some 200 KB.
const WINDOW: u32 = 64 * 1024;
/// Bytes of an answer that are kept for a client which does not take them.
const SEND_BUFFER: usize = 64 * 1024;
/// Connections that the system queues until the server takes them. The usual 128 are full at the first rush; the system ignores
/// further clients, which try again after a second (RFC 6298 §2.1). The system's own limit holds as well.
const BACKLOG: u32 = 4_096;
/// How often a silent HTTP/2 connection is asked whether it is still there.
const PING_EVERY: Duration = Duration::from_secs(20);

/// Opens a port.
///
/// # Errors
/// When it is taken, or the address is none of this machine's.
pub fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A server that is started again need not wait for the end of old connections.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves connections until `handle` stops it. An error while a connection is taken (no descriptor is left, say) ends that
/// connection alone: axum-server goes on after 50 ms.
///
/// # Errors
/// When the app takes no requests any more, which ours never does.
pub async fn listen(
    listener: TcpListener,
    router: Router,
    tls: Option<RustlsConfig>,
    gate: Gate,
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
        .max_pending_accept_reset_streams(RESET_LIMIT)
        .max_local_error_reset_streams(FAULT_LIMIT)
        .initial_stream_window_size(WINDOW)
        .initial_connection_window_size(4 * WINDOW)
        .max_send_buf_size(SEND_BUFFER)
        .keep_alive_interval(PING_EVERY)
        .keep_alive_timeout(PATIENCE);
    let app = Admitting::new(router.into_make_service_with_connect_info::<SocketAddr>(), gate.clone());
    match tls {
        None => server.acceptor(gate).serve(app).await,
        Some(config) => {
            let acceptor = RustlsAcceptor::new(config).handshake_timeout(PATIENCE).acceptor(gate);
            server.acceptor(acceptor).serve(app).await
        }
    }
}
