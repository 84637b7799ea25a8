//! What an operator does to accounts, sessions and the atlas, beside the running servers: all of them see it at the next
//! request.
//!
//! The standard output is for what was asked, so that programs can read it. Which database it was goes to the standard error.

use crate::{
    accounts::{RESET_SECONDS, ResetCode, device_in_words},
    atlas::IMPORTED_LIMIT,
    cli::{AtlasAction, DatabaseArgs, OperationsAction, SessionsAction, UsersAction},
    clock::{Clock, SystemClock},
    store::{Operation, Store, StoreError, StoredEvent, StoredUser, database_name},
};
use app::{
    accounts::{EventKind, Username},
    atlas::{Atlas, FILE_LIMIT_BYTES, SCHEMA, check_name, read},
    request::Caller,
};
use std::{
    env,
    error::Error,
    fs::File,
    io::{self, Read, Write},
    path::Path,
    time::{Duration, UNIX_EPOCH},
};

/// Accounts and operations are listed in pages of so many.
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

/// `storage-lab operations …`.
///
/// # Errors
/// What went wrong, in words.
pub async fn operations(
    database: &DatabaseArgs,
    OperationsAction::List: OperationsAction,
    out: &mut impl Write,
) -> Result<(), String> {
    let store = open(database).await?;
    let outcome = list_operations(&store, out).await;
    store.close().await;
    outcome.map_err(in_words)
}

/// Opens the database that is there, and says which it is.
async fn open(database: &DatabaseArgs) -> Result<Store, String> {
    let url = &database.database_url;
    let name = database_name(url).map_err(|error| format!("cannot read --database-url: {}", in_words(error.into())))?;
    let store = Store::open_existing(url).await.map_err(|error| {
        let advice = match error {
            StoreError::Missing | StoreError::NoSchema => {
                "Name the one that the server uses with --database-url; a server that starts makes what is missing"
            }
            StoreError::OtherSchema { found, known } if found < known => {
                "Start the server of this version once, which brings it up to date"
            }
            StoreError::OtherSchema { .. } => "Use the program of the server that made it",
            _ => "Check --database-url",
        };
        format!("cannot open the database {name}: {}. {advice}.", in_words(error.into()))
    })?;
    // Nothing is wrong if nobody can read it.
    let _ = writeln!(io::stderr(), "database: {name}");
    Ok(store)
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
            let operation = operation("users disable", &name);
            store.set_disabled(user.id, true, &event(EventKind::DisabledByOperator), &operation).await?;
            writeln!(out, "{name} is disabled and logged out everywhere.")?;
        }
        UsersAction::Enable { name } => {
            let user = find(store, &name).await?;
            let operation = operation("users enable", &name);
            store.set_disabled(user.id, false, &event(EventKind::EnabledByOperator), &operation).await?;
            writeln!(out, "{name} can log in again.")?;
        }
        UsersAction::Reset { name, site } => {
            let user = find(store, &name).await?;
            if user.disabled {
                return Err(
                    format!("{name} is disabled. Enable the account first: storage-lab users enable {name}").into()
                );
            }
            let code = ResetCode::random()?;
            let event = event(EventKind::ResetByOperator);
            let ends_at = event.at + RESET_SECONDS;
            store.add_reset(user.id, code.hash(), ends_at, &event, &operation("users reset", &name)).await?;
            writeln!(out, "{}", code.link(&site))?;
            let (ends_at, minutes) = (utc(ends_at), RESET_SECONDS / 60);
            writeln!(
                io::stderr(),
                "Give this link to the owner of {name} alone: whoever opens it sets the password. It works once, for \
                 {minutes} minutes, until {ends_at}."
            )?;
        }
        UsersAction::Delete { name, yes } => {
            let user = find(store, &name).await?;
            if !yes {
                return Err(
                    format!("nothing is deleted yet. To delete {name} with all that is kept of it, add --yes").into()
                );
            }
            store.remove_user(user.id, &operation("users delete", &name)).await?;
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
            let (event, operation) = (event(EventKind::RevokedByOperator), operation("sessions revoke --user", &name));
            let ended = store.revoke_sessions(Some(user.id), &event, &operation).await?;
            writeln!(out, "{ended} sessions of {name} ended.")?;
        }
        SessionsAction::Revoke { user: None, .. } => {
            let (event, operation) = (event(EventKind::RevokedByOperator), operation("sessions revoke --all", ""));
            let ended = store.revoke_sessions(None, &event, &operation).await?;
            writeln!(out, "{ended} sessions ended.")?;
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
            let operation = operation("atlas import", &said.join("; "));
            let added = store.add_columns(&name, &contents, IMPORTED_LIMIT, &operation).await;
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
            if !store.remove_column(id, &operation("atlas remove", &id.to_string())).await? {
                return Err(format!("no column has the id {id}. See: storage-lab atlas list").into());
            }
            writeln!(out, "{id} is removed.")?;
        }
    }
    Ok(())
}

async fn list_operations(store: &Store, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    writeln!(out, "{:<20} {:<20} {:<24} SUBJECT", "AT", "OPERATOR", "COMMAND")?;
    let mut after = 0;
    loop {
        let page = store.list_operations(after, PAGE).await?;
        for done in &page {
            let at = utc(done.at);
            writeln!(out, "{at:<20} {:<20} {:<24} {}", done.operator, done.command, done.subject)?;
        }
        match page.last() {
            Some(last) if page.len() as i64 == PAGE => after = last.id,
            _ => return Ok(()),
        }
    }
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

fn operation(command: &'static str, subject: &str) -> Operation {
    let user = whoami::username().unwrap_or_else(|_| "unknown".into());
    // sudo's user has the same name whoever it is.
    let operator = match env::var("SUDO_USER") {
        Ok(person) if person != user => format!("{person} as {user}"),
        _ => user,
    };
    let operator = operator.chars().filter(|c| !c.is_control()).collect();
    Operation { at: SystemClock.now(), operator, command, subject: subject.to_owned() }
}

fn utc(seconds: i64) -> String {
    humantime::format_rfc3339_seconds(UNIX_EPOCH + Duration::from_secs(seconds.max(0).unsigned_abs())).to_string()
}
