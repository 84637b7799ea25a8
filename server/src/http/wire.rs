//! Records the latest requests and answers of each open page of the lab, as they were received and sent.
//!
//! The recorder is the outermost layer, so that it sees the header fields that other layers add. It adds itself the few that
//! hyper would add later (`date`, `transfer-encoding`, `connection`): what is recorded is what is sent. The process that
//! rendered the page keeps its record in memory, and soon forgets it. Each network has a share of that memory, past which its
//! own oldest records go and nobody else's.

use super::{address::Client, redaction::redacted};
use crate::{clock::Clock, network::Network};
use app::{
    bench::wire::{Exchange, HeaderField, PAGE_HEADER},
    wire::PageId,
};
use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Version, header},
    middleware::Next,
    response::Response,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http_body::{Frame, SizeHint};
use moka::{
    ops::compute::{CompResult, Op},
    policy::EvictionPolicy,
    sync::Cache,
};
use std::{
    collections::VecDeque,
    pin::Pin,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    task::{Context, Poll, ready},
    time::{Duration, Instant, UNIX_EPOCH},
};

/// Exchanges that are kept of one page, the latest.
const KEPT: usize = 30;
/// How long a record is kept after the last request of its page.
const IDLE: Duration = Duration::from_secs(10 * 60);
/// Bytes that all records may take together; past it the pages unused longest are forgotten.
const MEMORY: u64 = 64 * 1024 * 1024;
/// The least bytes that a page counts, so that there are 10,000 pages at most.
const MOST_PAGES: u64 = 10_000;
const LEAST: u32 = (MEMORY / MOST_PAGES) as u32;
/// Pages of one network, an IPv4 address or an IPv6 network of 56 bits.
const PAGES_OF_NETWORK: usize = 200;
/// Bytes of the records of one network.
const MEMORY_OF_NETWORK: u64 = 4 * 1024 * 1024;
/// The path that answers with the request as it was received.
pub(super) const ECHO_PATH: &str = "/lab/echo";
/// The same outside the lab's folder.
pub(super) const ECHO_AT_ROOT: &str = "/echo";
/// The path where a page reads its record. These requests are not recorded.
pub(super) const WIRE_PATH: &str = "/lab/wire";

/// The records of all pages; clones share them.
#[derive(Clone)]
pub struct Recorder {
    pages: Cache<String, Page>,
    networks: Cache<Network, Arc<Mutex<Share>>>,
    clock: Arc<dyn Clock>,
}

/// What is kept of one page.
#[derive(Clone)]
struct Page {
    /// The network that opened it.
    network: Network,
    /// Its latest exchanges, the latest last.
    exchanges: Arc<[Arc<Recorded>]>,
}

impl Page {
    /// Bytes in memory, about.
    fn weight(&self) -> u32 {
        self.exchanges.iter().map(|recorded| recorded.weight()).sum::<u32>().max(LEAST)
    }
}

/// The pages of one network with their weights, the one unused longest first.
#[derive(Default)]
struct Share(VecDeque<(String, u32)>);

impl Share {
    /// Takes note of a page's use and of its weight now; returns the pages that are to be forgotten for it.
    fn used(&mut self, page: &str, weight: u32) -> Vec<String> {
        let Self(pages) = self;
        pages.retain(|(known, _)| known != page);
        pages.push_back((page.to_owned(), weight));
        let mut memory = pages.iter().map(|(_, weight)| u64::from(*weight)).sum::<u64>();
        let mut gone = Vec::new();
        while (pages.len() > PAGES_OF_NETWORK || memory > MEMORY_OF_NETWORK)
            && let Some((oldest, weight)) = pages.pop_front()
        {
            memory -= u64::from(weight);
            gone.push(oldest);
        }
        gone
    }
}

/// An exchange of which the body may still be on its way.
struct Recorded {
    exchange: Exchange,
    sent: OnceLock<u64>,
}

impl Recorder {
    /// A recorder without records.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let pages = Cache::builder()
            .max_capacity(MEMORY)
            .weigher(|_, page: &Page| page.weight())
            .eviction_policy(EvictionPolicy::lru())
            .time_to_idle(IDLE)
            .build();
        let networks =
            Cache::builder().max_capacity(MOST_PAGES).eviction_policy(EvictionPolicy::lru()).time_to_idle(IDLE).build();
        Self { pages, networks, clock }
    }

    /// Begins the record of a document that this client asks for; `None` without randomness.
    pub(super) fn open_page(&self, client: Client) -> Option<PageId> {
        let mut random = [0; 16];
        getrandom::fill(&mut random).ok()?;
        let id = URL_SAFE_NO_PAD.encode(random);
        let page = Page { network: client.network().end_site(), exchanges: Arc::new([]) };
        self.pages.insert(id.clone(), page.clone());
        self.share_out(&id, &page);
        Some(PageId(id))
    }

    /// What is recorded of a page, the latest last; `None` for a page that was not opened here or is forgotten.
    pub(super) fn exchanges(&self, page: &str) -> Option<Vec<Exchange>> {
        let page = self.pages.get(page)?;
        let shown = |recorded: &Arc<Recorded>| Exchange {
            response_body: recorded.sent.get().copied(),
            ..recorded.exchange.clone()
        };
        Some(page.exchanges.iter().map(shown).collect())
    }

    fn add(&self, id: &str, recorded: Arc<Recorded>) {
        let outcome = self.pages.entry_by_ref(id).and_compute_with(|page| {
            let Some(page) = page else { return Op::Nop };
            let Page { network, exchanges } = page.into_value();
            let from = (exchanges.len() + 1).saturating_sub(KEPT);
            Op::Put(Page { network, exchanges: exchanges.iter().skip(from).cloned().chain([recorded]).collect() })
        });
        if let CompResult::ReplacedWith(page) = outcome {
            self.share_out(id, page.value());
        }
    }

    /// Forgets what a network keeps beyond its share, now that this page of it has changed.
    fn share_out(&self, id: &str, page: &Page) {
        let share = self.networks.get_with(page.network, Arc::default);
        let gone = share.lock().unwrap_or_else(PoisonError::into_inner).used(id, page.weight());
        for page in gone {
            self.pages.invalidate(&page);
        }
    }
}

impl Recorded {
    /// Bytes in memory, about.
    fn weight(&self) -> u32 {
        let field = |field: &HeaderField| {
            let cookies = field.cookies.iter().map(|cookie| size_of_val(cookie) + cookie.name.len()).sum::<usize>();
            size_of_val(field) + field.name.len() + field.value.len() + cookies
        };
        let fields = self.exchange.request.iter().chain(&self.exchange.response).map(field).sum::<usize>();
        u32::try_from(size_of_val(self) + self.exchange.path.len() + fields).unwrap_or(u32::MAX / KEPT as u32)
    }
}

/// The header fields of a request as they came, for whoever shows them: layers further in add some of their own.
#[derive(Clone)]
pub(super) struct AsReceived(pub HeaderMap);

/// Records the exchanges of the pages that were opened here: the documents, and the requests that name one of them.
pub(crate) async fn record(State(recorder): State<Arc<Recorder>>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.starts_with(ECHO_PATH) || path == ECHO_AT_ROOT {
        let received = AsReceived(request.headers().clone());
        request.extensions_mut().insert(received);
    }
    let page = request.headers().get(PAGE_HEADER).and_then(|id| id.to_str().ok()).map(str::to_owned);
    let known = page.filter(|page| recorder.pages.contains_key(page));
    let may_be_document = *request.method() == Method::GET;
    if !(known.is_some() || may_be_document) || request.uri().path() == WIRE_PATH {
        return next.run(request).await;
    }
    let asked = Asked::of(&request, recorder.clock.milliseconds());
    let mut response = next.run(request).await;
    let document = response.extensions_mut().remove::<PageId>().map(|PageId(id)| id);
    match document.or(known) {
        Some(page) => recorder.note(&page, asked, response),
        None => response,
    }
}

impl Recorder {
    fn note(&self, page: &str, asked: Asked, mut response: Response) -> Response {
        asked.settle(&mut response, self.clock.now());
        let id = response.headers().get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned();
        let exchange = Exchange {
            id,
            at: asked.at,
            method: asked.method.to_string(),
            path: asked.path,
            version: format!("{:?}", asked.version),
            status: response.status().as_u16(),
            request: redacted(&asked.headers),
            response: redacted(response.headers()),
            request_body: asked.body,
            response_body: None,
            took_us: u32::try_from(asked.began.elapsed().as_micros()).unwrap_or(u32::MAX),
        };
        let recorded = Arc::new(Recorded { exchange, sent: OnceLock::new() });
        self.add(page, recorded.clone());
        response.map(|body| Body::new(Counted::new(body, recorded)))
    }
}

/// What is kept of a request until its answer is there.
struct Asked {
    at: i64,
    began: Instant,
    method: Method,
    path: String,
    version: Version,
    headers: HeaderMap,
    body: Option<u64>,
}

impl Asked {
    fn of(request: &Request, at: i64) -> Self {
        Self {
            at,
            began: Instant::now(),
            method: request.method().clone(),
            path: request.uri().path_and_query().map(ToString::to_string).unwrap_or_default(),
            version: request.version(),
            headers: request.headers().clone(),
            body: request.body().size_hint().exact(),
        }
    }

    /// Sets the header fields that hyper would set later, as hyper does.
    fn settle(&self, response: &mut Response, now: i64) {
        let now = UNIX_EPOCH + Duration::from_secs(now.unsigned_abs());
        if let Ok(date) = HeaderValue::try_from(httpdate::fmt_http_date(now)) {
            response.headers_mut().entry(header::DATE).or_insert(date);
        }
        let bodiless = matches!(response.status(), StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
        let (ended, length) = (response.body().is_end_stream(), response.body().size_hint().exact());
        let headers = response.headers_mut();
        if bodiless && ended && self.version < Version::HTTP_2 {
            headers.remove(header::CONTENT_LENGTH);
        }
        let no_length = !headers.contains_key(header::CONTENT_LENGTH) && length.is_none();
        if self.version == Version::HTTP_11 && self.method != Method::HEAD && !bodiless && no_length {
            headers.insert(header::TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
        }
        if self.version == Version::HTTP_11 && self.closes() {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
    }

    /// Whether the client wants the connection closed afterwards.
    fn closes(&self) -> bool {
        let lines = self.headers.get_all(header::CONNECTION).iter().filter_map(|line| line.to_str().ok());
        lines.flat_map(|line| line.split(',')).any(|option| option.trim().eq_ignore_ascii_case("close"))
    }
}

/// A body that counts what is sent of it.
struct Counted {
    body: Body,
    sent: u64,
    recorded: Arc<Recorded>,
}

impl Counted {
    fn new(body: Body, recorded: Arc<Recorded>) -> Self {
        let counted = Self { body, sent: 0, recorded };
        if counted.body.is_end_stream() {
            counted.finish();
        }
        counted
    }

    /// Only the first end counts.
    fn finish(&self) {
        let _ = self.recorded.sent.set(self.sent);
    }
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let counted = self.get_mut();
        let frame = ready!(Pin::new(&mut counted.body).poll_frame(context));
        if let Some(Ok(frame)) = &frame
            && let Some(data) = frame.data_ref()
        {
            counted.sent += data.len() as u64;
        }
        // Before the last bytes are sent, so that a reader of all bytes finds their number.
        if counted.body.is_end_stream() || !matches!(frame, Some(Ok(_))) {
            counted.finish();
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.finish();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;
    use std::net::IpAddr;

    fn client(address: &str) -> Client {
        Client { address: Some(address.parse::<IpAddr>().unwrap()), ..Client::default() }
    }

    /// An exchange of which the server keeps about so many bytes.
    fn exchange(recorder: &Recorder, page: &PageId, bytes: usize) {
        let request = Request::get(format!("/lab/echo/{}", "x".repeat(bytes))).body(Body::empty()).unwrap();
        let _ = recorder.note(&page.0, Asked::of(&request, 0), Response::default());
    }

    #[test]
    fn a_network_that_opens_many_pages_loses_its_own_oldest_and_nobody_elses() {
        let recorder = Recorder::new(Arc::new(SystemClock));
        let ours = recorder.open_page(client("192.0.2.1")).unwrap();
        let neighbours = recorder.open_page(client("2001:db8:1:100::1")).unwrap();
        let mut theirs = Vec::new();
        for number in 0..20_000_u32 {
            let address =
                if number % 2 == 0 { "192.0.2.2".to_owned() } else { format!("2001:db8:1:2{:02x}::1", number % 256) };
            theirs.push(recorder.open_page(client(&address)).unwrap());
        }
        assert!(recorder.exchanges(&ours.0).is_some() && recorder.exchanges(&neighbours.0).is_some());
        let kept: Vec<_> = theirs.iter().map(|page| recorder.exchanges(&page.0).is_some()).collect();
        assert!(kept[..19_600].iter().all(|kept| !kept) && kept[19_600..].iter().all(|kept| *kept));
    }

    #[test]
    fn a_network_has_4_mib_and_a_page_in_use_stays() {
        let recorder = Recorder::new(Arc::new(SystemClock));
        let ours = recorder.open_page(client("192.0.2.1")).unwrap();
        let in_use = recorder.open_page(client("192.0.2.2")).unwrap();
        let theirs: Vec<_> = (0..150).map(|_| recorder.open_page(client("192.0.2.2")).unwrap()).collect();
        for page in &theirs {
            (0..10).for_each(|_| exchange(&recorder, page, 10_000));
            exchange(&recorder, &in_use, 1);
        }
        let kept = theirs.iter().filter(|page| recorder.exchanges(&page.0).is_some()).count();
        assert!((35..=42).contains(&kept), "{kept} of 100,000 bytes");
        assert!(recorder.exchanges(&in_use.0).is_some_and(|exchanges| exchanges.len() == KEPT));
        assert!(recorder.exchanges(&ours.0).is_some());
    }
}
