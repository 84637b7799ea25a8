//! Hashes a password at a cost of the visitor's choice, within bounds, one at a time, and after those of the accounts.

use crate::accounts::Hasher;
use app::{
    AppError,
    experiments::test_account::{HASH_ITERATIONS_LIMIT, HASH_MEMORY_LIMIT_KIB, Hashed},
};
use argon2::{Algorithm, Argon2, Params, Version, password_hash::PasswordHasher};
use std::{sync::Arc, time::Instant};
use tokio::sync::Semaphore;

/// Most bytes of a password.
const LONGEST_PASSWORD: usize = 128;

/// How many requests may wait or be at work at once.
const PLACES: usize = 8;

/// Hashes on request; clones take turns.
#[derive(Clone)]
pub struct Hashing {
    hasher: Hasher,
    places: Arc<Semaphore>,
    turn: Arc<Semaphore>,
}

impl Hashing {
    /// On the threads of this hasher.
    pub fn on(hasher: Hasher) -> Self {
        Self { hasher, places: Arc::new(Semaphore::new(PLACES)), turn: Arc::new(Semaphore::new(1)) }
    }

    /// Hashes with argon2id (RFC 9106) and a salt of its own.
    ///
    /// # Errors
    /// [`AppError::BadRequest`] outside the bounds, [`AppError::Busy`] while too many wait.
    pub async fn hash(&self, password: String, memory_kib: u32, iterations: u32) -> Result<Hashed, AppError> {
        let in_bounds = (8..=HASH_MEMORY_LIMIT_KIB).contains(&memory_kib)
            && (1..=HASH_ITERATIONS_LIMIT).contains(&iterations)
            && password.len() <= LONGEST_PASSWORD;
        if !in_bounds {
            return Err(AppError::BadRequest);
        }
        let params = Params::new(memory_kib, iterations, 1, None).map_err(|_| AppError::BadRequest)?;
        let place = self.places.clone().try_acquire_owned().map_err(|_| AppError::Busy)?;
        let turn = self.turn.clone().acquire_owned().await.map_err(|_| AppError::Busy)?;
        let work = move || {
            let _held = (place, turn);
            let began = Instant::now();
            let hash = Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password(password.as_bytes())?;
            let micros = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
            Ok(Hashed { phc: hash.to_string(), micros, memory_kib })
        };
        self.hasher.run_aside(work).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::HashCost;

    fn hashing() -> Hashing {
        Hashing::on(Hasher::new(HashCost { memory_kib: 64, iterations: 1 }, 1).unwrap())
    }

    #[tokio::test]
    async fn one_password_hashed_twice_gives_two_hashes_that_say_what_they_cost() {
        let hashing = hashing();
        let (one, other) = (hashing.hash("tea".into(), 64, 2).await, hashing.hash("tea".into(), 64, 2).await);
        let (one, other) = (one.unwrap(), other.unwrap());
        assert_ne!(one.phc, other.phc);
        assert!(one.phc.starts_with("$argon2id$v=19$m=64,t=2,p=1$"), "{}", one.phc);
    }

    #[tokio::test]
    async fn what_costs_too_much_is_refused() {
        let hashing = hashing();
        for (memory, iterations) in [(65_537, 1), (7, 1), (64, 7), (64, 0)] {
            assert_eq!(hashing.hash("tea".into(), memory, iterations).await, Err(AppError::BadRequest));
        }
        assert_eq!(hashing.hash("x".repeat(129), 64, 1).await, Err(AppError::BadRequest));
    }

    #[tokio::test]
    async fn who_finds_too_many_waiting_is_told_to_come_back() {
        let hashing = hashing();
        let waiting = hashing.places.clone().try_acquire_many_owned(8).unwrap();
        assert_eq!(hashing.hash("tea".into(), 64, 1).await, Err(AppError::Busy));
        drop(waiting);
        assert!(hashing.hash("tea".into(), 64, 1).await.is_ok());
    }
}
