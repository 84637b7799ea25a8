//! Password hashing with argon2id on threads of its own, one for each core. [`queue`] settles who waits for a thread.

mod queue;
mod stand_in;
mod worker;

use crate::store::CostShare;
use app::AppError;
use argon2::{
    Params,
    password_hash::{self, PasswordVerifier, phc::PasswordHash},
};
pub(crate) use queue::NetworkPermit;
use queue::{Jobs, Permit, Queue, Queues};
use secrecy::{ExposeSecret, SecretString};
use stand_in::StandIns;
use std::{
    iter,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};
use tokio::sync::oneshot;
pub use worker::HasherError;
pub(super) use worker::lower_priority;
use worker::{Job, Worker};

/// What one hash costs (OWASP ASVS 5.0 appendix C).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub iterations: u32,
}

impl Default for HashCost {
    fn default() -> Self {
        Self { memory_kib: 19_456, iterations: 2 }
    }
}

/// Hashes and verifies with argon2id. The threads end with the last clone.
#[derive(Clone)]
pub struct Hasher {
    params: Params,
    threads: usize,
    jobs: Jobs,
    queues: Queues,
    working: Arc<AtomicUsize>,
    stand_ins: StandIns,
}

/// The outcome of a verification.
pub(super) struct Checked {
    pub is_right: bool,
    /// The hash at today's cost, when the stored one had another.
    pub rehashed: Option<String>,
}

/// How busy the hashing threads are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashingLoad {
    /// Jobs that wait for a thread.
    pub waiting: usize,
    /// Jobs at work.
    pub working: usize,
}

impl Hasher {
    /// A hasher with `threads` threads, whose memory is taken at once.
    ///
    /// # Errors
    /// [`HasherError`] when argon2 refuses the cost or the machine has not enough memory or threads.
    pub fn new(cost: HashCost, threads: usize) -> Result<Self, HasherError> {
        let params = Params::new(cost.memory_kib, cost.iterations, 1, None).map_err(HasherError::new)?;
        let threads = threads.max(1);
        let (jobs, queue) = queue::new();
        let queue = Arc::new(Mutex::new(queue));
        let working = Arc::new(AtomicUsize::new(0));
        let first = Worker::new(params.clone())?;
        let stand_ins = StandIns::of(&first.hash(b"nobody has this password").map_err(HasherError::new)?);
        for worker in iter::once(Ok(first)).chain((1..threads).map(|_| Worker::new(params.clone()))) {
            let (worker, queue, working) = (worker?, queue.clone(), working.clone());
            let run = move || work(&worker, &queue, &working);
            thread::Builder::new().name("hashing".into()).spawn(run).map_err(HasherError::new)?;
        }
        Ok(Self { params, threads, jobs, queues: Queues::new(threads), working, stand_ins })
    }

    /// Reserves a queue slot for a request from this address, before any other work is done for it.
    ///
    /// # Errors
    /// [`AppError::Busy`] when the queue is full, or after a wait of 10 s.
    pub(super) async fn permit(&self, address: &str) -> Result<HashPermit, AppError> {
        let permit = Arc::new(self.queues.take(address).await?);
        Ok(HashPermit { permit, jobs: self.jobs.clone(), stand_ins: self.stand_ins.clone() })
    }

    /// Reserves one of the slots of this address's network alone, for what is then hashed under other addresses.
    ///
    /// # Errors
    /// As [`Hasher::permit`].
    pub(super) async fn network_permit(&self, address: &str) -> Result<NetworkPermit, AppError> {
        self.queues.take_of_network(address).await
    }

    /// Runs a hash that belongs to no account, as soon as no account's password waits for a thread.
    ///
    /// # Errors
    /// [`AppError::Internal`] when it fails.
    pub(crate) async fn run_aside<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, password_hash::Error> + Send + 'static,
    ) -> Result<T, AppError> {
        let (answer, answered) = oneshot::channel();
        self.jobs.push_aside(job(|_| work(), answer, ()))?;
        outcome(answered).await
    }

    /// Takes note of what the stored hashes cost, so that an unknown name takes as long as a known one.
    pub fn know_costs(&self, shares: &[CostShare]) {
        self.stand_ins.learn(shares);
    }

    /// How busy the threads are at this moment.
    pub fn load(&self) -> HashingLoad {
        let taken = self.queues.taken();
        let working = self.working.load(Ordering::Relaxed).min(taken);
        HashingLoad { waiting: taken - working, working }
    }

    /// Hashes on every core as fast as it can, for `span`; returns hashes per second. For `script/bench`: the same
    /// function on as many threads, without queue, server or lowered priority.
    ///
    /// # Errors
    /// [`HasherError`] when hashing fails.
    pub fn measure(&self, span: Duration) -> Result<f64, HasherError> {
        let workers: Vec<_> = (0..self.threads).map(|_| Worker::new(self.params.clone())).collect::<Result<_, _>>()?;
        let began = Instant::now();
        let work = |worker: Worker| {
            let mut hashes = 0_u32;
            while began.elapsed() < span {
                worker.hash(b"correct horse battery staple").map_err(HasherError::new)?;
                hashes += 1;
            }
            Ok(hashes)
        };
        let counts: Result<Vec<u32>, HasherError> = thread::scope(|scope| {
            let threads: Vec<_> = workers.into_iter().map(|worker| scope.spawn(move || work(worker))).collect();
            threads.into_iter().filter_map(|thread| thread.join().ok()).collect()
        });
        Ok(f64::from(counts?.iter().sum::<u32>()) / began.elapsed().as_secs_f64())
    }
}

/// A slot in the queue or at work, for one hash after the other.
pub(super) struct HashPermit {
    permit: Arc<Permit>,
    jobs: Jobs,
    stand_ins: StandIns,
}

impl HashPermit {
    /// Hashes a password into a PHC string with a salt of its own.
    ///
    /// # Errors
    /// [`AppError::Internal`] when hashing fails.
    pub async fn hash(&self, password: SecretString) -> Result<String, AppError> {
        self.run(move |worker| worker.hash(password.expose_secret().as_bytes())).await
    }

    /// Verifies a password against the stored hash of a name. Without one it verifies against a stand-in, and the password is
    /// wrong.
    ///
    /// # Errors
    /// As [`HashPermit::hash`].
    pub async fn verify(
        &self,
        name: &str,
        password: SecretString,
        stored: Option<String>,
    ) -> Result<Checked, AppError> {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.stand_ins.of_name(name));
        self.run(move |worker| {
            let parsed = PasswordHash::new(&stored)?;
            let password = password.expose_secret().as_bytes();
            let is_right = worker.verify_password(password, &parsed).is_ok() && known;
            let cost = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
            let same_cost = Params::try_from(&parsed).is_ok_and(|params| cost(&params) == cost(&worker.params));
            let rehashed = if is_right && !same_cost { Some(worker.hash(password)?) } else { None };
            Ok(Checked { is_right, rehashed })
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Worker) -> Result<T, password_hash::Error> + Send + 'static,
    ) -> Result<T, AppError> {
        let (answer, answered) = oneshot::channel();
        self.jobs.push(job(work, answer, self.permit.clone()))?;
        outcome(answered).await
    }
}

/// Takes jobs until nobody is left to send one.
fn work(worker: &Worker, queue: &Mutex<Queue>, working: &AtomicUsize) {
    lower_priority();
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
        let Some(job) = next else { return };
        working.fetch_add(1, Ordering::Relaxed);
        // The panic is in the log by its hook; its job gets no answer, and the thread goes on.
        let _ = catch_unwind(AssertUnwindSafe(|| job(worker)));
        working.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A job that sends its outcome, and keeps `held` until then.
fn job<T: Send + 'static>(
    work: impl FnOnce(&Worker) -> Result<T, password_hash::Error> + Send + 'static,
    answer: oneshot::Sender<Result<T, password_hash::Error>>,
    held: impl Send + 'static,
) -> Job {
    Box::new(move |worker| {
        let _held = held;
        // A client that has hung up costs no hash, unless the hash has begun.
        if !answer.is_closed() {
            let _ = answer.send(work(worker));
        }
    })
}

async fn outcome<T>(answered: oneshot::Receiver<Result<T, password_hash::Error>>) -> Result<T, AppError> {
    match answered.await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(cause)) => {
            tracing::error!(%cause, "hashing failed");
            Err(AppError::Internal)
        }
        Err(_) => {
            tracing::error!("the hashing job panicked");
            Err(AppError::Internal)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::{Algorithm, Argon2, Version, password_hash::PasswordHasher};
    use std::sync::mpsc;

    const CHEAP: HashCost = HashCost { memory_kib: 64, iterations: 1 };
    const DEAR: HashCost = HashCost { memory_kib: 8_192, iterations: 4 };

    /// The hash of "correct horse battery".
    async fn hashed(hasher: &Hasher) -> String {
        hasher.permit("").await.unwrap().hash("correct horse battery".into()).await.unwrap()
    }

    async fn checked(hasher: &Hasher, password: &str, stored: Option<String>) -> Checked {
        hasher.permit("").await.unwrap().verify("ada", password.into(), stored).await.unwrap()
    }

    #[tokio::test]
    async fn the_hash_is_a_phc_string_with_its_own_salt() {
        let hasher = Hasher::new(CHEAP, 1).unwrap();
        let one = hashed(&hasher).await;
        let two = hashed(&hasher).await;
        assert!(one.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{one}");
        assert_ne!(one, two);
    }

    #[tokio::test]
    async fn only_the_right_password_verifies_and_nobody_has_the_stand_in() {
        let hasher = Hasher::new(CHEAP, 1).unwrap();
        let stored = hashed(&hasher).await;
        let right = checked(&hasher, "correct horse battery", Some(stored.clone())).await;
        assert!(right.is_right && right.rehashed.is_none());
        assert!(!checked(&hasher, "correct horse batterx", Some(stored)).await.is_right);
        assert!(!checked(&hasher, "nobody has this password", None).await.is_right);
    }

    #[tokio::test]
    async fn a_hash_of_another_cost_is_made_anew() {
        let old = hashed(&Hasher::new(CHEAP, 1).unwrap()).await;
        let hasher = Hasher::new(HashCost { memory_kib: 128, iterations: 1 }, 1).unwrap();
        let fresh = checked(&hasher, "correct horse battery", Some(old)).await.rehashed.unwrap();
        assert!(fresh.starts_with("$argon2id$v=19$m=128,t=1,p=1$"), "{fresh}");
    }

    #[tokio::test]
    async fn what_is_hashed_aside_waits_until_no_account_does() {
        let hasher = Hasher::new(CHEAP, 1).unwrap();
        let order = Arc::new(Mutex::new(Vec::new()));
        let note = |word: &'static str| {
            let order = order.clone();
            move || {
                order.lock().unwrap().push(word);
                Ok(())
            }
        };
        let (begun, has_begun) = std::sync::mpsc::channel();
        let (go_on, may_go_on) = std::sync::mpsc::channel::<()>();
        let permit = hasher.permit("192.0.2.1").await.unwrap();
        let busy = async {
            let work = move |_: &Worker| {
                let _ = begun.send(());
                let _ = may_go_on.recv();
                Ok(())
            };
            permit.run(work).await
        };
        let rest = async {
            // The one thread is at work from here on.
            while has_begun.try_recv().is_err() {
                tokio::task::yield_now().await;
            }
            let aside = hasher.run_aside(note("aside"));
            let account = note("account");
            let other = hasher.permit("192.0.2.2").await.unwrap();
            let account = other.run(move |_| account());
            let release = async {
                let _ = go_on.send(());
            };
            tokio::join!(aside, account, release)
        };
        let (busy, (aside, account, ())) = tokio::join!(busy, rest);
        assert_eq!((busy, aside, account), (Ok(()), Ok(()), Ok(())));
        assert_eq!(*order.lock().unwrap(), ["account", "aside"]);
    }

    #[test]
    fn a_cost_that_argon2_refuses_is_told_at_the_start() {
        assert!(Hasher::new(HashCost { memory_kib: 1, iterations: 1 }, 1).is_err());
    }

    #[tokio::test]
    async fn a_hash_of_argon2s_own_making_verifies() {
        let params = Params::new(128, 3, 2, Some(24)).unwrap();
        let foreign = Argon2::new(Algorithm::Argon2i, Version::V0x10, params).hash_password(b"correct horse battery");
        let hasher = Hasher::new(CHEAP, 1).unwrap();
        let stored = foreign.unwrap().to_string();
        assert!(checked(&hasher, "correct horse battery", Some(stored.clone())).await.is_right);
        assert!(!checked(&hasher, "correct horse batterx", Some(stored)).await.is_right);
        let ours = hashed(&hasher).await;
        let parsed = PasswordHash::new(&ours).unwrap();
        assert!(Argon2::default().verify_password(b"correct horse battery", &parsed).is_ok());
    }

    #[tokio::test]
    async fn who_goes_away_before_the_work_begins_costs_no_hash() {
        let hasher = Hasher::new(DEAR, 1).unwrap();
        let begun = Arc::new(AtomicUsize::new(0));
        let job = |host: u8, held: Option<mpsc::Receiver<()>>| {
            let (hasher, begun) = (hasher.clone(), begun.clone());
            tokio::spawn(async move {
                let work = move |_: &Worker| {
                    begun.fetch_add(1, Ordering::SeqCst);
                    held.map(|held| held.recv());
                    Ok(())
                };
                hasher.permit(&format!("192.0.2.{host}")).await?.run(work).await
            })
        };
        let until = async |load: HashingLoad| {
            while hasher.load() != load {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        let (release, held) = mpsc::channel();
        let first = job(1, Some(held));
        until(HashingLoad { waiting: 0, working: 1 }).await;
        let leaving: Vec<_> = (2..7).map(|host| job(host, None)).collect();
        until(HashingLoad { waiting: 5, working: 1 }).await;
        leaving.iter().for_each(tokio::task::JoinHandle::abort);
        for left in leaving {
            assert!(left.await.is_err_and(|error| error.is_cancelled()));
        }
        release.send(()).unwrap();
        first.await.unwrap().unwrap();
        job(1, None).await.unwrap().unwrap();
        assert_eq!(begun.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn a_panic_in_one_job_leaves_the_thread_for_the_next() {
        let hasher = Hasher::new(CHEAP, 1).unwrap();
        let lost: Result<(), _> = hasher.permit("").await.unwrap().run(|_| panic!("on purpose")).await;
        assert_eq!(lost, Err(AppError::Internal));
        assert!(hasher.permit("").await.unwrap().hash("correct horse battery".into()).await.is_ok());
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(hasher.load(), HashingLoad { waiting: 0, working: 0 });
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn hashing_has_a_lower_priority_and_nothing_else_does() {
        use rustix::process::getpriority_process;
        let hasher = Hasher::new(CHEAP, 1).unwrap();
        let ours = getpriority_process(None).unwrap();
        let theirs = hasher.permit("").await.unwrap().run(|_| Ok(getpriority_process(None).unwrap())).await.unwrap();
        assert_eq!(theirs, worker::NICENESS.max(ours));
        assert_eq!(getpriority_process(None).unwrap(), ours);
    }
}
