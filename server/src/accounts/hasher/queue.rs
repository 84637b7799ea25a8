//! Who waits for a hashing thread, and in which order.
//!
//! A network has few places at a time, so that nobody takes them all, be it with right passwords; the rest of its requests
//! wait for each other, and other networks' do not wait for them. What is hashed aside, for show, comes last.

use super::Job;
use crate::network::Network;
use app::AppError;
use moka::sync::Cache;
use std::{
    sync::{Arc, mpsc},
    time::Duration,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// How many may wait for each hashing thread, whoever they are.
const WAITING_PER_THREAD: usize = 16;
/// How many of one network may wait for each thread or be at work on it.
const OF_NETWORK_PER_THREAD: usize = 4;
/// How many more of one network may wait for these.
const WAITING_OF_NETWORK: usize = 64;
/// How long a request waits for its place.
const PATIENCE: Duration = Duration::from_secs(10);
/// Networks that are remembered, each for longer than anybody waits.
const NETWORKS: u64 = 100_000;
const REMEMBERED_FOR: Duration = Duration::from_secs(60);

/// The places before the threads; clones share them.
#[derive(Clone)]
pub(super) struct Places {
    all: Arc<Semaphore>,
    threads: usize,
    patience: Duration,
    networks: Cache<String, OfNetwork>,
}

/// The places of one network.
#[derive(Clone)]
struct OfNetwork {
    /// Those who wait, and those who have a place.
    there: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

/// A network's permit to one of its own places.
pub(crate) struct Turn {
    _there: OwnedSemaphorePermit,
    _place: OwnedSemaphorePermit,
}

/// The permit to one place.
pub(super) struct Permit {
    _turn: Turn,
    _place: OwnedSemaphorePermit,
}

impl Places {
    pub fn new(threads: usize) -> Self {
        let networks = Cache::builder().max_capacity(NETWORKS).time_to_idle(REMEMBERED_FOR).build();
        Self { all: Arc::new(Semaphore::new(all(threads))), threads, patience: PATIENCE, networks }
    }

    /// # Errors
    /// [`AppError::Busy`] when too many wait already, or for too long.
    pub async fn take(&self, address: &str) -> Result<Permit, AppError> {
        let turn = self.turn(address).await?;
        Ok(Permit { _turn: turn, _place: self.in_time(self.all.clone()).await? })
    }

    /// # Errors
    /// As [`Places::take`].
    pub async fn turn(&self, address: &str) -> Result<Turn, AppError> {
        let network = address.parse().map_or_else(|_| address.to_owned(), |ip| Network::of(ip).end_site().to_string());
        let places = OF_NETWORK_PER_THREAD * self.threads;
        let OfNetwork { there, places } = self.networks.get_with(network, || OfNetwork {
            there: Arc::new(Semaphore::new(places + WAITING_OF_NETWORK)),
            places: Arc::new(Semaphore::new(places)),
        });
        let there = there.try_acquire_owned().map_err(|_| AppError::Busy)?;
        Ok(Turn { _there: there, _place: self.in_time(places).await? })
    }

    /// In the order in which they came.
    async fn in_time(&self, places: Arc<Semaphore>) -> Result<OwnedSemaphorePermit, AppError> {
        match timeout(self.patience, places.acquire_owned()).await {
            Ok(Ok(permit)) => Ok(permit),
            _ => Err(AppError::Busy),
        }
    }

    /// Those that somebody has.
    pub fn taken(&self) -> usize {
        all(self.threads).saturating_sub(self.all.available_permits())
    }
}

fn all(threads: usize) -> usize {
    threads * (1 + WAITING_PER_THREAD)
}

/// Where jobs are handed in; clones are one. The queue ends with the last of them.
#[derive(Clone)]
pub(super) struct Jobs {
    accounts: mpsc::Sender<Job>,
    aside: mpsc::Sender<Job>,
    /// One for each job, sent after it.
    tickets: mpsc::Sender<()>,
}

/// Where threads take them.
pub(super) struct Queue {
    accounts: mpsc::Receiver<Job>,
    aside: mpsc::Receiver<Job>,
    tickets: mpsc::Receiver<()>,
}

pub(super) fn new() -> (Jobs, Queue) {
    let ((accounts, of_accounts), (aside, put_aside), (tickets, ticket)) =
        (mpsc::channel(), mpsc::channel(), mpsc::channel());
    (Jobs { accounts, aside, tickets }, Queue { accounts: of_accounts, aside: put_aside, tickets: ticket })
}

impl Jobs {
    /// Hands in a job of an account.
    pub fn push(&self, job: Job) -> Result<(), AppError> {
        self.send(&self.accounts, job)
    }

    /// Hands in another, which comes after all of those.
    pub fn push_aside(&self, job: Job) -> Result<(), AppError> {
        self.send(&self.aside, job)
    }

    fn send(&self, to: &mpsc::Sender<Job>, job: Job) -> Result<(), AppError> {
        to.send(job).map_err(|_| AppError::Internal)?;
        self.tickets.send(()).map_err(|_| AppError::Internal)
    }
}

impl Queue {
    /// Waits for the next job; `None` when nobody is left to hand one in.
    pub fn next(&self) -> Option<Job> {
        self.tickets.recv().ok()?;
        self.accounts.try_recv().or_else(|_| self.aside.try_recv()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    #[tokio::test]
    async fn a_network_with_all_its_places_taken_keeps_no_other_waiting() {
        let places = Places::new(1);
        let mut taken = Vec::new();
        for _ in 0..OF_NETWORK_PER_THREAD {
            taken.push(places.take("192.0.2.1").await.unwrap());
        }
        assert!(places.take("192.0.2.1").now_or_never().is_none(), "the next one waits");
        assert!(matches!(places.take("192.0.2.2").now_or_never(), Some(Ok(_))), "another network does not");
        taken.pop();
        assert!(matches!(places.take("192.0.2.1").now_or_never(), Some(Ok(_))), "until one is free");
    }

    #[tokio::test]
    async fn an_end_site_counts_as_one_network() {
        let places = Places::new(1);
        let mut taken = Vec::new();
        for subnet in 0..OF_NETWORK_PER_THREAD {
            taken.push(places.take(&format!("2001:db8:1:{subnet}::1")).await.unwrap());
        }
        assert!(places.take("2001:db8:1:ff::1").now_or_never().is_none());
        assert!(matches!(places.take("2001:db8:1:100::1").now_or_never(), Some(Ok(_))));
    }

    #[tokio::test]
    async fn who_waits_too_long_or_behind_too_many_is_told_to_come_back() {
        let places = Places { patience: Duration::from_millis(50), ..Places::new(1) };
        let mut taken = Vec::new();
        for _ in 0..OF_NETWORK_PER_THREAD {
            taken.push(places.take("192.0.2.1").await.unwrap());
        }
        let waiting: Vec<_> = (0..=WAITING_OF_NETWORK).map(|_| places.take("192.0.2.1")).collect();
        let outcomes = futures::future::join_all(waiting).await;
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Err(AppError::Busy))));
        drop(taken);
        assert!(places.take("192.0.2.1").await.is_ok(), "nobody waits any longer");
    }
}
