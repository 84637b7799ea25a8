//! One hashing thread: argon2id over memory of its own, at a lower priority than the threads that answer requests.

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::{
        self, CustomizedPasswordHasher, PasswordHasher,
        phc::{Output, ParamsString, PasswordHash, Salt},
    },
};
use std::cell::RefCell;

/// The nice value of the hashing threads on Linux: under a flood of log-ins pages stay fast, and hashing still gets every
/// cycle that is left over.
#[cfg(target_os = "linux")]
pub(super) const NICENESS: i32 = 10;

/// The hasher cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("argon2 does not take this cost: {0}")]
pub struct HasherError(String);

impl HasherError {
    pub(super) fn new(cause: impl ToString) -> Self {
        Self(cause.to_string())
    }
}

/// What a hashing thread is asked to do.
pub(super) type Job = Box<dyn FnOnce(&Worker) + Send>;

/// One thread's argon2, with memory that it keeps: fresh memory would cost a page fault for each 4 KiB of each hash.
pub(super) struct Worker {
    /// Today's cost.
    pub params: Params,
    memory: RefCell<Vec<Block>>,
}

impl Worker {
    pub fn new(params: Params) -> Result<Self, HasherError> {
        let mut memory = Vec::new();
        memory.try_reserve_exact(params.block_count()).map_err(HasherError::new)?;
        memory.resize(params.block_count(), Block::new());
        Ok(Self { params, memory: RefCell::new(memory) })
    }

    /// Hashes a password at today's cost, into a PHC string with a salt of its own.
    pub fn hash(&self, password: &[u8]) -> Result<String, password_hash::Error> {
        Ok(self.hash_password(password)?.to_string())
    }
}

impl PasswordHasher<PasswordHash> for Worker {
    fn hash_password_with_salt(&self, password: &[u8], salt: &[u8]) -> password_hash::Result<PasswordHash> {
        self.hash_password_customized(password, salt, None, None, self.params.clone())
    }
}

/// As argon2's own implementation, but in the memory that is there already. `verify_password` works by it too.
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

/// Lowers the calling thread's priority, where the system has one for each thread and lets the process change it.
pub(in crate::accounts) fn lower_priority() {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(None, NICENESS);
}
