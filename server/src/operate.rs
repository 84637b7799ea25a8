//! What an operator does to accounts, sessions and the atlas, beside the running servers: all of them see it at the next
//! request.

use crate::{
    accounts::device_in_words,
    atlas::IMPORTED_LIMIT,
    cli::{AtlasAction, DatabaseArgs, SessionsAction, UsersAction},
    clock::{Clock, SystemClock},
    store::{Store, StoreError, StoredEvent, StoredUser},
};
use app::{
    accounts::{EventKind, Username},
    atlas::{Atlas, FILE_LIMIT_BYTES, SCHEMA, check_name, read},
    services::Caller,
};
use std::{
    error::Error,
    fs::File,
    io::{self, Read, Write},
    path::Path,
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

/// `storage-lab atlas …`.
///
/// # Errors
/// What went wrong, in words.
pub async fn atlas(database: &DatabaseArgs, action: AtlasAction, out: &mut impl Write) -> Result<(), String> {
    let store = open(database).await?;
    let outcome = run_atlas(&store, action, out).await;
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

async fn run_atlas(store: &Store, action: AtlasAction, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    match action {
        AtlasAction::Import { file, name } => {
            check_name(&name).map_err(|fault| format!("nothing is imported: {fault}"))?;
            let shown = file.display();
            let text = read_file(&file).map_err(|error| format!("{shown} cannot be read: {error}"))?;
            let columns = read(&text).map_err(|fault| format!("nothing is imported from {shown}: {fault}"))?;
            let said: Vec<_> = columns.iter().map(ToString::to_string).collect();
            let alone = |column| serde_json::to_string(&Atlas { schema: SCHEMA, columns: vec![column] });
            let contents = columns.into_iter().map(alone).collect::<Result<Vec<_>, _>>()?;
            // As it is kept it is read again, each time it is shown.
            for content in &contents {
                read(content).map_err(|fault| format!("nothing is imported from {shown}: {fault}"))?;
            }
            let added = store.add_columns(&name, &contents, SystemClock.now(), IMPORTED_LIMIT).await;
            let ids = added.map_err(|error| match error {
                StoreError::Full => {
                    format!("nothing is imported: there would be more than {IMPORTED_LIMIT} columns. Remove one first")
                        .into()
                }
                error => Box::<dyn Error>::from(error),
            })?;
            for (id, column) in ids.iter().zip(&said) {
                writeln!(out, "{column} is imported as {id}.")?;
            }
        }
        AtlasAction::List => {
            writeln!(out, "{:>6} {:<32} {:<32} {:<10} {:<20}", "ID", "NAME", "BROWSER", "MEASURED", "IMPORTED")?;
            for stored in store.list_columns().await? {
                let (browser, measured) = match read(&stored.content).as_deref() {
                    Ok([column, ..]) => (column.to_string(), column.measured.clone()),
                    _ => ("cannot be read".to_owned(), "-".to_owned()),
                };
                let imported = utc(stored.imported_at);
                writeln!(out, "{:>6} {:<32} {browser:<32} {measured:<10} {imported:<20}", stored.id, stored.name)?;
            }
        }
        AtlasAction::Remove { id } => {
            if !store.remove_column(id).await? {
                return Err(format!("no column has the id {id}. See: storage-lab atlas list").into());
            }
            writeln!(out, "{id} is removed.")?;
        }
    }
    Ok(())
}

/// Reads no more than is taken, and a byte of what would be too much.
fn read_file(file: &Path) -> io::Result<String> {
    let most = FILE_LIMIT_BYTES as u64 + 1;
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        io::stdin().take(most).read_to_end(&mut bytes)?;
    } else {
        File::open(file)?.take(most).read_to_end(&mut bytes)?;
    }
    // What is too long may be cut within a character: its length is told, not that.
    if bytes.len() > FILE_LIMIT_BYTES {
        return Ok(" ".repeat(bytes.len()));
    }
    String::from_utf8(bytes).map_err(|_| io::Error::other("it is no text in UTF-8"))
}

async fn find(store: &Store, name: &str) -> Result<StoredUser, Box<dyn Error>> {
    let unknown = || format!("there is no account named {name}. See: storage-lab users list");
    let username = Username::parse(name).map_err(|_| unknown())?;
    let user: Result<_, StoreError> = store.find_user(&username).await;
    Ok(user?.ok_or_else(unknown)?)
}

fn event(kind: EventKind) -> StoredEvent {
    StoredEvent { at: SystemClock.now(), kind, times: 1, caller: Caller::default() }
}

fn utc(seconds: i64) -> String {
    humantime::format_rfc3339_seconds(UNIX_EPOCH + Duration::from_secs(seconds.max(0).unsigned_abs())).to_string()
}
