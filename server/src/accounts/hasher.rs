//! Password hashing with argon2id, on threads of its own behind a bounded queue: one thread for each core, each with
//! memory that it keeps, all of them at a lower priority than the threads that answer requests.

use app::AppError;
use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::{
        self, CustomizedPasswordHasher, PasswordHasher, PasswordVerifier,
        phc::{Output, ParamsString, PasswordHash, Salt},
    },
};
use secrecy::{ExposeSecret, SecretString};
use std::{
    cell::RefCell,
    iter,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

/// How many may wait for each hashing thread before others are told to come back.
const WAITING_PER_THREAD: usize = 16;
/// How far the hashing threads stand back (Linux' nice value): under a flood of log-ins pages stay fast, and hashing
/// still gets every cycle that is left over.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

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

/// The hasher cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("argon2 does not take this cost: {0}")]
pub struct HasherError(String);

impl HasherError {
    fn new(cause: impl ToString) -> Self {
        Self(cause.to_string())
    }
}

/// Hashes and verifies with argon2id. The threads end with the last clone.
#[derive(Clone)]
pub struct Hasher {
    params: Params,
    threads: usize,
    jobs: mpsc::Sender<Job>,
    /// One for each job in the queue or at work.
    places: Arc<Semaphore>,
    working: Arc<AtomicUsize>,
    /// Stands in for an unknown user's hash, so that the answer takes the same time.
    dummy: Arc<str>,
}

/// What a hashing thread is asked to do.
type Job = Box<dyn FnOnce(&Worker) + Send>;

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
        let (jobs, queue) = mpsc::channel();
        let queue = Arc::new(Mutex::new(queue));
        let working = Arc::new(AtomicUsize::new(0));
        let first = Worker::new(params.clone())?;
        let dummy = first.hash(b"nobody has this password").map_err(HasherError::new)?;
        for worker in iter::once(Ok(first)).chain((1..threads).map(|_| Worker::new(params.clone()))) {
            let (worker, queue, working) = (worker?, queue.clone(), working.clone());
            let run = move || worker.run(&queue, &working);
            thread::Builder::new().name("hashing".into()).spawn(run).map_err(HasherError::new)?;
        }
        let places = Arc::new(Semaphore::new(threads * (1 + WAITING_PER_THREAD)));
        Ok(Self { params, threads, jobs, places, working, dummy: dummy.into() })
    }

    /// Takes a place among those who wait, before anything else is done for them: who finds none costs nothing.
    ///
    /// # Errors
    /// [`AppError::Busy`] when too many wait already.
    pub(super) fn place(&self) -> Result<Place, AppError> {
        let permit = self.places.clone().try_acquire_owned().map_err(|_| AppError::Busy)?;
        Ok(Place { permit, jobs: self.jobs.clone(), dummy: self.dummy.clone() })
    }

    /// How busy the threads are at this moment.
    pub fn load(&self) -> HashingLoad {
        let taken = self.threads * (1 + WAITING_PER_THREAD) - self.places.available_permits();
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

/// A place in the queue or at work.
pub(super) struct Place {
    permit: OwnedSemaphorePermit,
    jobs: mpsc::Sender<Job>,
    dummy: Arc<str>,
}

impl Place {
    /// Hashes a password into a PHC string with a salt of its own.
    ///
    /// # Errors
    /// [`AppError::Internal`] when hashing fails.
    pub async fn hash(self, password: SecretString) -> Result<String, AppError> {
        self.run(move |worker| worker.hash(password.expose_secret().as_bytes())).await
    }

    /// Verifies a password against a stored hash; without one, against the stand-in, and it is wrong.
    ///
    /// # Errors
    /// As [`Place::hash`].
    pub async fn verify(self, password: SecretString, stored: Option<String>) -> Result<Checked, AppError> {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.dummy.to_string());
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
        self,
        work: impl FnOnce(&Worker) -> Result<T, password_hash::Error> + Send + 'static,
    ) -> Result<T, AppError> {
        let Self { permit, jobs, .. } = self;
        let (answer, answered) = oneshot::channel();
        let job = Box::new(move |worker: &Worker| {
            let _permit = permit;
            // Nobody waits any longer: a client that hangs up costs no hash, unless it has begun.
            if !answer.is_closed() {
                let _ = answer.send(work(worker));
            }
        });
        jobs.send(job).map_err(|_| AppError::Internal)?;
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
}

/// One thread's argon2, with memory that it keeps: fresh memory would cost a page fault for each 4 KiB of each hash.
struct Worker {
    params: Params,
    memory: RefCell<Vec<Block>>,
}

impl Worker {
    fn new(params: Params) -> Result<Self, HasherError> {
        let mut memory = Vec::new();
        memory.try_reserve_exact(params.block_count()).map_err(HasherError::new)?;
        memory.resize(params.block_count(), Block::new());
        Ok(Self { params, memory: RefCell::new(memory) })
    }

    fn hash(&self, password: &[u8]) -> Result<String, password_hash::Error> {
        Ok(self.hash_password(password)?.to_string())
    }

    /// Takes jobs until there is nobody left to send one.
    fn run(&self, queue: &Mutex<mpsc::Receiver<Job>>, working: &AtomicUsize) {
        stand_back();
        loop {
            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(job) = next else { return };
            working.fetch_add(1, Ordering::Relaxed);
            // The panic is in the log by its hook; its job gets no answer, and the thread goes on.
            let _ = catch_unwind(AssertUnwindSafe(|| job(self)));
            working.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

impl PasswordHasher<PasswordHash> for Worker {
    fn hash_password_with_salt(&self, password: &[u8], salt: &[u8]) -> password_hash::Result<PasswordHash> {
        self.hash_password_customized(password, salt, None, None, self.params.clone())
    }
}

/// As argon2's own, but in the memory that is there already. By it `verify_password` works too.
impl CustomizedPasswordHasher<PasswordHash> for Worker {
    type Params = Params;

    fn hash_password_customized(
        &self,
        password: &[u8],
        salt: &[u8],
        algorithm: Option<&str>,
        version: Option<u32>,
        params: Params,
    ) -> password_hash::Result<PasswordHash> {
        let algorithm = algorithm.map_or(Ok(Algorithm::Argon2id), Algorithm::try_from)?;
        let version = version.map_or(Ok(Version::V0x13), Version::try_from)?;
        let salt = Salt::new(salt)?;
        let mut buffer = [0; Output::MAX_LENGTH];
        let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
        let output = buffer.get_mut(..length).ok_or(password_hash::Error::OutputSize)?;
        let mut memory = self.memory.try_borrow_mut().map_err(|_| password_hash::Error::Internal)?;
        // A stored hash may have cost more than today's.
        if memory.len() < params.block_count() {
            memory.resize(params.block_count(), Block::new());
        }
        Argon2::new(algorithm, version, params.clone()).hash_password_into_with_memory(
            password,
            &salt,
            output,
            memory.as_mut_slice(),
        )?;
        Ok(PasswordHash {
            algorithm: algorithm.ident(),
            version: Some(version.into()),
            params: ParamsString::try_from(&params)?,
            salt: Some(salt),
            hash: Some(Output::new(output)?),
        })
    }
}

/// Lowers the calling thread's priority where the system knows one for each thread; where it does not or may not, the
/// thread works as any other.
fn stand_back() {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(None, NICENESS);
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: HashCost = HashCost { memory_kib: 64, iterations: 1 };
    const DEAR: HashCost = HashCost { memory_kib: 8_192, iterations: 4 };

    #[tokio::test]
    async fn the_hash_is_a_phc_string_with_its_own_salt() {
        let hasher = Hasher::new(CHEAP, 1).unwrap();
        let one = hasher.place().unwrap().hash("correct horse battery".into()).await.unwrap();
        let two = hasher.place().unwrap().hash("correct horse battery".into()).await.unwrap();
        assert!(one.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{one}");
        assert_ne!(one, two);
    }

    #[tokio::test]
    async fn only_the_right_password_verifies_and_nobody_has_the_stand_in() {
        let hasher = Hasher::new(CHEAP, 1).unwrap();
        let stored = hasher.place().unwrap().hash("correct horse battery".into()).await.unwrap();
        let right = hasher.place().unwrap().verify("correct horse battery".into(), Some(stored.clone())).await.unwrap();
        assert!(right.is_right && right.rehashed.is_none());
        assert!(!hasher.place().unwrap().verify("correct horse batterx".into(), Some(stored)).await.unwrap().is_right);
        assert!(!hasher.place().unwrap().verify("nobody has this password".into(), None).await.unwrap().is_right);
    }

    #[tokio::test]
    async fn a_hash_of_another_cost_is_made_anew() {
        let old = Hasher::new(CHEAP, 1).unwrap().place().unwrap().hash("correct horse battery".into()).await.unwrap();
        let hasher = Hasher::new(HashCost { memory_kib: 128, iterations: 1 }, 1).unwrap();
        let fresh =
            hasher.place().unwrap().verify("correct horse battery".into(), Some(old)).await.unwrap().rehashed.unwrap();
        assert!(fresh.starts_with("$argon2id$v=19$m=128,t=1,p=1$"), "{fresh}");
    }

    #[tokio::test]
    async fn past_the_queue_the_server_says_that_it_is_busy() {
        let hasher = Hasher::new(DEAR, 1).unwrap();
        let all: Vec<_> = (0..WAITING_PER_THREAD + 9)
            .map(|_| {
                let hasher = hasher.clone();
                tokio::spawn(async move { hasher.place()?.hash("correct horse battery".into()).await })
            })
            .collect();
        let mut refused = 0;
        for one in all {
            refused += usize::from(one.await.unwrap() == Err(AppError::Busy));
        }
        assert_eq!(refused, 8);
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
        assert!(
            hasher
                .place()
                .unwrap()
                .verify("correct horse battery".into(), Some(stored.clone()))
                .await
                .unwrap()
                .is_right
        );
        assert!(!hasher.place().unwrap().verify("correct horse batterx".into(), Some(stored)).await.unwrap().is_right);
        let ours = hasher.place().unwrap().hash("correct horse battery".into()).await.unwrap();
        let parsed = PasswordHash::new(&ours).unwrap();
        assert!(Argon2::default().verify_password(b"correct horse battery", &parsed).is_ok());
    }

    #[tokio::test]
    async fn who_goes_away_before_the_work_begins_costs_no_hash() {
        let hasher = Hasher::new(DEAR, 1).unwrap();
        let begun = Arc::new(AtomicUsize::new(0));
        let job = |hold: Duration| {
            let (hasher, begun) = (hasher.clone(), begun.clone());
            tokio::spawn(async move {
                let work = move |_: &Worker| {
                    begun.fetch_add(1, Ordering::SeqCst);
                    thread::sleep(hold);
                    Ok(())
                };
                hasher.place()?.run(work).await
            })
        };
        let first = job(Duration::from_millis(200));
        tokio::time::sleep(Duration::from_millis(50)).await;
        let leaving: Vec<_> = (0..5).map(|_| job(Duration::ZERO)).collect();
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(hasher.load(), HashingLoad { waiting: 5, working: 1 });
        leaving.iter().for_each(tokio::task::JoinHandle::abort);
        first.await.unwrap().unwrap();
        job(Duration::ZERO).await.unwrap().unwrap();
        assert_eq!(begun.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn a_panic_in_one_job_leaves_the_thread_for_the_next() {
        let hasher = Hasher::new(CHEAP, 1).unwrap();
        let lost: Result<(), _> = hasher.place().unwrap().run(|_| panic!("on purpose")).await;
        assert_eq!(lost, Err(AppError::Internal));
        assert!(hasher.place().unwrap().hash("correct horse battery".into()).await.is_ok());
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(hasher.load(), HashingLoad { waiting: 0, working: 0 });
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn hashing_stands_back_and_nothing_else_does() {
        use rustix::process::getpriority_process;
        let hasher = Hasher::new(CHEAP, 1).unwrap();
        let ours = getpriority_process(None).unwrap();
        let theirs = hasher.place().unwrap().run(|_| Ok(getpriority_process(None).unwrap())).await.unwrap();
        assert_eq!(theirs, NICENESS.max(ours));
        assert_eq!(getpriority_process(None).unwrap(), ours);
    }
}
