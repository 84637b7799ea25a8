//! Password hashing with argon2id, on threads of its own: one for each core, each with memory that it keeps, all of them at
//! a lower priority than the threads that answer requests. Who waits for one is settled by [`queue`].

mod queue;
mod stand_in;

use app::AppError;
use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::{
        self, CustomizedPasswordHasher, PasswordHasher, PasswordVerifier,
        phc::{Output, ParamsString, PasswordHash, Salt},
    },
};
pub(crate) use queue::Turn;
use queue::{Jobs, Permit, Places, Queue};
use secrecy::{ExposeSecret, SecretString};
pub(crate) use stand_in::AFTER_COST;
pub use stand_in::CostShare;
use stand_in::StandIns;
use std::{
    cell::RefCell,
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
    jobs: Jobs,
    places: Places,
    working: Arc<AtomicUsize>,
    stand_ins: StandIns,
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
        let (jobs, queue) = queue::new();
        let queue = Arc::new(Mutex::new(queue));
        let working = Arc::new(AtomicUsize::new(0));
        let first = Worker::new(params.clone())?;
        let stand_ins = StandIns::of(&first.hash(b"nobody has this password").map_err(HasherError::new)?);
        for worker in iter::once(Ok(first)).chain((1..threads).map(|_| Worker::new(params.clone()))) {
            let (worker, queue, working) = (worker?, queue.clone(), working.clone());
            let run = move || worker.run(&queue, &working);
            thread::Builder::new().name("hashing".into()).spawn(run).map_err(HasherError::new)?;
        }
        Ok(Self { params, threads, jobs, places: Places::new(threads), working, stand_ins })
    }

    /// Waits for a place for a request from this address, before anything else is done for it: who finds none costs nothing.
    ///
    /// # Errors
    /// [`AppError::Busy`] when too many wait already, or for too long.
    pub(super) async fn place(&self, address: &str) -> Result<Place, AppError> {
        let permit = Arc::new(self.places.take(address).await?);
        Ok(Place { permit, jobs: self.jobs.clone(), stand_ins: self.stand_ins.clone() })
    }

    /// Waits for this address's turn alone, for what asks in its name under other addresses.
    ///
    /// # Errors
    /// As [`Hasher::place`].
    pub(super) async fn turn(&self, address: &str) -> Result<Turn, AppError> {
        self.places.turn(address).await
    }

    /// Runs what hashes outside of any account, as soon as no account's password waits for a thread.
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

    /// What the stored hashes cost, so that an unknown name takes as long as a known one.
    pub fn know_costs(&self, shares: &[CostShare]) {
        self.stand_ins.learn(shares);
    }

    /// How busy the threads are at this moment.
    pub fn load(&self) -> HashingLoad {
        let taken = self.places.taken();
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

/// A place in the queue or at work, for one hash after the other.
pub(super) struct Place {
    permit: Arc<Permit>,
    jobs: Jobs,
    stand_ins: StandIns,
}

impl Place {
    /// Hashes a password into a PHC string with a salt of its own.
    ///
    /// # Errors
    /// [`AppError::Internal`] when hashing fails.
    pub async fn hash(&self, password: SecretString) -> Result<String, AppError> {
        self.run(move |worker| worker.hash(password.expose_secret().as_bytes())).await
    }

    /// Verifies a password against the stored hash of a name; without one, against a stand-in, and it is wrong.
    ///
    /// # Errors
    /// As [`Place::hash`].
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

/// A job that answers, and holds what it was given until then.
fn job<T: Send + 'static>(
    work: impl FnOnce(&Worker) -> Result<T, password_hash::Error> + Send + 'static,
    answer: oneshot::Sender<Result<T, password_hash::Error>>,
    held: impl Send + 'static,
) -> Job {
    Box::new(move |worker| {
        let _held = held;
        // Nobody waits any longer: a client that hangs up costs no hash, unless it has begun.
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
    fn run(&self, queue: &Mutex<Queue>, working: &AtomicUsize) {
        stand_back();
        loop {
            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some(job) = next else { return };
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
pub(super) fn stand_back() {
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
        let one = hasher.place("").await.unwrap().hash("correct horse battery".into()).await.unwrap();
        let two = hasher.place("").await.unwrap().hash("correct horse battery".into()).await.unwrap();
        assert!(one.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{one}");
        assert_ne!(one, two);
    }

    #[tokio::test]
    async fn only_the_right_password_verifies_and_nobody_has_the_stand_in() {
        let hasher = Hasher::new(CHEAP, 1).unwrap();
        let stored = hasher.place("").await.unwrap().hash("correct horse battery".into()).await.unwrap();
        let right = hasher
            .place("")
            .await
            .unwrap()
            .verify("ada", "correct horse battery".into(), Some(stored.clone()))
            .await
            .unwrap();
        assert!(right.is_right && right.rehashed.is_none());
        assert!(
            !hasher
                .place("")
                .await
                .unwrap()
                .verify("ada", "correct horse batterx".into(), Some(stored))
                .await
                .unwrap()
                .is_right
        );
        assert!(
            !hasher
                .place("")
                .await
                .unwrap()
                .verify("ada", "nobody has this password".into(), None)
                .await
                .unwrap()
                .is_right
        );
    }

    #[tokio::test]
    async fn a_hash_of_another_cost_is_made_anew() {
        let old =
            Hasher::new(CHEAP, 1).unwrap().place("").await.unwrap().hash("correct horse battery".into()).await.unwrap();
        let hasher = Hasher::new(HashCost { memory_kib: 128, iterations: 1 }, 1).unwrap();
        let fresh = hasher
            .place("")
            .await
            .unwrap()
            .verify("ada", "correct horse battery".into(), Some(old))
            .await
            .unwrap()
            .rehashed
            .unwrap();
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
        let place = hasher.place("192.0.2.1").await.unwrap();
        let busy = async {
            let work = move |_: &Worker| {
                let _ = begun.send(());
                let _ = may_go_on.recv();
                Ok(())
            };
            place.run(work).await
        };
        let rest = async {
            // The one thread is at work from here on.
            while has_begun.try_recv().is_err() {
                tokio::task::yield_now().await;
            }
            let aside = hasher.run_aside(note("aside"));
            let account = note("account");
            let other = hasher.place("192.0.2.2").await.unwrap();
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
        assert!(
            hasher
                .place("")
                .await
                .unwrap()
                .verify("ada", "correct horse battery".into(), Some(stored.clone()))
                .await
                .unwrap()
                .is_right
        );
        assert!(
            !hasher
                .place("")
                .await
                .unwrap()
                .verify("ada", "correct horse batterx".into(), Some(stored))
                .await
                .unwrap()
                .is_right
        );
        let ours = hasher.place("").await.unwrap().hash("correct horse battery".into()).await.unwrap();
        let parsed = PasswordHash::new(&ours).unwrap();
        assert!(Argon2::default().verify_password(b"correct horse battery", &parsed).is_ok());
    }

    #[tokio::test]
    async fn who_goes_away_before_the_work_begins_costs_no_hash() {
        let hasher = Hasher::new(DEAR, 1).unwrap();
        let begun = Arc::new(AtomicUsize::new(0));
        let job = |host: u8, hold: Duration| {
            let (hasher, begun) = (hasher.clone(), begun.clone());
            tokio::spawn(async move {
                let work = move |_: &Worker| {
                    begun.fetch_add(1, Ordering::SeqCst);
                    thread::sleep(hold);
                    Ok(())
                };
                hasher.place(&format!("192.0.2.{host}")).await?.run(work).await
            })
        };
        let first = job(1, Duration::from_millis(200));
        tokio::time::sleep(Duration::from_millis(50)).await;
        let leaving: Vec<_> = (2..7).map(|host| job(host, Duration::ZERO)).collect();
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(hasher.load(), HashingLoad { waiting: 5, working: 1 });
        leaving.iter().for_each(tokio::task::JoinHandle::abort);
        first.await.unwrap().unwrap();
        job(1, Duration::ZERO).await.unwrap().unwrap();
        assert_eq!(begun.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn a_panic_in_one_job_leaves_the_thread_for_the_next() {
        let hasher = Hasher::new(CHEAP, 1).unwrap();
        let lost: Result<(), _> = hasher.place("").await.unwrap().run(|_| panic!("on purpose")).await;
        assert_eq!(lost, Err(AppError::Internal));
        assert!(hasher.place("").await.unwrap().hash("correct horse battery".into()).await.is_ok());
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(hasher.load(), HashingLoad { waiting: 0, working: 0 });
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn hashing_stands_back_and_nothing_else_does() {
        use rustix::process::getpriority_process;
        let hasher = Hasher::new(CHEAP, 1).unwrap();
        let ours = getpriority_process(None).unwrap();
        let theirs = hasher.place("").await.unwrap().run(|_| Ok(getpriority_process(None).unwrap())).await.unwrap();
        assert_eq!(theirs, NICENESS.max(ours));
        assert_eq!(getpriority_process(None).unwrap(), ours);
    }
}
