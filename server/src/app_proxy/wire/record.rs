//! The latest exchanges, in the memory of this process alone: they are in no log and in no database.

use super::exchange::{Asked, Exchange};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Most exchanges that are kept.
const KEPT: usize = 500;
/// Most bytes of memory that they take.
const MEMORY: usize = 8 * 1024 * 1024;

/// What is kept.
#[derive(Default)]
struct Kept {
    /// The oldest first.
    exchanges: VecDeque<Arc<Exchange>>,
    bytes: usize,
    /// Counts what was answered.
    answered: u64,
    /// Counts how often what is kept has changed.
    changes: u64,
    /// Counts how often all of it was forgotten.
    forgotten: u64,
}

/// The record of the app's exchanges.
#[derive(Default)]
pub(super) struct Record(Mutex<Kept>);

impl Record {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes an exchange; the oldest ones go where there are too many.
    pub fn note(&self, asked: Asked, status: StatusCode, headers: &HeaderMap, own: &[HeaderValue]) {
        let mut exchange = Exchange::of(asked, status, headers, own);
        let bytes = exchange.bytes();
        let mut gone = Vec::new();
        let mut kept = self.kept();
        kept.answered += 1;
        kept.changes += 1;
        exchange.number = kept.answered;
        kept.bytes += bytes;
        kept.exchanges.push_back(Arc::new(exchange));
        while kept.exchanges.len() > KEPT || kept.bytes > MEMORY {
            let Some(oldest) = kept.exchanges.pop_front() else { break };
            kept.bytes = kept.bytes.saturating_sub(oldest.bytes());
            gone.push(oldest);
        }
        // What has gone is freed when nobody waits for it.
        drop(kept);
    }

    /// Forgets all of them.
    pub fn forget(&self) {
        let mut kept = self.kept();
        let gone = std::mem::take(&mut kept.exchanges);
        kept.bytes = 0;
        kept.changes += 1;
        kept.forgotten += 1;
        drop(kept);
        drop(gone);
    }

    /// The exchanges, the oldest first, and how often they have changed.
    pub fn look(&self) -> (Vec<Arc<Exchange>>, u64) {
        let kept = self.kept();
        (kept.exchanges.iter().cloned().collect(), kept.changes)
    }

    /// How often all of it was forgotten.
    pub fn forgotten(&self) -> u64 {
        self.kept().forgotten
    }

    /// How often what is kept has changed.
    pub fn changes(&self) -> u64 {
        self.kept().changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app_proxy::{origin::Origin, wire::exchange::LONGEST};
    use axum::http::{Request, header};

    fn asked(cookies: &str) -> Asked {
        let request = Request::get("/a?b").header(header::COOKIE, cookies).body(()).unwrap();
        Asked::of(&request.into_parts().0, &Origin::read("http://127.0.0.1:3100").unwrap(), None, 1_000)
    }

    fn with_lines(lines: &[&str]) -> HeaderMap {
        lines.iter().map(|line| (header::SET_COOKIE, HeaderValue::from_str(line).unwrap())).collect()
    }

    #[test]
    fn the_oldest_exchanges_go_where_there_are_too_many() {
        let record = Record::default();
        (0..KEPT + 3).for_each(|_| record.note(asked("a=1"), StatusCode::OK, &HeaderMap::new(), &[]));
        let (exchanges, changes) = record.look();
        assert_eq!((exchanges.len(), exchanges[0].number, changes), (KEPT, 4, KEPT as u64 + 3));
    }

    #[test]
    fn long_ones_take_no_more_memory_than_there_is_for_all() {
        let record = Record::default();
        let (cookies, line) = (format!("a={}", "x".repeat(LONGEST - 10)), format!("b={}", "y".repeat(LONGEST - 10)));
        (0..KEPT).for_each(|_| record.note(asked(&cookies), StatusCode::OK, &with_lines(&[&line]), &[]));
        let (exchanges, _) = record.look();
        let bytes: usize = exchanges.iter().map(|exchange| exchange.bytes()).sum();
        assert!(exchanges.len() < KEPT && bytes <= MEMORY && bytes > MEMORY / 2, "{} take {bytes}", exchanges.len());
        assert_eq!(exchanges.last().map(|latest| latest.number), Some(KEPT as u64));
    }

    #[test]
    fn what_is_too_long_is_left_out_and_that_is_known() {
        let long = "x".repeat(LONGEST);
        let record = Record::default();
        record.note(
            asked(&format!("a=1; b={long}; c=3")),
            StatusCode::OK,
            &with_lines(&["d=4", &format!("e={long}")]),
            &[],
        );
        let (exchanges, _) = record.look();
        let exchange = &exchanges[0];
        assert_eq!((exchange.asked.carried.len(), exchange.asked.is_cut), (1, true));
        assert_eq!((exchange.set.len(), exchange.left_out), (1, 1));
    }

    #[test]
    fn what_is_forgotten_is_gone_and_numbers_go_on() {
        let record = Record::default();
        record.note(asked("a=1"), StatusCode::OK, &HeaderMap::new(), &[]);
        record.forget();
        assert_eq!((record.look().0.len(), record.changes()), (0, 2));
        record.note(asked("a=1"), StatusCode::OK, &HeaderMap::new(), &[]);
        assert_eq!(record.look().0[0].number, 2);
    }
}
