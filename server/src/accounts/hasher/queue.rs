//! The queue before the hashing threads.
//!
//! Each network has few slots at a time, so that no network takes them all, not even with right passwords. The rest of its
//! requests wait for each other; requests of other networks do not wait for them. Hashes that belong to no account come last.

use super::worker::Job;
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

/// How many requests may wait for each hashing thread.
const WAITING_PER_THREAD: usize = 16;
/// How many requests of one network may wait for each thread or be at work on it.
const OF_NETWORK_PER_THREAD: usize = 4;
/// How many more requests of one network may wait for these slots.
const WAITING_OF_NETWORK: usize = 64;
/// How long a request waits for a slot.
const PATIENCE: Duration = Duration::from_secs(10);
/// How many networks are remembered, each for longer than any request waits.
const NETWORKS: u64 = 100_000;
const REMEMBERED_FOR: Duration = Duration::from_secs(60);

/// The slots in the queue, of each network and of all together; clones share them.
#[derive(Clone)]
pub(super) struct Queues {
    all: Arc<Semaphore>,
    threads: usize,
    patience: Duration,
    networks: Cache<String, OfNetwork>,
}

/// The slots of one network.
#[derive(Clone)]
struct OfNetwork {
    /// One for each request that waits for a slot or has one.
    there: Arc<Semaphore>,
    slots: Arc<Semaphore>,
}

/// The permit to one of a network's own slots.
pub(crate) struct NetworkPermit {
    _there: OwnedSemaphorePermit,
    _slot: OwnedSemaphorePermit,
}

/// The permit to one slot of all.
pub(super) struct Permit {
    _of_network: NetworkPermit,
    _slot: OwnedSemaphorePermit,
}

impl Queues {
    pub fn new(threads: usize) -> Self {
        let networks = Cache::builder().max_capacity(NETWORKS).time_to_idle(REMEMBERED_FOR).build();
        Self { all: Arc::new(Semaphore::new(all(threads))), threads, patience: PATIENCE, networks }
    }

    /// Reserves a slot of all, after one of the address's network.
    ///
    /// # Errors
    /// [`AppError::Busy`] when too many requests of the network wait already, or after a wait of [`PATIENCE`].
    pub async fn take(&self, address: &str) -> Result<Permit, AppError> {
        let of_network = self.take_of_network(address).await?;
        Ok(Permit { _of_network: of_network, _slot: self.in_time(self.all.clone()).await? })
    }

    /// Reserves a slot of the address's network.
    ///
    /// # Errors
    /// As [`Queues::take`].
    pub async fn take_of_network(&self, address: &str) -> Result<NetworkPermit, AppError> {
        let network = address.parse().map_or_else(|_| address.to_owned(), |ip| Network::of(ip).end_site().to_string());
        let slots = OF_NETWORK_PER_THREAD * self.threads;
        let OfNetwork { there, slots } = self.networks.get_with(network, || OfNetwork {
            there: Arc::new(Semaphore::new(slots + WAITING_OF_NETWORK)),
            slots: Arc::new(Semaphore::new(slots)),
        });
        let there = there.try_acquire_owned().map_err(|_| AppError::Busy)?;
        Ok(NetworkPermit { _there: there, _slot: self.in_time(slots).await? })
    }

    /// Waits for a slot, in the order in which requests came.
    async fn in_time(&self, slots: Arc<Semaphore>) -> Result<OwnedSemaphorePermit, AppError> {
        match timeout(self.patience, slots.acquire_owned()).await {
            Ok(Ok(permit)) => Ok(permit),
            _ => Err(AppError::Busy),
        }
    }

    /// How many slots are taken.
    pub fn taken(&self) -> usize {
        all(self.threads).saturating_sub(self.all.available_permits())
    }
}

fn all(threads: usize) -> usize {
    threads * (1 + WAITING_PER_THREAD)
}

/// The end of the queue where jobs are handed in. It closes with the last clone.
#[derive(Clone)]
pub(super) struct Jobs {
    accounts: mpsc::Sender<Job>,
    aside: mpsc::Sender<Job>,
    /// One for each job, sent after it.
    tickets: mpsc::Sender<()>,
}

/// The end of the queue where threads take jobs.
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

    /// Hands in a job of no account, which comes after all of those.
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
    async fn a_network_with_all_its_slots_taken_keeps_no_other_waiting() {
        let queues = Queues::new(1);
        let mut taken = Vec::new();
        for _ in 0..OF_NETWORK_PER_THREAD {
            taken.push(queues.take("192.0.2.1").await.unwrap());
        }
        assert!(queues.take("192.0.2.1").now_or_never().is_none(), "the next one waits");
        assert!(matches!(queues.take("192.0.2.2").now_or_never(), Some(Ok(_))), "another network does not");
        taken.pop();
        assert!(matches!(queues.take("192.0.2.1").now_or_never(), Some(Ok(_))), "until one is free");
    }

    #[tokio::test]
    async fn an_end_site_counts_as_one_network() {
        let queues = Queues::new(1);
        let mut taken = Vec::new();
        for subnet in 0..OF_NETWORK_PER_THREAD {
            taken.push(queues.take(&format!("2001:db8:1:{subnet}::1")).await.unwrap());
        }
        assert!(queues.take("2001:db8:1:ff::1").now_or_never().is_none());
        assert!(matches!(queues.take("2001:db8:1:100::1").now_or_never(), Some(Ok(_))));
    }

    #[tokio::test]
    async fn who_waits_too_long_or_behind_too_many_is_told_to_come_back() {
        let queues = Queues { patience: Duration::from_millis(50), ..Queues::new(1) };
        let mut taken = Vec::new();
        for _ in 0..OF_NETWORK_PER_THREAD {
            taken.push(queues.take("192.0.2.1").await.unwrap());
        }
        let waiting: Vec<_> = (0..=WAITING_OF_NETWORK).map(|_| queues.take("192.0.2.1")).collect();
        let outcomes = futures::future::join_all(waiting).await;
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Err(AppError::Busy))));
        drop(taken);
        assert!(queues.take("192.0.2.1").await.is_ok(), "nobody waits any longer");
    }
}
