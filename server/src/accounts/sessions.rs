//! Sessions: how they begin, how long they live, how a request is known by its token.

use super::{Token, by_address, cookie, token::public_id};
use crate::{
    bench::TRIALS_KEPT_SECONDS,
    clock::{Ahead, Clock},
    store::{NewSession, Rule, Store, StoreError, StoredSession},
};
use app::{
    AppError,
    services::{Caller, Session, SessionId, Visitor},
};
use axum::http::{HeaderMap, HeaderValue};
use moka::sync::Cache;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::RwLock;

/// `last_seen_at` is written at most this often (seconds), so that reading stays reading.
const RENEWAL_SECONDS: i64 = 60;
/// Sessions that may be renewed at once, and how long a renewal may take.
const RENEWALS: u64 = 100_000;
const RENEWAL_PATIENCE: Duration = Duration::from_secs(10);
/// What happened to an account is kept for its owner for 180 days.
const EVENTS_KEPT_SECONDS: i64 = 180 * 86_400;
/// Rows of one kind that are swept away at once.
const SWEEP_BATCH: i64 = 500;
/// The sweep rests so many times as long as it works.
const SWEEP_PAUSES: u32 = 3;

/// How long a session lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// Without a request.
    pub idle: Duration,
    /// In any case.
    pub absolute: Duration,
}

/// The lifetimes of the two kinds of session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Log-ins as they come, and anonymous sessions.
    pub ordinary: Lifetime,
    /// "Keep me logged in".
    pub kept: Lifetime,
}

/// The rules of sessions, over the store.
#[derive(Clone)]
pub struct Sessions {
    store: Store,
    clock: Arc<dyn Clock>,
    policy: Policy,
    /// Anonymous sessions from one network.
    strangers: Rule,
    renewing: Cache<SessionId, ()>,
    /// Each renewal under way reads it.
    renewals: Arc<RwLock<()>>,
}

impl Sessions {
    /// Puts the parts together.
    pub fn new(store: Store, clock: Arc<dyn Clock>, policy: Policy, strangers: Rule) -> Self {
        let renewing = Cache::builder().max_capacity(RENEWALS).time_to_live(RENEWAL_PATIENCE).build();
        Self { store, clock, policy, strangers, renewing, renewals: Arc::default() }
    }

    /// Who is asking: opens the session that the request's token names, of several the first that names one. No token, no
    /// query. A `glance` does not count as use of the session.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when the database does not answer: then nobody is let in.
    pub async fn identify(&self, headers: &HeaderMap, caller: Caller, glance: bool) -> Result<Visitor, AppError> {
        let now = self.clock.now();
        let tokens = cookie::tokens_from(headers);
        let Some((token, mut stored)) = self.open_first(&tokens, now).await? else {
            return Ok(Visitor { session: None, stale: !tokens.is_empty(), now, caller });
        };
        // A short idle time is renewed in time as well.
        let due = RENEWAL_SECONDS.min(stored.idle_seconds / 4);
        if !glance && now - stored.last_seen_at >= due && now > stored.last_seen_at {
            stored.expires_at = stored.ends_at.min(now + stored.idle_seconds);
            self.renew_later(token.id, now, stored.expires_at, &caller.address);
        }
        let session = Session {
            id: token.id,
            public_id: public_id(token.id),
            user: stored.user,
            created_at: stored.created_at,
            expires_at: stored.expires_at,
            ends_at: stored.ends_at,
            confirmed_at: stored.confirmed_at,
            kept: stored.kept,
        };
        Ok(Visitor { session: Some(session), stale: false, now, caller })
    }

    /// Notes that a session was used, without making the answer wait: it would wait for SQLite's one writer. Where it fails
    /// the next request does it.
    fn renew_later(&self, id: SessionId, now: i64, expires_at: i64, address: &str) {
        let Ok(under_way) = self.renewals.clone().try_read_owned() else { return };
        // One at a time for each session, however many requests come meanwhile.
        if !self.renewing.entry(id).or_insert(()).is_fresh() {
            return;
        }
        let (store, renewing, address) = (self.store.clone(), self.renewing.clone(), address.to_owned());
        tokio::spawn(async move {
            if let Err(error) = store.renew_session(id, now, expires_at, &address).await {
                tracing::debug!(%error, "a session was not renewed");
            }
            renewing.invalidate(&id);
            drop(under_way);
        });
    }

    /// Waits for the renewals under way.
    pub async fn settle(&self) {
        drop(self.renewals.write().await);
    }

    /// The first of the tokens that opens a session, and that session. Each costs a query until one does.
    async fn open_first<'a>(
        &self,
        tokens: &'a [Token],
        now: i64,
    ) -> Result<Option<(&'a Token, StoredSession)>, StoreError> {
        for token in tokens {
            let found = self.store.find_session(token.id, now).await?;
            if let Some(stored) = found.filter(|stored| token.matches(&stored.secret_hash)) {
                return Ok(Some((token, stored)));
            }
        }
        Ok(None)
    }

    /// The same rules by a clock that is so many seconds ahead.
    #[must_use]
    pub(crate) fn later(&self, seconds: i64) -> Self {
        Self { clock: Arc::new(Ahead { clock: self.clock.clone(), seconds }), ..self.clone() }
    }

    /// Whether a session has not ended; asking does not count as use of it.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    pub async fn lives(&self, id: SessionId) -> Result<bool, AppError> {
        Ok(self.store.find_session(id, self.clock.now()).await?.is_some())
    }

    /// Starts a session that belongs to nobody yet and returns the `Set-Cookie` line.
    ///
    /// # Errors
    /// [`AppError::TooManyAttempts`], [`AppError::Unavailable`], [`AppError::Internal`] without randomness.
    pub async fn start_anonymous(&self, caller: &Caller) -> Result<(SessionId, HeaderValue), AppError> {
        let counters = by_address("session", &caller.address, self.strangers);
        self.store.count_attempt(&counters, self.clock.now()).await?;
        let (token, new) = self.draw(None, self.clock.now(), false, caller)?;
        self.store.add_session(&new).await?;
        Ok((token.id, self.hand_out(&token, false)))
    }

    /// Draws a token and the session that it opens; nothing is stored yet.
    ///
    /// # Errors
    /// [`AppError::Internal`] without randomness.
    pub(super) fn draw(
        &self,
        user_id: Option<i64>,
        created_at: i64,
        kept: bool,
        caller: &Caller,
    ) -> Result<(Token, NewSession), AppError> {
        let token = Token::random().map_err(|cause| {
            tracing::error!(%cause, "no randomness");
            AppError::Internal
        })?;
        let now = self.clock.now();
        let lifetime = self.lifetime(kept);
        let new = NewSession {
            id: token.id,
            secret_hash: token.secret_hash(),
            user_id,
            created_at,
            now,
            idle_seconds: seconds(lifetime.idle),
            ends_at: now + seconds(lifetime.absolute),
            kept,
            caller: caller.clone(),
        };
        Ok((token, new))
    }

    /// The `Set-Cookie` line for a token. The cookie of a kept session lives exactly as long as its row may.
    pub(super) fn hand_out(&self, token: &Token, kept: bool) -> HeaderValue {
        cookie::line(token, kept.then(|| seconds(self.policy.kept.absolute)))
    }

    fn lifetime(&self, kept: bool) -> Lifetime {
        if kept { self.policy.kept } else { self.policy.ordinary }
    }

    /// How many sessions live.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    pub async fn count(&self) -> Result<i64, AppError> {
        Ok(self.store.count_sessions(self.clock.now()).await?)
    }

    /// Deletes the rows of what has ended or is too old, in small batches with pauses, so that no request waits for it.
    /// Returns how many.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    pub async fn sweep(&self) -> Result<u64, AppError> {
        let now = self.clock.now();
        let mut swept = 0;
        loop {
            let began = Instant::now();
            let deleted = self.store.delete_ended_sessions(now, SWEEP_BATCH).await?
                + self.store.delete_old_events(now - EVENTS_KEPT_SECONDS, SWEEP_BATCH).await?
                + self.store.delete_old_attempts(now, SWEEP_BATCH).await?
                + self.store.delete_old_trials(now - TRIALS_KEPT_SECONDS, SWEEP_BATCH).await?
                + self.store.delete_ended_subjects(now, SWEEP_BATCH).await?;
            swept += deleted;
            if deleted == 0 {
                self.store.give_back_space().await?;
                return Ok(swept);
            }
            tokio::time::sleep(began.elapsed() * SWEEP_PAUSES).await;
        }
    }
}

fn seconds(span: Duration) -> i64 {
    i64::try_from(span.as_secs()).unwrap_or(i64::MAX / 2)
}
