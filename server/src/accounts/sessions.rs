//! Sessions: how they begin, how long they live, how a request is known by its token.

use super::{Token, cookie, token::public_id};
use crate::{
    clock::Clock,
    store::{NewSession, Store},
};
use app::{
    AppError,
    services::{Session, SessionId, Visitor},
};
use axum::http::{HeaderMap, HeaderValue};
use std::{sync::Arc, time::Duration};

/// `last_seen_at` is written at most this often (seconds), so that reading stays reading.
const RENEWAL_SECONDS: i64 = 60;

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
}

impl Sessions {
    /// Puts the parts together.
    pub fn new(store: Store, clock: Arc<dyn Clock>, policy: Policy) -> Self {
        Self { store, clock, policy }
    }

    /// Who is asking: opens the session that the request's token names. No token, no query.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when the database does not answer: then nobody is let in.
    pub async fn identify(&self, headers: &HeaderMap) -> Result<Visitor, AppError> {
        let now = self.clock.now();
        let Some(token) = cookie::token_from(headers) else {
            return Ok(Visitor { session: None, stale: false, now });
        };
        let found = self.store.find_session(token.id, now).await?;
        let Some(mut stored) = found.filter(|stored| token.matches(&stored.secret_hash)) else {
            return Ok(Visitor { session: None, stale: true, now });
        };
        // A short idle time is renewed in time as well.
        let due = RENEWAL_SECONDS.min(stored.idle_seconds / 4);
        if now - stored.last_seen_at >= due && now > stored.last_seen_at {
            stored.expires_at = stored.ends_at.min(now + stored.idle_seconds);
            self.store.renew_session(token.id, now, stored.expires_at).await?;
        }
        let session = Session {
            id: token.id,
            public_id: public_id(token.id),
            user: stored.user,
            created_at: stored.created_at,
            expires_at: stored.expires_at,
            ends_at: stored.ends_at,
        };
        Ok(Visitor { session: Some(session), stale: false, now })
    }

    /// Starts a user's session under a new token and returns the `Set-Cookie` line. The visitor's earlier session
    /// becomes the new one, values and all, if it was anonymous or the same user's; another user's is ended.
    ///
    /// # Errors
    /// [`AppError::Unavailable`], [`AppError::Internal`] without randomness.
    pub async fn start(&self, user_id: i64, earlier: Option<&Session>, keep: bool) -> Result<HeaderValue, AppError> {
        let lifetime = if keep { self.policy.kept } else { self.policy.ordinary };
        let (token, new) = self.draw(Some(user_id), lifetime)?;
        let rotated = match earlier {
            Some(session) if session.user.as_ref().is_none_or(|user| user.id == user_id) => {
                self.store.rotate_session(session.id, &new).await?
            }
            Some(session) => {
                self.store.delete_session(session.id).await?;
                false
            }
            None => false,
        };
        if !rotated {
            self.store.add_session(&new).await?;
        }
        Ok(cookie::line(&token, keep.then(|| seconds(lifetime.absolute))))
    }

    /// Starts a session that belongs to nobody yet.
    ///
    /// # Errors
    /// As [`Sessions::start`].
    pub async fn start_anonymous(&self) -> Result<(SessionId, HeaderValue), AppError> {
        let (token, new) = self.draw(None, self.policy.ordinary)?;
        self.store.add_session(&new).await?;
        Ok((token.id, cookie::line(&token, None)))
    }

    fn draw(&self, user_id: Option<i64>, lifetime: Lifetime) -> Result<(Token, NewSession), AppError> {
        let token = Token::random().map_err(|cause| {
            tracing::error!(%cause, "no randomness");
            AppError::Internal
        })?;
        let now = self.clock.now();
        let new = NewSession {
            id: token.id,
            secret_hash: token.secret_hash(),
            user_id,
            now,
            idle_seconds: seconds(lifetime.idle),
            ends_at: now + seconds(lifetime.absolute),
        };
        Ok((token, new))
    }

    /// Ends a session in the database: its token opens nothing from now on.
    ///
    /// # Errors
    /// [`AppError::Unavailable`]: the session may still live.
    pub async fn end(&self, session: &Session) -> Result<(), AppError> {
        Ok(self.store.delete_session(session.id).await?)
    }

    /// Deletes the rows of sessions that have ended, in small batches, so that no request waits for it.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    pub async fn sweep(&self) -> Result<u64, AppError> {
        const BATCH: i64 = 500;
        let mut swept = 0;
        loop {
            let deleted = self.store.delete_ended_sessions(self.clock.now(), BATCH).await?;
            swept += deleted;
            if deleted == 0 {
                return Ok(swept);
            }
            tokio::task::yield_now().await;
        }
    }
}

fn seconds(span: Duration) -> i64 {
    i64::try_from(span.as_secs()).unwrap_or(i64::MAX / 2)
}
