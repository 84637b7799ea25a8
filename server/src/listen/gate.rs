//! Who may connect: so many connections for each network and so many in all, past that an orderly refusal.

use super::{
    activity::{Activity, NotedService, NotedStream},
    descriptors::most_connections,
};
use crate::{
    http::Peers,
    places::{Full, Places},
};
use axum_server::accept::Accept;
use std::{io, net::IpAddr, pin::Pin, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::Semaphore,
    time,
};

/// Most connections of one network (an IPv4 address, or an IPv6 network of 64 bits), and never more than half of all.
pub(crate) const MOST_CONNECTIONS_OF_NETWORK: usize = 256;
/// Most clients that are told at once why they are refused, and never more than an eighth of all connections; the others
/// are only hung up on.
const FAREWELLS: usize = 16;
/// How long such a client may take to read it.
const FAREWELL_LIMIT: Duration = Duration::from_secs(1);
/// What is told.
const REFUSAL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nConnection: close\r\n\
    Cache-Control: no-store\r\nContent-Type: text/plain\r\nContent-Length: 22\r\n\r\nToo many connections.\n";

/// Takes connections in, before TLS; clones count together.
#[derive(Clone)]
pub struct Gate {
    peers: Peers,
    places: Places,
    farewells: Arc<Semaphore>,
    /// What a refused client would not understand is not told.
    plain: bool,
}

impl Gate {
    /// Connections from trusted proxies are bound by the number of all alone.
    pub fn new(peers: Peers, plain: bool) -> Self {
        let most = most_connections();
        Self::of(peers, plain, most, MOST_CONNECTIONS_OF_NETWORK.min(most.div_ceil(2)))
    }

    /// For few connections, whoever they come from.
    pub fn narrow(most: usize) -> Self {
        Self::of(Peers::default(), true, most, most)
    }

    fn of(peers: Peers, plain: bool, most: usize, most_of_network: usize) -> Self {
        let farewells = Arc::new(Semaphore::new(FAREWELLS.min(most.div_ceil(8))));
        Self { peers, places: Places::new(most, most_of_network), farewells, plain }
    }

    async fn admit(self, stream: TcpStream) -> io::Result<(NotedStream<TcpStream>, Activity)> {
        let peer = stream.peer_addr()?.ip().to_canonical();
        let counted = Some(peer).filter(|peer| !self.peers.trusts(*peer));
        match self.places.take(counted) {
            Ok(place) => {
                // Else a small answer's last packet waits for the client's delayed acknowledgement, some 40 ms.
                stream.set_nodelay(true)?;
                let activity = Activity::new();
                Ok((NotedStream::new(stream, activity.clone(), place), activity))
            }
            Err(full) => {
                self.refuse(stream, peer, full).await;
                Err(io::ErrorKind::ConnectionRefused.into())
            }
        }
    }

    /// Closing with something unread would reset the connection and take the answer with it (RFC 9112 §9.6), so what the
    /// client has sent is read for a moment.
    async fn refuse(&self, mut stream: TcpStream, peer: IpAddr, full: Full) {
        tracing::debug!(%peer, ?full, "too many connections");
        let Some(_farewell) = self.farewells.try_acquire().ok().filter(|_| self.plain) else { return };
        let farewell = async {
            stream.write_all(REFUSAL).await?;
            stream.shutdown().await?;
            let mut unread = [0; 1_024];
            while stream.read(&mut unread).await? > 0 {}
            io::Result::Ok(())
        };
        let _ = time::timeout(FAREWELL_LIMIT, farewell).await;
    }
}

impl<S: Send + 'static> Accept<TcpStream, S> for Gate {
    type Stream = NotedStream<TcpStream>;
    type Service = NotedService<S>;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Self::Stream, Self::Service)>> + Send>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let gate = self.clone();
        Box::pin(async move {
            let (stream, activity) = gate.admit(stream).await?;
            Ok((stream, NotedService::new(service, activity)))
        })
    }
}
