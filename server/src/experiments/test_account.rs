//! Test accounts: accounts in the real database, made for one run, by the real sign-up, log-in and session code. Whoever has
//! a test account's id of 128 random bits may use it. A request with a token is refused unless the token belongs to the test
//! account, or to an anonymous session.

use crate::{
    accounts::AccountService,
    bench::Allowance,
    counters::{by_network, hourly},
    ids::{random, read_id, write_id},
    sessions::{Sessions, Token as SessionToken},
    store::{NewTestAccount, Store, StoreError, StoredSession, StoredUser},
};
use app::{
    AppError,
    accounts::{Username, port::Accounts},
    experiments::test_account::{Recognised, Refused, Rows, SessionRow, Subject, UserRow},
    request::{Caller, User, Visitor},
    sessions::{IssuedSession, SessionValue, port::SessionValues},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::SecretString;
use std::{sync::Arc, time::Instant};

/// Lifetime of a test account, in seconds.
const LIFETIME: i64 = 3_600;
/// Test accounts with a drawn name that one network may make in an hour: enough for a class behind one address.
const DRAWN: i64 = 600;
/// Wrong passwords that one network may try on purpose in an hour.
const TRIES: i64 = 400;
/// How far into the future a token may be recognised, in seconds.
const LATEST: i64 = 86_400;

/// The rules of test accounts.
pub struct TestAccounts {
    store: Store,
    sessions: Sessions,
    accounts: Arc<AccountService>,
    values: Arc<dyn SessionValues>,
    allowance: Allowance,
}

impl TestAccounts {
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

    /// Makes a test account by a sign-up: with the visitor's own name and password, or with drawn ones. Those with drawn names
    /// have a counter of their own, since an address has few sign-ups.
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
                let counters = by_network("subject", &visitor.caller.address, hourly(DRAWN));
                self.store.count_attempt(&counters, visitor.now).await?;
                let name = format!("lab-{}", text(&random::<9>()?));
                let caller = Caller { address: name.clone(), agent: visitor.caller.agent.clone() };
                (name, text(&random::<18>()?), caller)
            }
        };
        let username = Username::parse(&name)?;
        let _permit = self.accounts.network_permit(&visitor.caller).await?;
        let caller = Visitor { caller, now: visitor.now, ..Visitor::default() };
        let test_account = NewTestAccount { id, ends_at: visitor.now + LIFETIME, own: is_own };
        self.accounts
            .sign_up_test_account(&caller, &username, SecretString::from(password.as_str()), test_account)
            .await?;
        // A visitor's own password is not sent back.
        let password = if is_own { String::new() } else { password };
        Ok(Subject { id: write_id(id), username: username.as_str().to_owned(), password })
    }

    async fn find(&self, id: &str, now: i64) -> Result<(User, StoredUser), AppError> {
        let id = read_id(id).ok_or(AppError::NoSuchSubject)?;
        self.store.find_test_account(id, now).await?.ok_or(AppError::NoSuchSubject)
    }

    /// The visitor behind a token, as the identifying layer finds it. Another user's token is refused, and so is the token of
    /// an anonymous session with a later clock: that would prolong a session that may be another visitor's.
    async fn identify(
        &self,
        user: &User,
        token: Option<&str>,
        later: i64,
        caller: &Caller,
    ) -> Result<Visitor, AppError> {
        let Some(token) = token.and_then(SessionToken::parse) else {
            return self.sessions.identify(&[], caller.clone(), false).await;
        };
        // The owner is looked up first, so that nobody else's session is renewed.
        if let Some(session) = self.store.find_session(token.id, 0).await? {
            let refused = session.user.as_ref().map_or(later != 0, |owner| owner.id != user.id);
            if refused {
                return Err(AppError::BadRequest);
            }
        }
        let visitor = self.sessions.later(later).identify(&[token], caller.clone(), false).await?;
        // The session's row is shown as the request has left it.
        self.sessions.settle().await;
        Ok(visitor)
    }

    /// Starts an anonymous session.
    ///
    /// # Errors
    /// As [`Sessions::start_anonymous`]; [`AppError::NoSuchSubject`].
    pub async fn start_anonymous(&self, visitor: &Visitor, id: &str) -> Result<IssuedSession, AppError> {
        self.find(id, visitor.now).await?;
        self.sessions.start_anonymous(&visitor.caller).await
    }

    /// Logs in under the test account's name, for a browser that may have presented a token.
    ///
    /// # Errors
    /// As [`Accounts::log_in`]; [`AppError::NoSuchSubject`].
    pub async fn log_in(
        &self,
        visitor: &Visitor,
        id: &str,
        password: &str,
        presented: Option<&str>,
    ) -> Result<IssuedSession, AppError> {
        let (user, _) = self.find(id, visitor.now).await?;
        let visitor = self.identify(&user, presented, 0, &visitor.caller).await?;
        self.accounts.log_in(&visitor, &user.username, password.into(), false).await
    }

    /// Whose session a token opens, by a clock that is `later` seconds ahead.
    ///
    /// # Errors
    /// [`AppError::NotLoggedIn`] where it opens no session; [`AppError::NoSuchSubject`].
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

    /// Keeps a value in the token's session.
    ///
    /// # Errors
    /// As [`SessionValues::put`]; [`AppError::NotLoggedIn`] where the token opens no session; [`AppError::NoSuchSubject`].
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
    pub async fn confirm(
        &self,
        visitor: &Visitor,
        id: &str,
        token: &str,
        password: &str,
    ) -> Result<IssuedSession, AppError> {
        let (user, _) = self.find(id, visitor.now).await?;
        let visitor = self.identify(&user, Some(token), 0, &visitor.caller).await?;
        self.accounts.confirm(&visitor, password.into()).await
    }

    /// Ends the token's session.
    ///
    /// # Errors
    /// As [`Accounts::log_out`]; [`AppError::NoSuchSubject`].
    pub async fn log_out(&self, visitor: &Visitor, id: &str, token: &str) -> Result<(), AppError> {
        let (user, _) = self.find(id, visitor.now).await?;
        let visitor = self.identify(&user, Some(token), 0, &visitor.caller).await?;
        self.accounts.log_out(&visitor).await
    }

    /// Ends the test account's other sessions.
    ///
    /// # Errors
    /// As [`Accounts::end_other_sessions`]; [`AppError::NoSuchSubject`].
    pub async fn end_others(&self, visitor: &Visitor, id: &str, token: &str) -> Result<(), AppError> {
        let (user, _) = self.find(id, visitor.now).await?;
        let visitor = self.identify(&user, Some(token), 0, &visitor.caller).await?;
        self.accounts.end_other_sessions(&visitor).await
    }

    /// The rows of a test account in the database; `masked`, without salts and hashes.
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

    /// Makes a test account an account like any other. It was counted as a sign-up, and its owner chose name and password.
    ///
    /// # Errors
    /// [`AppError::BadRequest`] for a test account with a drawn name; [`AppError::NoSuchSubject`], [`AppError::Unavailable`].
    pub async fn keep(&self, visitor: &Visitor, id: &str) -> Result<(), AppError> {
        let (user, _) = self.find(id, visitor.now).await?;
        if self.store.keep_test_account(user.id).await? { Ok(()) } else { Err(AppError::BadRequest) }
    }

    /// Tries to log in with a wrong password: under the test account's name if `known`, else under a name that nobody has.
    /// Each try comes from an address of its own that does not exist, so that it is counted against nobody; the tries of the
    /// visitor's network have a counter of their own.
    ///
    /// # Errors
    /// [`AppError::NoSuchSubject`], [`AppError::TooManyAttempts`], and whatever came before the password was verified.
    pub async fn try_wrong(&self, visitor: &Visitor, id: &str, known: bool) -> Result<Refused, AppError> {
        let (user, _) = self.find(id, visitor.now).await?;
        let counters = by_network("subject-try", &visitor.caller.address, hourly(TRIES));
        self.store.count_attempt(&counters, visitor.now).await?;
        let _permit = self.accounts.network_permit(&visitor.caller).await?;
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

    /// Deletes a test account with all that is kept of it. One that is gone already counts as deleted.
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

/// Deletes at most `most` test accounts that have ended; returns how many.
///
/// # Errors
/// [`StoreError::Database`].
pub(crate) async fn sweep(store: &Store, now: i64, most: i64) -> Result<u64, StoreError> {
    store.delete_ended_test_accounts(now, most).await
}

fn session_row(stored: &StoredSession) -> SessionRow {
    SessionRow {
        id: write_id(stored.id.0),
        secret_hash: stored.secret_hash.iter().map(|byte| format!("{byte:02x}")).collect(),
        user_id: stored.user.as_ref().map(|user| user.id),
        created_at: stored.created_at,
        last_seen_at: stored.last_seen_at,
        expires_at: stored.expires_at,
        ends_at: stored.ends_at,
    }
}
