//! How many requests of one network are worked on at once, so that a flood from it keeps nobody else waiting: a page takes the
//! processor, a file a descriptor. Forms have queues of their own, for the hash and for the database.

use super::{Client, refusal::refusal_to};
use crate::{
    descriptors::most_connections,
    network::Network,
    places::{Place, Places},
};
use app::AppError;
use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::Response,
};
use http_body::{Body as HttpBody, Frame, SizeHint};
use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};
use tokio::{sync::Semaphore, time::timeout};

/// How long any request may take once its turn has come, and how long it may wait for its turn.
pub(crate) const TIME_LIMIT: Duration = Duration::from_secs(30);
/// Most requests by GET of one network (an IPv4 address, or an IPv6 network of 56 bits) that are worked on at once; the
/// others wait for their turn.
pub(crate) const PAGES_AT_WORK: usize = 8;
/// Most that wait or are worked on; past it the answer is 503.
pub(crate) const MOST_PAGES_OF_NETWORK: usize = 256;
/// Most files that are being sent to one network at once; past it the answer is 503. For all together there are as many
/// as connections.
pub(crate) const MOST_FILES_OF_NETWORK: usize = 128;

/// The turns of pages.
pub(crate) struct Turns {
    crowd: Places,
    queues: Mutex<HashMap<Network, Arc<Semaphore>>>,
}

impl Default for Turns {
    fn default() -> Self {
        Self { crowd: Places::new(usize::MAX, MOST_PAGES_OF_NETWORK), queues: Mutex::default() }
    }
}

impl Turns {
    fn queues(&self) -> MutexGuard<'_, HashMap<Network, Arc<Semaphore>>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn queue(&self, network: Network) -> Queue<'_> {
        let new = || Arc::new(Semaphore::new(PAGES_AT_WORK));
        let semaphore = self.queues().entry(network).or_insert_with(new).clone();
        Queue { turns: self, network, semaphore }
    }
}

/// A network's queue, forgotten when the last one leaves it.
struct Queue<'a> {
    turns: &'a Turns,
    network: Network,
    semaphore: Arc<Semaphore>,
}

impl Drop for Queue<'_> {
    fn drop(&mut self) {
        let mut queues = self.turns.queues();
        // This one and the map's own.
        if Arc::strong_count(&self.semaphore) == 2 {
            queues.remove(&self.network);
        }
    }
}

fn address(request: &Request) -> IpAddr {
    let client = request.extensions().get::<Client>().and_then(|client| client.address);
    client.unwrap_or(Ipv4Addr::UNSPECIFIED.into())
}

/// Lets requests by GET wait for their network's turn, until the head of their answer is there.
pub(crate) async fn take(State(turns): State<Arc<Turns>>, request: Request, next: Next) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let address = address(&request);
    let Ok(_place) = turns.crowd.take(Some(address)) else { return refusal_to(request.headers(), AppError::Busy) };
    let queue = turns.queue(Network::of(address).end_site());
    // A semaphore that nobody closes has a permit in the end.
    let Ok(Ok(_turn)) = timeout(TIME_LIMIT, queue.semaphore.acquire()).await else {
        return refusal_to(request.headers(), AppError::Busy);
    };
    next.run(request).await
}

/// The places of files that are being sent.
pub(super) fn files() -> Places {
    Places::new(most_connections(), MOST_FILES_OF_NETWORK)
}

/// Lets a file have its place until the last of it is taken.
pub(super) async fn hold_file(State(files): State<Places>, request: Request, next: Next) -> Response {
    let Ok(place) = files.take(Some(address(&request))) else { return refusal_to(request.headers(), AppError::Busy) };
    let answer = next.run(request).await;
    answer.map(|inner| Body::new(HeldBody { inner, _place: place }))
}

/// A body that has a place until it is dropped.
struct HeldBody {
    inner: Body,
    _place: Place,
}

impl HttpBody for HeldBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Pin::new(&mut self.inner).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{Extension, Router, middleware::from_fn_with_state, routing::get};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::task::JoinSet;
    use tower::ServiceExt;

    fn ask(router: &Router, address: [u8; 4]) -> impl Future<Output = u16> + use<> {
        let client = Client { address: Some(address.into()), ..Client::default() };
        let request = Request::get("/").body(Body::empty()).unwrap();
        let router = router.clone().layer(Extension(client));
        async move { router.oneshot(request).await.unwrap().status().as_u16() }
    }

    #[tokio::test]
    async fn eight_pages_of_a_network_are_at_work_and_another_network_does_not_wait_for_the_rest() {
        let turns = Arc::new(Turns::default());
        let (begun, go_on) = (Arc::new(AtomicUsize::new(0)), Arc::new(Semaphore::new(0)));
        let (count, wait) = (begun.clone(), go_on.clone());
        let page = move |Extension(client): Extension<Client>| async move {
            if client.address == Some([192, 0, 2, 1].into()) {
                count.fetch_add(1, Ordering::SeqCst);
                wait.acquire().await.unwrap().forget();
            }
        };
        let router = Router::new().route("/", get(page)).layer(from_fn_with_state(turns.clone(), take));
        let mut crowd = JoinSet::new();
        for _ in 0..=MOST_PAGES_OF_NETWORK {
            crowd.spawn(ask(&router, [192, 0, 2, 1]));
        }
        assert_eq!(crowd.join_next().await.unwrap().unwrap(), 503, "one too many, the only one that is answered");
        assert_eq!(ask(&router, [192, 0, 2, 2]).await, 200);
        assert_eq!(begun.load(Ordering::SeqCst), PAGES_AT_WORK);
        go_on.add_permits(MOST_PAGES_OF_NETWORK);
        assert!(crowd.join_all().await.iter().all(|status| *status == 200), "each has its turn");
        assert_eq!(begun.load(Ordering::SeqCst), MOST_PAGES_OF_NETWORK);
        assert!(turns.queues().is_empty(), "networks that have left are forgotten");
    }

    #[tokio::test]
    async fn a_file_has_its_place_until_it_is_taken() {
        let router = Router::new()
            .route("/", get(|| async { "a file" }))
            .layer(from_fn_with_state(Places::new(1, 1), hold_file))
            .layer(Extension(Client::default()));
        let request = || Request::get("/").body(Body::empty()).unwrap();
        let first = router.clone().oneshot(request()).await.unwrap();
        assert_eq!(HttpBody::size_hint(first.body()).exact(), Some(6), "its length is still known");
        assert_eq!(router.clone().oneshot(request()).await.unwrap().status(), 503);
        assert_eq!(axum::body::to_bytes(first.into_body(), 10).await.unwrap(), "a file");
        assert_eq!(router.oneshot(request()).await.unwrap().status(), 200);
    }
}
