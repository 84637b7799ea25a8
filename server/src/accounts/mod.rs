//! Accounts: the six steps from sign-up to the guarded page, and what an owner can do there, behind the port that `app`
//! declares.

mod breached_passwords;
mod device;
mod hasher;
mod password;
mod pattern;
mod reset;
mod strength;
mod throttle;

use crate::{
    clock::Clock,
    ids::{read_id, write_id},
    metrics,
    push::{Change, Hub},
    sessions::Sessions,
    store::{
        AttemptReset, NewTestAccount, PreviousSession, SessionStart, Store, StoreError, StoredEvent, StoredSession,
        StoredUser,
    },
};
use app::{
    AppError,
    accounts::{Event, EventKind, Export, ExportedSession, OpenSession, Profile, Strength, Username, port::Accounts},
    request::{Caller, Session, Visitor},
    sessions::IssuedSession,
    sessions::SessionId,
};
use async_trait::async_trait;
use hasher::{Checked, HashPermit, NetworkPermit};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use strength::Meter;
use throttle::Throttle;

pub use device::in_words as device_in_words;
pub use hasher::{HashCost, Hasher, HasherError, HashingLoad};
pub use reset::{RESET_SECONDS, ResetCode};
pub use throttle::Limits;

/// How long a confirmed password is good for, in seconds.
const CONFIRMED_FOR: i64 = 5 * 60;
/// A sign-up that comes again within so many seconds, from the same place and with the same password, is the same one.
const SAME_SIGN_UP_FOR: i64 = 5 * 60;
/// How many of its latest events an account's page shows.
const EVENTS_SHOWN: i64 = 100;
/// All of an account's events: more are not kept.
const ALL_EVENTS: i64 = 10_000;
/// What happened to an account is kept for its owner for 180 days.
const EVENTS_KEPT_SECONDS: i64 = 180 * 86_400;

/// The rules of sign-up, log-in, log-out and of the account page.
pub struct AccountService {
    store: Store,
    clock: Arc<dyn Clock>,
    sessions: Sessions,
    hasher: Hasher,
    throttle: Throttle,
    meter: Meter,
    hub: Hub,
}

/// A user whose password was right.
struct Known {
    user: StoredUser,
    /// The hash at today's cost, when the stored one had another.
    rehashed: Option<String>,
    attempt_reset: AttemptReset,
}

impl AccountService {
    /// Puts the parts together.
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        sessions: Sessions,
        hasher: Hasher,
        limits: Limits,
        hub: Hub,
    ) -> Self {
        let throttle = Throttle::new(store.clone(), clock.clone(), limits);
        Self { store, clock, sessions, hasher, throttle, meter: Meter::new(), hub }
    }

    /// Checks a password, unless there were too many wrong ones before. `None` when it is wrong, or when the user does not
    /// exist or is disabled: each of these takes the same steps and the same time.
    async fn check(
        &self,
        // Taken before, so that a busy server's answer costs no query and is not counted as a wrong password.
        permit: &HashPermit,
        name: &str,
        password: SecretString,
        caller: &Caller,
        failure: EventKind,
    ) -> Result<Option<Known>, AppError> {
        let account = name.to_lowercase();
        let attempt = self.throttle.attempt(&account, &caller.address);
        let find = async {
            match Username::parse(name) {
                Ok(name) => Ok(self.store.find_user(&name).await?),
                Err(_) => Ok(None),
            }
        };
        let (attempt_reset, user) = tokio::try_join!(attempt, find)?;
        let hash = user.as_ref().map(|user| user.password_hash.clone());
        let Checked { is_right, rehashed } = permit.verify(name, password::normalised(&password), hash).await?;
        match user {
            Some(user) if is_right && !user.disabled => Ok(Some(Known { user, rehashed, attempt_reset })),
            Some(user) => {
                self.tell_later(user.id, failure, caller);
                Ok(None)
            }
            None => {
                tracing::info!(event = failure.word(), address = caller.address);
                Ok(None)
            }
        }
    }

    /// Checks the password of whoever is logged in.
    async fn check_owner(
        &self,
        permit: &HashPermit,
        visitor: &Visitor,
        password: SecretString,
    ) -> Result<(Session, Known), AppError> {
        let username = visitor.user()?.username.clone();
        let session = visitor.session.clone().ok_or(AppError::NotLoggedIn)?;
        let known = self.check(permit, &username, password, &visitor.caller, EventKind::ConfirmFailed).await?;
        Ok((session, known.ok_or(AppError::WrongPassword)?))
    }

    /// Starts a session, or rotates the token of the one that goes on.
    async fn start(
        &self,
        visitor: &Visitor,
        known: &Known,
        previous: PreviousSession,
        kept: bool,
        kind: EventKind,
        new_password: Option<(&str, bool)>,
    ) -> Result<IssuedSession, StartError> {
        let now = self.clock.now();
        let created_at = match (&visitor.session, previous) {
            (Some(session), PreviousSession::Rotate(_)) => session.created_at,
            _ => now,
        };
        let (token, session) = self.sessions.draw(Some(known.user.id), created_at, kept, &visitor.caller)?;
        let start = SessionStart {
            user: known.user.clone(),
            password_hash: new_password.map(|(hash, _)| hash.to_owned()).or_else(|| known.rehashed.clone()),
            previous,
            end_others: new_password.is_some_and(|(_, end_others)| end_others),
            session,
            attempt_reset: known.attempt_reset.clone(),
            event: StoredEvent { at: now, kind, times: 1, caller: visitor.caller.clone() },
        };
        self.store.start_session(start).await?;
        if let PreviousSession::RotateIfAlive(id) | PreviousSession::Rotate(id) | PreviousSession::End(id) = previous {
            self.hub.tell(Change::Session(id));
        }
        // The others may have ended too.
        self.hub.tell(Change::Account(known.user.id));
        log(known.user.id, kind, &visitor.caller);
        Ok(self.sessions.issue(&token, kept))
    }

    async fn try_log_in(
        &self,
        visitor: &Visitor,
        username: &str,
        password: SecretString,
        keep: bool,
    ) -> Result<IssuedSession, AppError> {
        let mut again = true;
        loop {
            let permit = self.hasher.permit(&visitor.caller.address).await?;
            let known =
                self.check(&permit, username, password.clone(), &visitor.caller, EventKind::LogInFailed).await?;
            // The next one may hash while this one is written.
            drop(permit);
            let known = known.ok_or(AppError::WrongCredentials)?;
            let previous = match &visitor.session {
                Some(session) if session.user.as_ref().is_none_or(|user| user.id == known.user.id) => {
                    PreviousSession::RotateIfAlive(session.id)
                }
                Some(session) => PreviousSession::End(session.id),
                None => PreviousSession::None,
            };
            match self.start(visitor, &known, previous, keep, EventKind::LoggedIn, None).await {
                // The stored hash has changed meanwhile: there is a new password, or another log-in has hashed the same anew.
                Err(StartError::Store(StoreError::Gone)) if again => again = false,
                Err(StartError::Store(StoreError::Gone)) => return Err(AppError::WrongCredentials),
                outcome => return Ok(outcome?),
            }
        }
    }

    /// Checks a sign-up's password, and lets it hash unless there were too many sign-ups before.
    async fn permit_sign_up(
        &self,
        visitor: &Visitor,
        username: &Username,
        password: SecretString,
    ) -> Result<(HashPermit, SecretString), AppError> {
        let password = password::check(password, Some(username))?;
        let permit = self.hasher.permit(&visitor.caller.address).await?;
        self.throttle.sign_up(&visitor.caller.address).await?;
        Ok((permit, password))
    }

    /// Whether a sign-up for a name that is taken is the one that took it, sent twice: a second click, or an answer that was
    /// lost. Its sender knows the password and sends from where the account was just made. To everybody else the name is taken.
    async fn is_same_sign_up(
        &self,
        permit: &HashPermit,
        visitor: &Visitor,
        username: &Username,
        password: SecretString,
    ) -> Result<bool, AppError> {
        let Some(user) = self.store.find_user(username).await? else { return Ok(false) };
        let since = self.clock.now() - SAME_SIGN_UP_FOR;
        let made = self
            .store
            .list_events(user.id, EVENTS_SHOWN)
            .await?
            .into_iter()
            .find(|event| event.kind == EventKind::SignedUp && event.at >= since && event.caller == visitor.caller);
        if made.is_none() {
            return Ok(false);
        }
        // Counted as any password that is tried.
        let known = self.check(permit, username.as_str(), password, &visitor.caller, EventKind::LogInFailed).await?;
        let Some(Known { attempt_reset, .. }) = known else { return Ok(false) };
        // It is no log-in, by which an account would know the address.
        self.store.reset_attempt(AttemptReset { remember: None, ..attempt_reset }).await?;
        Ok(true)
    }

    /// Signs up a test account, as anybody does.
    ///
    /// # Errors
    /// As [`Accounts::sign_up`].
    pub(crate) async fn sign_up_test_account(
        &self,
        visitor: &Visitor,
        username: &Username,
        password: SecretString,
        test_account: NewTestAccount,
    ) -> Result<(), AppError> {
        let (permit, password) = self.permit_sign_up(visitor, username, password).await?;
        let hash = permit.hash(password).await?;
        let event = self.event(EventKind::SignedUp, &visitor.caller);
        self.store.add_test_account(username, &hash, &event, test_account).await?;
        log_sign_up(username, &visitor.caller);
        Ok(())
    }

    /// Waits until the caller's network may hash: a test account's log-ins come under an address of its own.
    ///
    /// # Errors
    /// [`AppError::Busy`].
    pub(crate) async fn network_permit(&self, caller: &Caller) -> Result<NetworkPermit, AppError> {
        self.hasher.network_permit(&caller.address).await
    }

    fn event(&self, kind: EventKind, caller: &Caller) -> StoredEvent {
        StoredEvent { at: self.clock.now(), kind, times: 1, caller: caller.clone() }
    }

    /// Writes an event in the background: the answer would otherwise take longer for an account that exists.
    fn tell_later(&self, user_id: i64, kind: EventKind, caller: &Caller) {
        log(user_id, kind, caller);
        let (store, event) = (self.store.clone(), self.event(kind, caller));
        tokio::spawn(async move {
            if let Err(error) = store.add_event(user_id, &event).await {
                tracing::warn!(%error, "an event was not kept");
            }
        });
    }

    /// The user's key and the session, if the password was confirmed within [`CONFIRMED_FOR`].
    fn confirmed(&self, visitor: &Visitor) -> Result<(i64, Session), AppError> {
        let user_id = visitor.user()?.id;
        let session = visitor.session.clone().ok_or(AppError::NotLoggedIn)?;
        if self.clock.now() - session.confirmed_at < CONFIRMED_FOR {
            Ok((user_id, session))
        } else {
            Err(AppError::ConfirmFirst)
        }
    }

    async fn profile_with(&self, visitor: &Visitor, events: i64) -> Result<Profile, AppError> {
        let logged_in = visitor.logged_in()?;
        let user = visitor.user()?;
        let this = visitor.session.as_ref().map(|session| session.id);
        let stored = self.store.list_sessions(user.id, self.clock.now()).await?;
        let mut sessions: Vec<_> =
            stored.into_iter().map(|session| open_session(&session, Some(session.id) == this)).collect();
        sessions.sort_by_key(|session| !session.this_one);
        let events = self.store.list_events(user.id, events).await?;
        let events = events.into_iter().map(|event| Event {
            at: event.at,
            kind: event.kind,
            times: event.times,
            device: device::in_words(&event.caller.agent),
            address: event.caller.address,
        });
        Ok(Profile { logged_in, joined_at: user.created_at, sessions, events: events.collect() })
    }
}

#[async_trait]
impl Accounts for AccountService {
    async fn sign_up(&self, visitor: &Visitor, username: Username, password: SecretString) -> Result<(), AppError> {
        let (permit, password) = self.permit_sign_up(visitor, &username, password).await?;
        // Looked at first, so that a name that is taken costs no hash, and the same sign-up one.
        let is_taken = self.store.find_user(&username).await?.is_some();
        if !is_taken {
            let hash = permit.hash(password.clone()).await?;
            match self.store.add_user(&username, &hash, &self.event(EventKind::SignedUp, &visitor.caller)).await {
                Err(StoreError::Taken) => {}
                outcome => return Ok(outcome.map(|()| log_sign_up(&username, &visitor.caller))?),
            }
        }
        if self.is_same_sign_up(&permit, visitor, &username, password).await? {
            Ok(())
        } else {
            Err(AppError::UsernameTaken)
        }
    }

    async fn rate_password(&self, username: &str, password: SecretString) -> Result<Strength, AppError> {
        self.meter.rate(username, password).await
    }

    async fn log_in(
        &self,
        visitor: &Visitor,
        username: &str,
        password: SecretString,
        keep: bool,
    ) -> Result<IssuedSession, AppError> {
        let outcome = self.try_log_in(visitor, username.trim(), password, keep).await;
        metrics::login(match outcome {
            Ok(_) => metrics::LogIn::Success,
            Err(AppError::WrongCredentials) => metrics::LogIn::Wrong,
            Err(AppError::TooManyAttempts(_)) => metrics::LogIn::Throttled,
            Err(AppError::Busy) => metrics::LogIn::Busy,
            Err(_) => metrics::LogIn::Failed,
        });
        outcome
    }

    async fn log_out(&self, visitor: &Visitor) -> Result<(), AppError> {
        let Some(session) = &visitor.session else { return Ok(()) };
        match &session.user {
            Some(user) => {
                let event = self.event(EventKind::LoggedOut, &visitor.caller);
                self.store.end_session(user.id, session.id, &event).await?;
                log(user.id, EventKind::LoggedOut, &visitor.caller);
            }
            None => self.store.delete_session(session.id).await?,
        }
        self.hub.tell(Change::Session(session.id));
        Ok(())
    }

    async fn profile(&self, visitor: &Visitor) -> Result<Profile, AppError> {
        self.profile_with(visitor, EVENTS_SHOWN).await
    }

    async fn confirm(&self, visitor: &Visitor, password: SecretString) -> Result<IssuedSession, AppError> {
        let permit = self.hasher.permit(&visitor.caller.address).await?;
        let (session, known) = self.check_owner(&permit, visitor, password).await?;
        let previous = PreviousSession::Rotate(session.id);
        Ok(self.start(visitor, &known, previous, session.kept, EventKind::Confirmed, None).await?)
    }

    async fn end_session(&self, visitor: &Visitor, id: &str) -> Result<(), AppError> {
        let (user_id, _) = self.confirmed(visitor)?;
        let id = SessionId(read_id(id).ok_or(AppError::BadRequest)?);
        if self.store.end_session(user_id, id, &self.event(EventKind::SessionEnded, &visitor.caller)).await? {
            log(user_id, EventKind::SessionEnded, &visitor.caller);
            self.hub.tell(Change::Session(id));
        }
        Ok(())
    }

    async fn end_other_sessions(&self, visitor: &Visitor) -> Result<(), AppError> {
        let (user_id, session) = self.confirmed(visitor)?;
        let event = self.event(EventKind::OthersEnded, &visitor.caller);
        self.store.end_sessions(user_id, Some(session.id), &event).await?;
        log(user_id, EventKind::OthersEnded, &visitor.caller);
        self.hub.tell(Change::Account(user_id));
        Ok(())
    }

    async fn change_password(
        &self,
        visitor: &Visitor,
        current: SecretString,
        new: SecretString,
        end_others: bool,
    ) -> Result<IssuedSession, AppError> {
        let username = Username::parse(&visitor.user()?.username)?;
        let new = password::check(new, Some(&username))?;
        if password::are_one(&current, &new) {
            return Err(AppError::PasswordUnchanged);
        }
        let permit = self.hasher.permit(&visitor.caller.address).await?;
        let (session, known) = self.check_owner(&permit, visitor, current).await?;
        let hash = permit.hash(new).await?;
        let previous = PreviousSession::Rotate(session.id);
        let new_password = Some((hash.as_str(), end_others));
        Ok(self.start(visitor, &known, previous, session.kept, EventKind::PasswordChanged, new_password).await?)
    }

    async fn reset_password(
        &self,
        visitor: &Visitor,
        code: SecretString,
        new: SecretString,
    ) -> Result<Username, AppError> {
        let caller = &visitor.caller;
        let attempt = self.throttle.reset(&caller.address).await?;
        let hash = ResetCode::parse(code.expose_secret()).ok_or(AppError::WrongCode)?.hash();
        let username = self.store.find_reset(hash, self.clock.now(), &attempt).await?;
        let username = Username::parse(&username.ok_or(AppError::WrongCode)?)?;
        let new = password::check(new, Some(&username))?;
        let password_hash = self.hasher.permit(&caller.address).await?.hash(new).await?;
        let attempt_reset = self.throttle.forget(&username.key(), &caller.address);
        let event = self.event(EventKind::PasswordReset, caller);
        match self.store.use_reset(hash, &password_hash, &attempt_reset, &event).await {
            Ok(user_id) => {
                self.hub.tell(Change::Account(user_id));
                log(user_id, EventKind::PasswordReset, caller);
                Ok(username)
            }
            Err(StoreError::Gone) => Err(AppError::WrongCode),
            Err(error) => Err(error.into()),
        }
    }

    async fn delete(&self, visitor: &Visitor, password: SecretString) -> Result<(), AppError> {
        let permit = self.hasher.permit(&visitor.caller.address).await?;
        let (_, known) = self.check_owner(&permit, visitor, password).await?;
        self.store.delete_user(&known.user).await?;
        self.hub.tell(Change::Account(known.user.id));
        tracing::info!(event = "deleted", user_id = known.user.id, address = visitor.caller.address);
        Ok(())
    }

    async fn export(&self, visitor: &Visitor) -> Result<Export, AppError> {
        let (user_id, _) = self.confirmed(visitor)?;
        let event = self.event(EventKind::Exported, &visitor.caller);
        self.store.add_event(user_id, &event).await?;
        log(user_id, EventKind::Exported, &visitor.caller);
        let Profile { logged_in, joined_at, sessions: open, events } = self.profile_with(visitor, ALL_EVENTS).await?;
        let mut sessions = Vec::with_capacity(open.len());
        for session in open {
            let id = SessionId(read_id(&session.id).ok_or(AppError::Internal)?);
            sessions.push(ExportedSession { values: self.store.list_values(id).await?, session });
        }
        let progress =
            serde_json::to_value(self.store.find_progress(user_id).await?).map_err(|_| AppError::Internal)?;
        Ok(Export { exported_at: event.at, username: logged_in.username, joined_at, sessions, events, progress })
    }
}

/// Deletes at most `most` events that are older than 180 days; returns how many.
///
/// # Errors
/// [`StoreError::Database`].
pub(crate) async fn sweep(store: &Store, now: i64, most: i64) -> Result<u64, StoreError> {
    store.delete_old_events(now - EVENTS_KEPT_SECONDS, most).await
}

/// Why a session did not begin.
enum StartError {
    App(AppError),
    Store(StoreError),
}

impl From<AppError> for StartError {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl From<StoreError> for StartError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<StartError> for AppError {
    fn from(error: StartError) -> Self {
        match error {
            StartError::App(error) => error,
            StartError::Store(error) => error.into(),
        }
    }
}

fn open_session(stored: &StoredSession, this_one: bool) -> OpenSession {
    OpenSession {
        id: write_id(stored.id.0),
        device: device::in_words(&stored.caller.agent),
        address: stored.caller.address.clone(),
        first_seen: stored.created_at,
        last_seen: stored.last_seen_at,
        kept: stored.kept,
        this_one,
    }
}

fn log_sign_up(username: &Username, caller: &Caller) {
    tracing::info!(event = EventKind::SignedUp.word(), username = username.as_str(), address = caller.address);
}

fn log(user_id: i64, kind: EventKind, caller: &Caller) {
    tracing::info!(event = kind.word(), user_id, address = caller.address);
}
