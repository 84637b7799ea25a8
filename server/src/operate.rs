//! What an operator does to accounts and sessions, beside the running servers: all of them see it at the next request.

use crate::{
    accounts::device_in_words,
    cli::{DatabaseArgs, SessionsAction, UsersAction},
    clock::{Clock, SystemClock},
    store::{Store, StoreError, StoredEvent, StoredUser},
};
use app::{
    accounts::{EventKind, Username},
    services::Caller,
};
use std::{
    error::Error,
    io::Write,
    time::{Duration, UNIX_EPOCH},
};

/// Accounts are listed in pages of so many.
const PAGE: i64 = 1_000;

/// `storage-lab users …`.
///
/// # Errors
/// What went wrong, in words.
pub async fn users(database: &DatabaseArgs, action: UsersAction, out: &mut impl Write) -> Result<(), String> {
    let store = open(database).await?;
    let outcome = run_users(&store, action, out).await;
    store.close().await;
    outcome.map_err(in_words)
}

/// `storage-lab sessions …`.
///
/// # Errors
/// What went wrong, in words.
pub async fn sessions(database: &DatabaseArgs, action: SessionsAction, out: &mut impl Write) -> Result<(), String> {
    let store = open(database).await?;
    let outcome = run_sessions(&store, action, out).await;
    store.close().await;
    outcome.map_err(in_words)
}

async fn open(database: &DatabaseArgs) -> Result<Store, String> {
    let opened = Store::open(&database.database_url).await;
    opened.map_err(|error| format!("cannot open the database: {}. Check --database-url.", in_words(error.into())))
}

fn in_words(error: Box<dyn Error>) -> String {
    let cause = error.source().map(|cause| format!(" ({cause})")).unwrap_or_default();
    format!("{error}{cause}")
}

async fn run_users(store: &Store, action: UsersAction, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    match action {
        UsersAction::List => {
            writeln!(out, "{:<32} {:<20} {:<20} {:>8}", "USERNAME", "MADE", "DISABLED", "SESSIONS")?;
            let mut after = String::new();
            loop {
                let page = store.list_users(&after, PAGE, SystemClock.now()).await?;
                for user in &page {
                    let disabled = user.disabled_at.map_or_else(|| "-".into(), utc);
                    writeln!(
                        out,
                        "{:<32} {:<20} {disabled:<20} {:>8}",
                        user.username,
                        utc(user.created_at),
                        user.sessions
                    )?;
                }
                match page.last() {
                    Some(last) if page.len() as i64 == PAGE => after = last.username.to_lowercase(),
                    _ => return Ok(()),
                }
            }
        }
        UsersAction::Disable { name } => {
            let user = find(store, &name).await?;
            store.set_disabled(user.id, true, &event(EventKind::DisabledByOperator)).await?;
            writeln!(out, "{name} is disabled and logged out everywhere.")?;
        }
        UsersAction::Enable { name } => {
            let user = find(store, &name).await?;
            store.set_disabled(user.id, false, &event(EventKind::EnabledByOperator)).await?;
            writeln!(out, "{name} can log in again.")?;
        }
        UsersAction::Delete { name, yes } => {
            let user = find(store, &name).await?;
            if !yes {
                return Err(
                    format!("nothing is deleted yet. To delete {name} with all that is kept of it, add --yes").into()
                );
            }
            store.delete_user(&user).await?;
            writeln!(out, "{name} is deleted.")?;
        }
    }
    Ok(())
}

async fn run_sessions(store: &Store, action: SessionsAction, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    match action {
        SessionsAction::List { user } => {
            let user = find(store, &user).await?;
            writeln!(
                out,
                "{:<28} {:<40} {:<20} {:<20} {:<20}",
                "DEVICE", "ADDRESS", "FIRST SEEN", "LAST SEEN", "ENDS"
            )?;
            for session in store.list_sessions(user.id, SystemClock.now()).await? {
                let times = [session.created_at, session.last_seen_at, session.expires_at].map(utc);
                let device = device_in_words(&session.caller.agent);
                writeln!(
                    out,
                    "{device:<28} {:<40} {:<20} {:<20} {:<20}",
                    session.caller.address, times[0], times[1], times[2]
                )?;
            }
        }
        SessionsAction::Revoke { user: Some(name), .. } => {
            let user = find(store, &name).await?;
            let ended = store.end_sessions(user.id, None, &event(EventKind::RevokedByOperator)).await?;
            writeln!(out, "{ended} sessions of {name} ended.")?;
        }
        SessionsAction::Revoke { user: None, .. } => {
            writeln!(out, "{} sessions ended.", store.end_all_sessions().await?)?;
        }
    }
    Ok(())
}

async fn find(store: &Store, name: &str) -> Result<StoredUser, Box<dyn Error>> {
    let unknown = || format!("there is no account named {name}. See: storage-lab users list");
    let username = Username::parse(name).map_err(|_| unknown())?;
    let user: Result<_, StoreError> = store.find_user(&username).await;
    Ok(user?.ok_or_else(unknown)?)
}

fn event(kind: EventKind) -> StoredEvent {
    StoredEvent { at: SystemClock.now(), kind, caller: Caller::default() }
}

fn utc(seconds: i64) -> String {
    humantime::format_rfc3339_seconds(UNIX_EPOCH + Duration::from_secs(seconds.max(0).unsigned_abs())).to_string()
}
