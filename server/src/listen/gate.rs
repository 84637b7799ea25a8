//! Limits connections, for each network and in all, and refuses further ones with an answer.

use super::activity::{Activity, NotedService, NotedStream};
use crate::{
    descriptors::most_connections,
    http::Peers,
    places::{Place, Places},
};
use axum_server::accept::Accept;
use std::{
    convert::Infallible,
    io,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::{OwnedSemaphorePermit, Semaphore},
    time,
};
use tower::Service;

/// Most connections of one network (an IPv4 address, or an IPv6 network of 56 bits), and never more than half of all.
pub(crate) const MOST_CONNECTIONS_OF_NETWORK: usize = 256;
/// Most clients that are told at once why they are refused, and never more than an eighth of all connections; the others
/// are only hung up on.
const FAREWELLS: usize = 16;
/// How long such a client may take to read it.
const FAREWELL_LIMIT: Duration = Duration::from_secs(1);
/// The answer.
const REFUSAL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nConnection: close\r\n\
    Cache-Control: no-store\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{\"error\":\"busy\"}";

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

    /// For a few connections, without a limit for each network.
    pub fn narrow(most: usize) -> Self {
        Self::of(Peers::default(), true, most, most)
    }

    fn of(peers: Peers, plain: bool, most: usize, most_of_network: usize) -> Self {
        let farewells = Arc::new(Semaphore::new(FAREWELLS.min(most.div_ceil(8))));
        Self { peers, places: Places::new(most, most_of_network), farewells, plain }
    }

    /// Takes a place, or one of the few for a farewell.
    fn admit(&self, peer: SocketAddr) -> io::Result<Admission> {
        let peer = peer.ip().to_canonical();
        let counted = Some(peer).filter(|peer| !self.peers.trusts(*peer));
        self.places.take(counted).map(Admission::Place).or_else(|full| {
            tracing::debug!(%peer, ?full, "too many connections");
            let farewell = self.farewells.clone().try_acquire_owned().ok().filter(|_| self.plain);
            farewell.map(Admission::Farewell).ok_or_else(|| io::ErrorKind::ConnectionRefused.into())
        })
    }
}

/// What a connection was admitted to.
#[derive(Debug)]
pub enum Admission {
    /// It is served.
    Place(Place),
    /// It is told that there are too many.
    Farewell(OwnedSemaphorePermit),
}

/// The app for one connection, with what the connection was admitted to. axum-server asks for a service in between.
#[derive(Clone)]
pub struct Admitted<S> {
    service: S,
    admission: Arc<Admission>,
}

impl<S: Service<R>, R> Service<R> for Admitted<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.service.poll_ready(cx)
    }

    fn call(&mut self, request: R) -> Self::Future {
        self.service.call(request)
    }
}

/// Admits connections as they are taken, so that one too many has its descriptor for no longer than that: a task of its own
/// would come to it only in its turn.
#[derive(Clone)]
pub struct Admitting<M> {
    make: M,
    gate: Gate,
}

impl<M> Admitting<M> {
    pub fn new(make: M, gate: Gate) -> Self {
        Self { make, gate }
    }
}

impl<M> Service<SocketAddr> for Admitting<M>
where
    M: Service<SocketAddr, Error = Infallible>,
    M::Future: Send + 'static,
{
    type Response = Admitted<M::Response>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.make.poll_ready(cx).map_err(|never| match never {})
    }

    fn call(&mut self, peer: SocketAddr) -> Self::Future {
        let admission = self.gate.admit(peer);
        let service = self.make.call(peer);
        Box::pin(async move {
            let admission = Arc::new(admission?);
            let Ok(service) = service.await;
            Ok(Admitted { service, admission })
        })
    }
}

impl<S: Send + Sync + 'static> Accept<TcpStream, Admitted<S>> for Gate {
    type Stream = NotedStream<TcpStream, Arc<Admission>>;
    type Service = NotedService<S>;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Self::Stream, Self::Service)>> + Send>>;

    fn accept(&self, stream: TcpStream, admitted: Admitted<S>) -> Self::Future {
        Box::pin(async move {
            let Admitted { service, admission } = admitted;
            if let Admission::Farewell(_) = *admission {
                let _ = time::timeout(FAREWELL_LIMIT, refuse(stream)).await;
                return Err(io::ErrorKind::ConnectionRefused.into());
            }
            // Else a small answer's last packet waits for the client's delayed acknowledgement, some 40 ms.
            stream.set_nodelay(true)?;
            let activity = Activity::new();
            Ok((NotedStream::new(stream, activity.clone(), admission), NotedService::new(service, activity)))
        })
    }
}

/// Closing with something unread would reset the connection and take the answer with it (RFC 9112 §9.6), so what the
/// client has sent is read for a moment.
async fn refuse(mut stream: TcpStream) -> io::Result<()> {
    stream.write_all(REFUSAL).await?;
    stream.shutdown().await?;
    let mut unread = [0; 1_024];
    while stream.read(&mut unread).await? > 0 {}
    Ok(())
}
