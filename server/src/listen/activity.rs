//! Closes connections that serve nobody: those that had no open request for [`CLIENT_LIMIT`] (an HTTP/2 client may answer
//! pings for ever), and those whose client has not read a piece of an answer for as long. And lets others go first between
//! requests that came together.
//!
//! A service around the app notes requests, the bodies of their answers note who is waiting for whom, and the stream below
//! looks at the notes.

use axum::{
    body::{Body, Bytes},
    http::Response,
};
use http_body::{Body as HttpBody, Frame, SizeHint};
use std::{
    collections::HashMap,
    future::Future,
    io, mem,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    task::yield_now,
    time::{self, Instant, Interval, MissedTickBehavior},
};
use tower::Service;

/// How long a connection is kept that has no request open, or whose client takes nothing of an answer.
const CLIENT_LIMIT: Duration = Duration::from_secs(30);
/// Answers are handed on in pieces of so many bytes at most, HTTP/2's usual frame (RFC 9113 §4.2): hyper asks for the next
/// one when the client has made room for the one before.
const PIECE: usize = 16 * 1024;
/// How often a connection is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// What happens on one connection; clones are the same one.
#[derive(Clone)]
pub struct Activity(Arc<Mutex<State>>);

struct State {
    next: u64,
    /// The open requests, each with the time since when the server waits for its client; `None` while it is the other way.
    requests: HashMap<u64, Option<Instant>>,
    idle_since: Instant,
    /// Whether something was read since the last request began.
    has_read: bool,
}

impl Activity {
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(State {
            next: 0,
            requests: HashMap::new(),
            idle_since: Instant::now(),
            has_read: false,
        })))
    }

    fn begin(&self) -> OpenRequest {
        let mut state = self.state();
        let number = state.next;
        state.next += 1;
        state.requests.insert(number, None);
        let came_with_another = !mem::take(&mut state.has_read);
        OpenRequest { activity: self.clone(), number, came_with_another }
    }

    /// Whether nobody would miss the connection.
    fn is_over(&self) -> bool {
        let state = self.state();
        let long_ago = |since: &Instant| since.elapsed() >= CLIENT_LIMIT;
        if state.requests.is_empty() {
            long_ago(&state.idle_since)
        } else {
            state.requests.values().flatten().any(long_ago)
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request from its head to the last byte of its answer.
struct OpenRequest {
    activity: Activity,
    number: u64,
    /// Whether it was read together with the one before.
    came_with_another: bool,
}

impl OpenRequest {
    fn waits_for_client(&self, waits: bool) {
        let since = waits.then(Instant::now);
        self.activity.state().requests.insert(self.number, since);
    }
}

impl Drop for OpenRequest {
    fn drop(&mut self) {
        let mut state = self.activity.state();
        state.requests.remove(&self.number);
        if state.requests.is_empty() {
            state.idle_since = Instant::now();
        }
    }
}

/// The app as one connection sees it: its requests are noted.
#[derive(Clone)]
pub struct NotedService<S> {
    inner: S,
    activity: Activity,
}

impl<S> NotedService<S> {
    pub fn new(inner: S, activity: Activity) -> Self {
        Self { inner, activity }
    }
}

impl<S, R> Service<R> for NotedService<S>
where
    S: Service<R, Response = Response<Body>>,
    S::Future: Send + 'static,
{
    type Response = Response<NotedBody>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let open = self.activity.begin();
        let answer = self.inner.call(request);
        Box::pin(async move {
            if open.came_with_another {
                // hyper answers one after the other at one go: hundreds would keep everybody else waiting.
                yield_now().await;
            }
            Ok(answer.await?.map(|inner| NotedBody { inner, rest: Bytes::new(), open }))
        })
    }
}

/// An answer's body, in pieces, that notes when it is asked for the next one.
pub struct NotedBody {
    inner: Body,
    rest: Bytes,
    open: OpenRequest,
}

impl HttpBody for NotedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        self.open.waits_for_client(false);
        if self.rest.is_empty() {
            match ready!(Pin::new(&mut self.inner).poll_frame(cx)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.rest = data,
                    Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
                },
                end => return Poll::Ready(end),
            }
        }
        let length = self.rest.len().min(PIECE);
        let piece = self.rest.split_to(length);
        self.open.waits_for_client(true);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (inner, rest) = (self.inner.size_hint(), self.rest.len() as u64);
        let mut hint = SizeHint::new();
        hint.set_lower(inner.lower() + rest);
        if let Some(upper) = inner.upper() {
            hint.set_upper(upper + rest);
        }
        hint
    }
}

/// A connection's stream, which fails once the connection serves nobody, and holds its place until it is dropped.
pub struct NotedStream<I, P> {
    inner: I,
    activity: Activity,
    look: Interval,
    is_over: bool,
    _place: P,
}

impl<I, P> NotedStream<I, P> {
    pub fn new(inner: I, activity: Activity, place: P) -> Self {
        let mut look = time::interval_at(Instant::now() + LOOK_EVERY, LOOK_EVERY);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { inner, activity, look, is_over: false, _place: place }
    }

    /// Wakes whoever drives the connection at the next look, whatever the socket does.
    fn look(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        while self.look.poll_tick(cx).is_ready() {
            self.is_over = self.is_over || self.activity.is_over();
        }
        if self.is_over { Err(io::ErrorKind::TimedOut.into()) } else { Ok(()) }
    }
}

impl<I: AsyncRead + Unpin, P: Unpin> AsyncRead for NotedStream<I, P> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.look(cx)?;
        let read = Pin::new(&mut self.inner).poll_read(cx, buffer);
        if read.is_ready() {
            self.activity.state().has_read = true;
        }
        read
    }
}

impl<I: AsyncWrite + Unpin, P: Unpin> AsyncWrite for NotedStream<I, P> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.look(cx)?;
        Pin::new(&mut self.inner).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.look(cx)?;
        Pin::new(&mut self.inner).poll_write_vectored(cx, buffers)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.look(cx)?;
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{Router, routing::get};
    use hyper::server::conn::http1;
    use hyper_util::{rt::TokioIo, service::TowerToHyperService};
    use std::sync::atomic::{AtomicU32, Ordering};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt, duplex},
        spawn,
    };

    #[tokio::test]
    async fn others_have_their_turn_between_requests_that_came_together() {
        let turns_of_another = Arc::new(AtomicU32::new(0));
        let (told, taken) = (turns_of_another.clone(), turns_of_another);
        let tell = get(move || async move { format!("turn={};", told.load(Ordering::Relaxed)) });
        let (mut client, server) = duplex(1 << 20);
        let activity = Activity::new();
        let stream = TokioIo::new(NotedStream::new(server, activity.clone(), ()));
        let service = TowerToHyperService::new(NotedService::new(Router::new().route("/", tell), activity));
        let request = |field| format!("GET / HTTP/1.1\r\nHost: localhost\r\n{field}\r\n");
        let together = request("").repeat(49) + &request("Connection: close\r\n");
        client.write_all(together.as_bytes()).await.unwrap();

        spawn(http1::Builder::new().serve_connection(stream, service));
        spawn(async move {
            loop {
                taken.fetch_add(1, Ordering::Relaxed);
                yield_now().await;
            }
        });
        let mut answers = String::new();
        client.read_to_string(&mut answers).await.unwrap();
        let turns = answers.split("turn=").skip(1).map(|rest| rest.split(';').next().unwrap().parse::<u32>().unwrap());
        let turns: Vec<_> = turns.collect();
        // hyper may look at an answer twice at one go, hence two of them.
        assert!(turns.len() == 50 && turns.windows(3).all(|three| three[0] < three[2]), "{turns:?}");
    }
}
