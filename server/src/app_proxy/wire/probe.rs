//! What the browser sends from a page of the app: the dock's script sends a request that the port answers by itself, and the bench
//! asks here what came with it. Names and sizes alone: the page's scripts, which know the probe, learn nothing.

use app::{
    bench::Observation,
    wire::{ReceivedCookie, received_cookies},
};
use axum::http::{HeaderMap, HeaderName, header};
use serde::Serialize;
use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The field that makes a request a probe; its value is the probe's name.
const PROBE: HeaderName = HeaderName::from_static("storage-lab-probe");
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// Most probes that are kept until somebody asks.
const KEPT: usize = 32;
/// Most bytes of a probe's name.
const LONGEST: usize = 32;

/// What came with one probe.
struct Came {
    probe: String,
    cookies: Vec<ReceivedCookie>,
    header_bytes: usize,
}

/// What came with the latest probes.
#[derive(Default)]
pub(in crate::app_proxy) struct Probes(Mutex<VecDeque<Came>>);

/// What the bench is told.
#[derive(Serialize)]
pub(super) struct Told {
    #[serde(flatten)]
    observation: Observation,
    /// Whether the page's requests come through the port.
    seen: bool,
}

/// Whether a page of the app's own origin asks, as far as the browser tells.
pub(super) fn is_of_own_page(headers: &HeaderMap) -> bool {
    headers.get(SEC_FETCH_SITE).is_none_or(|site| site == "same-origin")
}

impl Probes {
    fn kept(&self) -> MutexGuard<'_, VecDeque<Came>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps what came with a probe, whose cookies are what the app would receive; whether it is one. Pages of other origins cannot
    /// send one: they would have to be allowed the field by the app (Fetch §3.3).
    pub fn take(&self, headers: &HeaderMap) -> bool {
        let probe = headers.get(PROBE).filter(|_| is_of_own_page(headers)).and_then(|probe| probe.to_str().ok());
        let Some(probe) = probe.filter(|probe| probe.len() <= LONGEST) else { return false };
        let lines: Vec<_> = headers.get_all(header::COOKIE).iter().map(|line| line.as_bytes()).collect();
        let header_bytes = lines.iter().map(|line| "cookie: ".len() + line.len() + "\r\n".len()).sum();
        let cookies = lines.into_iter().flat_map(received_cookies).collect();
        let mut kept = self.kept();
        kept.push_back(Came { probe: probe.to_owned(), cookies, header_bytes });
        while kept.len() > KEPT {
            kept.pop_front();
        }
        true
    }

    /// What came with a probe, told once; `now` in UTC seconds.
    pub(super) fn tell(&self, probe: Option<&str>, now: i64) -> Told {
        let mut kept = self.kept();
        let place = kept.iter().position(|came| Some(&*came.probe) == probe);
        let came = place.and_then(|place| kept.remove(place));
        let seen = came.is_some();
        let (cookies, header_bytes) = came.map(|came| (came.cookies, came.header_bytes)).unwrap_or_default();
        let cookie_header_bytes = u32::try_from(header_bytes).unwrap_or(u32::MAX);
        Told { observation: Observation { now, cookie_header_bytes, cookies, session: None }, seen }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn asked(fields: &[(&'static str, &'static str)]) -> HeaderMap {
        let fields =
            fields.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        fields.collect()
    }

    #[test]
    fn what_came_with_a_probe_is_told_once_and_without_values() {
        let probes = Probes::default();
        assert!(probes.take(&asked(&[("storage-lab-probe", "p1"), ("cookie", "sid=secret; b=2")])));
        let told = serde_json::to_string(&probes.tell(Some("p1"), 7)).unwrap();
        assert!(
            told.contains(r#""name":"sid""#) && told.contains(r#""seen":true"#) && !told.contains("secret"),
            "{told}"
        );
        let again = probes.tell(Some("p1"), 7);
        assert_eq!((again.seen, again.observation.cookies.len()), (false, 0));
    }

    #[test]
    fn a_request_of_another_origin_is_no_probe() {
        let probes = Probes::default();
        assert!(!probes.take(&asked(&[("storage-lab-probe", "p"), ("sec-fetch-site", "cross-site")])));
        assert!(!probes.take(&asked(&[("cookie", "a=1")])));
        assert!(!probes.tell(Some("p"), 0).seen && !probes.tell(None, 0).seen);
    }

    #[test]
    fn no_more_probes_are_kept_than_a_few() {
        let probes = Probes::default();
        for _ in 0..100 {
            probes.take(&asked(&[("storage-lab-probe", "p")]));
        }
        assert_eq!(probes.kept().len(), KEPT);
    }
}
