//! Subjects: throw-away accounts in the real database, by the real sign-up, log-in and session code. A subject's id is
//! 128 random bits and opens it. What is asked with a token is done only if the token is the subject's own, or nobody's.

use super::random;
use crate::{
    accounts::{AccountService, Sessions, Token as SessionToken, by_address, hourly, public_id},
    bench::{Allowance, read_id},
    store::{NewSubject, Store, StoredSession, StoredUser},
};
use app::{
    AppError,
    accounts::{Username, port::Accounts},
    bench::{SESSION_COOKIE, SessionValue, port::SessionValues},
    experiments::test_account::{Recognised, Refused, Rows, SessionRow, Subject, Token, UserRow},
    services::{Caller, User, Visitor},
};
use axum::http::{HeaderMap, HeaderValue, header};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::SecretString;
use std::{sync::Arc, time::Instant};

/// A subject ends after this long, in seconds.
const LIFETIME: i64 = 3_600;
/// Throw-away accounts with a drawn name from one network in an hour: enough for a class behind it.
const DRAWN: i64 = 600;
/// Wrong passwords tried on purpose from one network in an hour.
const TRIES: i64 = 400;
/// The furthest that a look may be into the future, in seconds.
pub(crate) const LATEST: i64 = 86_400;

/// The rules of subjects.
pub struct Subjects {
    store: Store,
    sessions: Sessions,
    accounts: Arc<AccountService>,
    values: Arc<dyn SessionValues>,
    allowance: Allowance,
}

impl Subjects {
    /// Puts the parts together.
    pub fn new(
        store: Store,
        sessions: Sessions,
        accounts: Arc<AccountService>,
        values: Arc<dyn SessionValues>,
        allowance: Allowance,
    ) -> Self {
        Self { store, sessions, accounts, values, allowance }
    }

    /// Makes one, as anybody signs up: with the visitor's own name and password, or with drawn ones. The latter are
    /// counted by themselves and not as sign-ups, of which an address has few.
    ///
    /// # Errors
    /// As [`Accounts::sign_up`].
    pub async fn begin(&self, visitor: &Visitor, own: Option<(String, String)>) -> Result<Subject, AppError> {
        self.allowance.take(&visitor.caller, 0).await?;
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let id = random::<16>()?;
        let is_own = own.is_some();
        let (name, password, caller) = match own {
            Some((name, password)) => (name, password, visitor.caller.clone()),
            None => {
                let counters = by_address("subject", &visitor.caller.address, hourly(DRAWN));
                self.store.count_attempt(&counters, visitor.now).await?;
                let name = format!("lab-{}", text(&random::<9>()?));
                let caller = Caller { address: name.clone(), agent: visitor.caller.agent.clone() };
                (name, text(&random::<18>()?), caller)
            }
        };
        let username = Username::parse(&name)?;
        let _turn = self.accounts.turn(&visitor.caller).await?;
        let caller = Visitor { caller, now: visitor.now, ..Visitor::default() };
        let subject = NewSubject { id, ends_at: visitor.now + LIFETIME, own: is_own };
        self.accounts.sign_up_subject(&caller, &username, SecretString::from(password.as_str()), subject).await?;
        // A visitor's own password is not sent back.
        let password = if is_own { String::new() } else { password };
        Ok(Subject { id: text(&id), username: username.as_str().to_owned(), password })
    }

    async fn find(&self, id: &str, now: i64) -> Result<(User, StoredUser), AppError> {
        let id = read_id(id).ok_or(AppError::NoSuchSubject)?;
        self.store.find_subject(id, now).await?.ok_or(AppError::NoSuchSubject)
    }

    /// Who a token stands for, as the identifying layer finds it. A token of anybody else is refused, and one of nobody's
    /// is not looked at with a later clock: that would prolong a session that may be a visitor's.
    async fn identify(
        &self,
        user: &User,
        token: Option<&str>,
        later: i64,
        caller: &Caller,
    ) -> Result<Visitor, AppError> {
        let Some(token) = token.and_then(SessionToken::parse) else {
            return self.sessions.identify(&HeaderMap::new(), caller.clone(), false).await;
        };
        // Looked up without a clock first, so that nobody else's session is touched.
        if let Some(session) = self.store.find_session(token.id, 0).await? {
            let refused = session.user.as_ref().map_or(later != 0, |owner| owner.id != user.id);
            if refused {
                return Err(AppError::BadRequest);
            }
        }
        let cookie = HeaderValue::try_from(format!("{SESSION_COOKIE}={}", token.reveal()));
        let headers = HeaderMap::from_iter([(header::COOKIE, cookie.map_err(|_| AppError::BadRequest)?)]);
        let visitor = self.sessions.later(later).identify(&headers, caller.clone(), false).await?;
        // What the look has done to the session is shown.
        self.sessions.settle().await;
        Ok(visitor)
    }

    /// Starts a session that belongs to nobody yet.
    ///
    /// # Errors
    /// As [`Sessions::start_anonymous`]; [`AppError::NoSuchSubject`].
    pub async fn start_anonymous(&self, visitor: &Visitor, id: &str) -> Result<Token, AppError> {
        self.find(id, visitor.now).await?;
        let (_, line) = self.sessions.start_anonymous(&visitor.caller).await?;
        handed_out(&line)
    }

    /// Logs in with the subject's own name, in a browser that may have presented a token.
    ///
    /// # Errors
    /// As [`Accounts::log_in`]; [`AppError::NoSuchSubject`].
    pub async fn log_in(
        &self,
        visitor: &Visitor,
        id: &str,
        password: &str,
        presented: Option<&str>,
    ) -> Result<Token, AppError> {
        let (user, _) = self.find(id, visitor.now).await?;
        let visitor = self.identify(&user, presented, 0, &visitor.caller).await?;
        handed_out(&self.accounts.log_in(&visitor, &user.username, password.into(), false).await?)
    }

    /// Whom a token stands for, so many seconds later than now.
    ///
    /// # Errors
    /// [`AppError::NotLoggedIn`] where it opens nothing; [`AppError::NoSuchSubject`].
    pub async fn recognise(
        &self,
        visitor: &Visitor,
        id: &str,
        token: Option<&str>,
        later: i64,
    ) -> Result<Recognised, AppError> {
        if !(0..=LATEST).contains(&later) {
            return Err(AppError::BadRequest);
        }
        let (user, _) = self.find(id, visitor.now).await?;
        let Visitor { session, now, .. } = self.identify(&user, token, later, &visitor.caller).await?;
        let session = session.ok_or(AppError::NotLoggedIn)?;
        let stored = self.store.find_session(session.id, 0).await?.ok_or(AppError::NotLoggedIn)?;
        let values = self.values.list(session.id).await?;
        Ok(Recognised { username: session.user.map(|user| user.username), session: session_row(&stored), values, now })
    }

    /// Keeps a variable in the token's session.
    ///
    /// # Errors
    /// As [`SessionValues::put`]; [`AppError::NotLoggedIn`] where the token opens nothing; [`AppError::NoSuchSubject`].
    pub async fn put(&self, visitor: &Visitor, id: &str, token: &str, value: SessionValue) -> Result<(), AppError> {
        let (user, _) = self.find(id, visitor.now).await?;
        let visitor = self.identify(&user, Some(token), 0, &visitor.caller).await?;
        visitor.user()?;
        self.values.put(&visitor, value, None).await.map(drop)
    }

    /// Confirms the password: the session goes on under a new token.
    ///
    /// # Errors
    /// As [`Accounts::confirm`]; [`AppError::NoSuchSubject`].
    pub async fn confirm(&self, visitor: &Visitor, id: &str, token: &str, password: &str) -> Result<Token, AppError> {
        let (user, _) = self.find(id, visitor.now).await?;
        let visitor = self.identify(&user, Some(token), 0, &visitor.caller).await?;
        handed_out(&self.accounts.confirm(&visitor, password.into()).await?)
    }

    /// Ends the token's session and returns the line that removes its cookie.
    ///
    /// # Errors
    /// As [`Accounts::log_out`]; [`AppError::NoSuchSubject`].
    pub async fn log_out(&self, visitor: &Visitor, id: &str, token: &str) -> Result<HeaderValue, AppError> {
        let (user, _) = self.find(id, visitor.now).await?;
        let visitor = self.identify(&user, Some(token), 0, &visitor.caller).await?;
        self.accounts.log_out(&visitor).await
    }

    /// Ends the subject's other sessions.
    ///
    /// # Errors
    /// As [`Accounts::end_other_sessions`]; [`AppError::NoSuchSubject`].
    pub async fn end_others(&self, visitor: &Visitor, id: &str, token: &str) -> Result<(), AppError> {
        let (user, _) = self.find(id, visitor.now).await?;
        let visitor = self.identify(&user, Some(token), 0, &visitor.caller).await?;
        self.accounts.end_other_sessions(&visitor).await
    }

    /// What the database keeps of a subject, as it stands there; masked, without salts and hashes.
    ///
    /// # Errors
    /// [`AppError::NoSuchSubject`], [`AppError::Unavailable`].
    pub async fn rows(&self, visitor: &Visitor, id: &str, masked: bool) -> Result<Rows, AppError> {
        let (user, stored) = self.find(id, visitor.now).await?;
        let sessions = self.store.list_sessions(user.id, 0).await?;
        let User { id, username, created_at } = user;
        let user = UserRow { id, username, password_hash: stored.password_hash, created_at };
        let rows = Rows { user, sessions: sessions.iter().map(session_row).collect() };
        Ok(if masked { rows.masked() } else { rows })
    }

    /// Makes it an account like any other, which is its owner's to keep: one that was counted as a sign-up, with a name and
    /// password that its owner has chosen.
    ///
    /// # Errors
    /// [`AppError::BadRequest`] for one with a drawn name; [`AppError::NoSuchSubject`], [`AppError::Unavailable`].
    pub async fn keep(&self, visitor: &Visitor, id: &str) -> Result<(), AppError> {
        let (user, _) = self.find(id, visitor.now).await?;
        if self.store.keep_subject(user.id).await? { Ok(()) } else { Err(AppError::BadRequest) }
    }

    /// Tries to log in with a wrong password: as the subject, or under a name that nobody has. Every try comes from an
    /// address of its own that does not exist, so that it is counted against nobody; how many tries an address makes is
    /// counted beside.
    ///
    /// # Errors
    /// [`AppError::NoSuchSubject`], [`AppError::TooManyAttempts`], and what kept the password from being looked at.
    pub async fn try_wrong(&self, visitor: &Visitor, id: &str, known: bool) -> Result<Refused, AppError> {
        let (user, _) = self.find(id, visitor.now).await?;
        let counters = by_address("subject-try", &visitor.caller.address, hourly(TRIES));
        self.store.count_attempt(&counters, visitor.now).await?;
        let _turn = self.accounts.turn(&visitor.caller).await?;
        let nobody = URL_SAFE_NO_PAD.encode(random::<9>()?);
        let name = if known { user.username } else { format!("lab-{nobody}") };
        let caller = Caller { address: format!("lab-{nobody}"), agent: visitor.caller.agent.clone() };
        let visitor = Visitor { caller, now: visitor.now, ..Visitor::default() };
        let began = Instant::now();
        let outcome = self.accounts.log_in(&visitor, &name, "not the password of anybody".into(), false).await;
        let micros = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
        match outcome {
            Err(error @ AppError::WrongCredentials) => Ok(Refused { status: error.status(), micros }),
            Err(error) => Err(error),
            Ok(_) => Err(AppError::Internal),
        }
    }

    /// Deletes a subject with all that is kept of it; one that is gone already is deleted.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    pub async fn end(&self, visitor: &Visitor, id: &str) -> Result<(), AppError> {
        match self.find(id, visitor.now).await {
            Ok((_, user)) => Ok(self.store.delete_user(&user).await?),
            Err(AppError::NoSuchSubject) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// The token in a line that hands one out.
fn handed_out(line: &HeaderValue) -> Result<Token, AppError> {
    let line = line.to_str().map_err(|_| AppError::Internal)?;
    let pair = line.split(';').next().unwrap_or_default();
    let (_, token) = pair.split_once('=').ok_or(AppError::Internal)?;
    Ok(Token { token: token.to_owned(), line: line.to_owned() })
}

fn session_row(stored: &StoredSession) -> SessionRow {
    SessionRow {
        id: public_id(stored.id),
        secret_hash: stored.secret_hash.iter().map(|byte| format!("{byte:02x}")).collect(),
        user_id: stored.user.as_ref().map(|user| user.id),
        created_at: stored.created_at,
        last_seen_at: stored.last_seen_at,
        expires_at: stored.expires_at,
        ends_at: stored.ends_at,
    }
}
