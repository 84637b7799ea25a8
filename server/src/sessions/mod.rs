//! Sessions: how they begin, how long they live, and how a token opens one. Accounts, bench and experiments stand on them.

mod token;

use crate::{
    clock::{Ahead, Clock},
    counters::by_network,
    ids::write_id,
    store::{NewSession, Rule, Store, StoreError, StoredSession},
};
use app::{
    AppError,
    request::{Caller, Session, Visitor},
    sessions::IssuedSession,
    sessions::SessionId,
};
use moka::sync::Cache;
use std::{sync::Arc, time::Duration};
pub use token::Token;
use tokio::sync::RwLock;

/// `last_seen_at` is written at most this often (seconds), so that reading stays reading.
const RENEWAL_SECONDS: i64 = 60;
/// Sessions that may be renewed at once, and how long a renewal may take.
const RENEWALS: u64 = 100_000;
const RENEWAL_PATIENCE: Duration = Duration::from_secs(10);

/// How long a session lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// How long it may go without a request.
    pub idle: Duration,
    /// How long it lives at most.
    pub absolute: Duration,
}

/// The lifetimes of the two kinds of session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Of ordinary log-ins and of anonymous sessions.
    pub ordinary: Lifetime,
    /// Of log-ins with "Keep me logged in".
    pub kept: Lifetime,
}

/// The rules of sessions, over the store.
#[derive(Clone)]
pub struct Sessions {
    store: Store,
    clock: Arc<dyn Clock>,
    policy: Policy,
    /// How often one network may start anonymous sessions.
    anonymous: Rule,
    renewing: Cache<SessionId, ()>,
    /// Each renewal under way holds it for reading.
    renewals: Arc<RwLock<()>>,
}

impl Sessions {
    /// Puts the parts together.
    pub fn new(store: Store, clock: Arc<dyn Clock>, policy: Policy, anonymous: Rule) -> Self {
        let renewing = Cache::builder().max_capacity(RENEWALS).time_to_live(RENEWAL_PATIENCE).build();
        Self { store, clock, policy, anonymous, renewing, renewals: Arc::default() }
    }

    /// Opens the session of whoever sends a request with these tokens: the first token that opens one counts. Each token costs
    /// a query until then; without tokens there is none. A background poll does not count as use of the session.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when the database does not answer: then nobody is let in.
    pub async fn identify(
        &self,
        tokens: &[Token],
        caller: Caller,
        is_background_poll: bool,
    ) -> Result<Visitor, AppError> {
        let now = self.clock.now();
        let Some((token, mut stored)) = self.open_first(tokens, now).await? else {
            return Ok(Visitor { session: None, stale: !tokens.is_empty(), now, caller });
        };
        // Where the idle time is short, the renewal is due sooner.
        let due = RENEWAL_SECONDS.min(stored.idle_seconds / 4);
        if !is_background_poll && now - stored.last_seen_at >= due && now > stored.last_seen_at {
            stored.expires_at = stored.ends_at.min(now + stored.idle_seconds);
            self.renew_later(token.id, now, stored.expires_at, &caller.address);
        }
        let session = Session {
            id: token.id,
            public_id: write_id(token.id.0),
            user: stored.user,
            created_at: stored.created_at,
            expires_at: stored.expires_at,
            ends_at: stored.ends_at,
            confirmed_at: stored.confirmed_at,
            kept: stored.kept,
        };
        Ok(Visitor { session: Some(session), stale: false, now, caller })
    }

    /// Writes that a session was used. The answer does not wait for it, since it would wait for SQLite's one writer. Where
    /// writing fails, the next request tries again.
    fn renew_later(&self, id: SessionId, now: i64, expires_at: i64, address: &str) {
        let Ok(under_way) = self.renewals.clone().try_read_owned() else { return };
        // Each session has one renewal under way at most, however many requests come meanwhile.
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

    /// The first token that opens a session, and that session.
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

    /// Starts an anonymous session.
    ///
    /// # Errors
    /// [`AppError::TooManyAttempts`], [`AppError::Unavailable`], [`AppError::Internal`] without randomness.
    pub async fn start_anonymous(&self, caller: &Caller) -> Result<IssuedSession, AppError> {
        let counters = by_network("session", &caller.address, self.anonymous);
        self.store.count_attempt(&counters, self.clock.now()).await?;
        let (token, new) = self.draw(None, self.clock.now(), false, caller)?;
        self.store.add_session(&new).await?;
        Ok(self.issue(&token, false))
    }

    /// Draws a token, and makes the session that it is to open; nothing is stored yet.
    ///
    /// # Errors
    /// [`AppError::Internal`] without randomness.
    pub(crate) fn draw(
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

    /// The session under a token that was drawn. The cookie of a kept session lives exactly as long as its row may.
    pub(crate) fn issue(&self, token: &Token, kept: bool) -> IssuedSession {
        let max_age = kept.then(|| seconds(self.policy.kept.absolute));
        IssuedSession { id: token.id, token: token.reveal(), max_age }
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
}

/// Deletes at most `most` sessions that have ended; returns how many.
///
/// # Errors
/// [`StoreError::Database`].
pub(crate) async fn sweep(store: &Store, now: i64, most: i64) -> Result<u64, StoreError> {
    store.delete_ended_sessions(now, most).await
}

fn seconds(span: Duration) -> i64 {
    i64::try_from(span.as_secs()).unwrap_or(i64::MAX / 2)
}
