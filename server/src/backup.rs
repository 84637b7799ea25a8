//! `storage-lab backup` and `storage-lab restore`: copies of the database, made while servers run and put back while none does.
//!
//! Both write a file of their own in the folder where the outcome belongs, check it there and rename it: at no moment is there
//! half a backup or half a database.

use crate::{
    cli::DatabaseArgs,
    clock::{Clock, SystemClock},
    postgres_tools::PostgresTools,
    store::{CopyError, Held, check_copy, copy_database, side_files, sqlite_file},
};
use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, Write},
    os::unix::fs::{MetadataExt, chown},
    path::{Path, PathBuf},
    time::{Duration, UNIX_EPOCH},
};
use tempfile::{Builder, NamedTempFile};

/// Why there is no backup, or nothing was restored, in words for the operator.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The URL cannot be read.
    #[error("cannot read --database-url: {0}.")]
    Url(sqlx::Error),
    /// The database is PostgreSQL's.
    #[error("{0}")]
    Postgres(String),
    /// There is no such SQLite file.
    #[error(
        "cannot open the database {0}: there is no such file. Name the one that the server uses with --database-url."
    )]
    Missing(PathBuf),
    /// A backup never replaces a file.
    #[error("{0} is there already, and stays. Name a new file.")]
    Exists(PathBuf),
    /// The copy cannot be made, or SQLite finds faults in it.
    #[error("no backup is made of {0}: {1}.")]
    Copy(PathBuf, CopyError),
    /// The file is not a backup by this program.
    #[error("nothing is restored from {0}: {1}. A backup is one file, made by storage-lab backup.")]
    NoBackup(PathBuf, CopyError),
    /// SQLite's log lies beside the file, so that the file alone is no whole database.
    #[error("nothing is restored from {0}: {1} lies beside it, so it is a database in use. Make a backup of it first.")]
    NotAlone(PathBuf, PathBuf),
    /// There is a database already.
    #[error(
        "nothing is restored yet: {0} is there. To put the backup in its place, add --yes; the database is kept beside it."
    )]
    Replaces(PathBuf),
    /// A server uses the database.
    #[error("nothing is restored: {0}: {1}. Stop what uses it first.")]
    Held(PathBuf, CopyError),
    /// A file or folder cannot be read or written.
    #[error("{0} failed on {1}: {2}.")]
    File(&'static str, PathBuf, io::Error),
}

/// Says what failed on which file.
fn failed(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |error| BackupError::File(what, path, error)
}

/// `storage-lab backup FILE`.
///
/// # Errors
/// [`BackupError`]; then there is no such file.
pub async fn backup(database: &DatabaseArgs, file: &Path, out: &mut impl Write) -> Result<(), BackupError> {
    let Some(source) = sqlite_file(&database.database_url).map_err(BackupError::Url)? else {
        return Err(BackupError::Postgres(tools(database)?.how_to_dump(file)));
    };
    if !source.is_file() {
        return Err(BackupError::Missing(source));
    }
    if file.symlink_metadata().is_ok() {
        return Err(BackupError::Exists(file.to_owned()));
    }
    let folder = folder_of(file);
    let copy = file_in(folder)?;
    let copied = async {
        copy_database(&source, copy.path()).await?;
        check_copy(copy.path()).await
    };
    copied.await.map_err(|cause| BackupError::Copy(source.clone(), cause))?;
    // SQLite leaves it to the system when such a copy reaches the disk.
    copy.as_file().sync_all().map_err(failed("writing", file))?;
    copy.persist_noclobber(file).map_err(|error| match error.error.kind() {
        io::ErrorKind::AlreadyExists => BackupError::Exists(file.to_owned()),
        _ => BackupError::File("writing", file.to_owned(), error.error),
    })?;
    sync_folder(folder)?;
    let bytes = file.metadata().map_err(failed("reading", file))?.len();
    writeln!(out, "{} is a backup of {}, checked, {bytes} bytes.", file.display(), source.display())
        .map_err(failed("writing", Path::new("the standard output")))
}

/// `storage-lab restore FILE`.
///
/// # Errors
/// [`BackupError`]; then the database is as it was.
pub async fn restore(database: &DatabaseArgs, file: &Path, yes: bool, out: &mut impl Write) -> Result<(), BackupError> {
    let Some(target) = sqlite_file(&database.database_url).map_err(BackupError::Url)? else {
        return Err(BackupError::Postgres(tools(database)?.how_to_restore(file)));
    };
    let replaces = target.symlink_metadata().is_ok();
    if replaces && !yes {
        return Err(BackupError::Replaces(target));
    }
    if let Some(beside) =
        side_files(file).into_iter().find(|beside| beside.metadata().is_ok_and(|found| found.len() > 0))
    {
        return Err(BackupError::NotAlone(file.to_owned(), beside));
    }
    let folder = folder_of(&target);
    fs::create_dir_all(folder).map_err(failed("making the folder", folder))?;
    let mut copy = file_in(folder)?;
    // What is checked is what takes the place, whatever happens to the backup meanwhile.
    let mut backup = File::open(file).map_err(failed("reading", file))?;
    io::copy(&mut backup, &mut copy).map_err(failed("writing", copy.path()))?;
    check_copy(copy.path()).await.map_err(|cause| BackupError::NoBackup(file.to_owned(), cause))?;
    own_like(copy.path(), if replaces { &target } else { folder })?;
    copy.as_file().sync_all().map_err(failed("writing", copy.path()))?;

    let held = if replaces { hold(&target).await? } else { None };
    let kept = set_aside(&target, replaces, held.is_some())?;
    copy.persist(&target).map_err(|error| BackupError::File("writing", target.clone(), error.error))?;
    sync_folder(folder)?;
    if let Some(held) = held {
        held.release().await;
    }
    let mut said = format!("{} is restored from {}.", target.display(), file.display());
    if replaces {
        said += &format!(" What was there is kept as {}.", kept.display());
    }
    writeln!(out, "{said}").map_err(failed("writing", Path::new("the standard output")))?;
    let _ = writeln!(
        io::stderr(),
        "Passwords, disabled accounts and sessions are as they were at the backup: what ended since then lives again. To end \
         every session: storage-lab sessions revoke --all"
    );
    Ok(())
}

/// Takes the old database for this process alone.
async fn hold(target: &Path) -> Result<Option<Held>, BackupError> {
    match Held::take(target).await {
        Ok(held) => Ok(Some(held)),
        // A damaged one is what backups are for. It is kept with what lies beside it.
        Err(CopyError::Damaged(_)) => Ok(None),
        Err(cause) => Err(BackupError::Held(target.to_owned(), cause)),
    }
}

fn tools(database: &DatabaseArgs) -> Result<PostgresTools, BackupError> {
    PostgresTools::of(&database.database_url).map_err(BackupError::Url)
}

/// Keeps the old database under a name of its own; returns that name. The database itself stays in place for the one rename that
/// replaces it. What lies beside it must go, or SQLite would apply it to the restored one; where the old one is not whole by
/// itself it goes along.
fn set_aside(target: &Path, replaces: bool, is_whole: bool) -> Result<PathBuf, BackupError> {
    let now = UNIX_EPOCH + Duration::from_secs(SystemClock.now().unsigned_abs());
    let stamp = humantime::format_rfc3339_seconds(now).to_string().replace(['-', ':'], "");
    let mut kept = OsString::from(target);
    kept.push(format!(".replaced-{stamp}"));
    let kept = PathBuf::from(kept);
    if replaces {
        fs::hard_link(target, &kept).map_err(failed("keeping the old database", &kept))?;
    }
    for (beside, aside) in side_files(target).into_iter().zip(side_files(&kept)) {
        match if is_whole { fs::remove_file(&beside) } else { fs::rename(&beside, aside) } {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(BackupError::File("moving away", beside, error));
            }
            _ => {}
        }
    }
    Ok(kept)
}

/// An empty file that only its owner may read, and that goes unless it is renamed.
fn file_in(folder: &Path) -> Result<NamedTempFile, BackupError> {
    Builder::new().prefix(".storage-lab-").tempfile_in(folder).map_err(failed("writing in the folder", folder))
}

/// Gives a file to the owner of another, so that root can restore what a server's own user serves.
fn own_like(file: &Path, model: &Path) -> Result<(), BackupError> {
    if !rustix::process::geteuid().is_root() {
        return Ok(());
    }
    let owner = model.metadata().map_err(failed("reading", model))?;
    chown(file, Some(owner.uid()), Some(owner.gid())).map_err(failed("changing the owner", file))
}

/// A rename lasts once its folder is on the disk.
fn sync_folder(folder: &Path) -> Result<(), BackupError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed("writing the folder", folder))
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
