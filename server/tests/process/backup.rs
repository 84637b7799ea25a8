//! Backups: made while a server works, refused where they would harm, put back whole.

use super::{
    Process,
    cluster::programs,
    operators::{Said, operate},
};
use crate::support::{Database, Kind, PASSWORD};
use app::bench::Observation;
use sqlx::{Connection, SqliteConnection};
use std::{
    collections::BTreeSet,
    env, fs,
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

fn at(file: &Path) -> Database {
    Database::at(format!("sqlite://{}", file.display()))
}

fn backup(database: &Database, file: &Path) -> Said {
    operate(database, &["backup", file.to_str().unwrap()])
}

fn restore(database: &Database, file: &Path, more: &[&str]) -> Said {
    operate(database, &[&["restore", file.to_str().unwrap()], more].concat())
}

fn sign_up(server: &Process, name: &str) -> u16 {
    server.call("POST", "/api/signup", &[("username", name), ("password", PASSWORD)]).unwrap().0
}

/// Status, and the session's cookie.
fn log_in(server: &Process, name: &str) -> (u16, String) {
    let answer = server.call("POST", "/api/login", &[("username", name), ("password", PASSWORD)]).unwrap();
    (answer.0, answer.1.split(';').next().unwrap().to_owned())
}

/// Stops a server, so that all it wrote is in the one file of its database.
pub fn stopped(mut server: Process) {
    // It listens before it waits for the signal.
    assert_eq!(server.call("GET", "/readyz", &[]).unwrap().0, 200);
    assert!(server.terminate().success());
}

fn files(folder: &Path) -> BTreeSet<String> {
    fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
}

/// The one file whose name begins so.
fn file_named(folder: &Path, beginning: &str) -> PathBuf {
    let found: Vec<_> = files(folder).into_iter().filter(|name| name.starts_with(beginning)).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    folder.join(&found[0])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_has_all_that_was_answered_before_it_began() {
    let database = Database::new(Kind::Sqlite).await;
    let server = Process::start(&database);
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let answered = Mutex::new(Vec::new());
    let count = || answered.lock().unwrap().len();

    // Signs up, logs in and puts a value; an account counts once all three were answered. Under load the server may say 503.
    let work = || {
        while !stop.load(Ordering::SeqCst) {
            let name = format!("user-{}", next.fetch_add(1, Ordering::SeqCst));
            let (signed_up, (logged_in, cookie)) = (sign_up(&server, &name), log_in(&server, &name));
            let put = [("name", "lab-mine"), ("value", &*name)];
            let put = server.call_as(&cookie, "POST", "/api/values/put", &put).unwrap().0;
            if [signed_up, logged_in, put] == [200; 3] {
                answered.lock().unwrap().push((name, cookie));
            }
        }
    };
    // Until one was made while accounts were answered. Nothing is asserted before the others have stopped.
    let backups = thread::scope(|scope| {
        let workers: Vec<_> = (0..4).map(|_| scope.spawn(work)).collect();
        let mut backups = Vec::new();
        while !workers.iter().any(|worker| worker.is_finished()) && backups.len() < 20 {
            if count() < 20 {
                thread::sleep(Duration::from_millis(5));
                continue;
            }
            let file = database.folder.path().join(format!("backup-{}", backups.len()));
            let before = answered.lock().unwrap().clone();
            let said = backup(&database, &file);
            let under_load = count() > before.len();
            backups.push((file, before, said, under_load));
            if under_load {
                break;
            }
        }
        stop.store(true, Ordering::SeqCst);
        backups
    });
    for (file, _, said, _) in &backups {
        assert!(said.done && said.out.contains(" is a backup of "), "{}", said.notes);
        assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let (file, before, _, under_load) = backups.last().unwrap();
    assert!(under_load, "the last was made while others were answered");

    let place = database.folder.path().join("a/new/place");
    let restored = at(&place.join("lab.db"));
    let said = restore(&restored, file, &[]);
    assert!(said.done && said.notes.contains("sessions revoke --all"), "{}", said.notes);
    assert_eq!(files(&place), BTreeSet::from(["lab.db".to_owned()]));
    let server = Process::start(&restored);
    for (name, cookie) in before {
        assert_eq!(log_in(&server, name).0, 200, "{name} was answered and is not in the backup");
        let observation = server.call_as(cookie, "POST", "/api/observe", &[]).unwrap().2;
        let session = serde_json::from_str::<Observation>(&observation).unwrap().session.unwrap();
        assert_eq!((session.username.as_deref(), session.values[0].value.as_str()), (Some(&**name), &**name));
    }
    stopped(server);
    let mut connection = SqliteConnection::connect(&restored.url).await.unwrap();
    let checked: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut connection).await.unwrap();
    assert_eq!(checked, "ok");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_is_replaced_whole_and_the_old_one_is_kept() {
    let database = Database::new(Kind::Sqlite).await;
    let folder = database.folder.path();
    let (file, target) = (folder.join("lab.backup"), folder.join("test.db"));
    let server = Process::start(&database);
    assert_eq!(sign_up(&server, "Ada"), 200);
    assert!(backup(&database, &file).done);
    assert_eq!(sign_up(&server, "Bob"), 200);

    let Said { done, notes, .. } = restore(&database, &file, &["--yes"]);
    assert!(!done && notes.contains("has it open") && notes.contains("Stop what uses it first"), "{notes}");
    assert_eq!((log_in(&server, "Bob").0, log_in(&server, "Ada").0), (200, 200), "nobody has noticed");

    // What was answered last stands in the file beside, which must not come into the restored database.
    server.kill();
    drop(server);
    assert!(fs::metadata(folder.join("test.db-wal")).unwrap().len() > 0);
    let before = files(folder);
    let Said { done, notes, .. } = restore(&database, &file, &[]);
    assert!(!done && notes.contains("add --yes"), "{notes}");
    assert_eq!(files(folder), before);
    let is_root = fs::metadata("/proc/self").unwrap().uid() == 0;
    if is_root {
        chown(&target, Some(12_345), Some(54_321)).unwrap();
    }
    let Said { done, notes, out } = restore(&database, &file, &["--yes"]);
    assert!(done && out.contains("is kept as "), "{notes}");
    let owner = fs::metadata(&target).unwrap();
    assert_eq!(owner.permissions().mode() & 0o777, 0o600);
    assert!(!is_root || (owner.uid(), owner.gid()) == (12_345, 54_321), "the server's user has it still");

    let server = Process::start(&database);
    assert_eq!((log_in(&server, "Ada").0, log_in(&server, "Bob").0), (200, 401));
    let kept = at(&file_named(folder, "test.db.replaced-"));
    let server = Process::start(&kept);
    assert_eq!((log_in(&server, "Ada").0, log_in(&server, "Bob").0), (200, 200));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_database_is_replaced_and_what_lies_beside_it_does_not_come_into_the_restored_one() {
    let database = Database::new(Kind::Sqlite).await;
    let folder = database.folder.path();
    let file = folder.join("lab.backup");
    let server = Process::start(&database);
    assert_eq!(sign_up(&server, "Ada"), 200);
    assert!(backup(&database, &file).done);
    server.kill();
    drop(server);
    fs::write(folder.join("test.db"), "no database at all").unwrap();
    fs::write(folder.join("test.db-wal"), "nor its log").unwrap();
    let Said { done, notes, .. } = restore(&database, &file, &["--yes"]);
    assert!(done, "{notes}");
    assert!(!folder.join("test.db-wal").exists() && !folder.join("test.db-shm").exists());
    let kept = files(folder).into_iter().find(|name| name.contains(".replaced-") && name.ends_with('Z')).unwrap();
    assert_eq!(fs::read_to_string(folder.join(kept)).unwrap(), "no database at all");
    assert_eq!(log_in(&Process::start(&database), "Ada").0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_whole_backup_of_a_known_version_is_refused_and_nothing_changes() {
    let database = Database::new(Kind::Sqlite).await;
    let folder = database.folder.path();
    let target = folder.join("test.db");
    let server = Process::start(&database);
    assert_eq!(sign_up(&server, "Ada"), 200);
    let good = folder.join("good");
    assert!(backup(&database, &good).done);
    drop(server);
    let copy = |name: &str| {
        let file = folder.join(name);
        fs::copy(&good, &file).unwrap();
        file
    };
    let (newer, other, half, foreign) = (copy("newer"), copy("other"), copy("half"), folder.join("foreign"));
    at(&newer)
        .execute(
            "UPDATE _sqlx_migrations SET version = 9999 WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)",
        )
        .await;
    at(&other).execute("UPDATE _sqlx_migrations SET checksum = x'00' WHERE version = 2").await;
    let orphan = copy("orphan");
    at(&orphan).execute("PRAGMA foreign_keys = OFF; DELETE FROM users; INSERT INTO events (user_id, at, kind, times, address, agent) VALUES (1, 1, 'logged_in', 1, '', '')").await;
    let bytes = fs::read(&good).unwrap();
    fs::write(&half, &bytes[..bytes.len() / 2]).unwrap();
    let in_use = copy("in-use");
    fs::write(folder.join("in-use-wal"), "a log").unwrap();
    fs::write(&foreign, "").unwrap();
    at(&foreign).execute("CREATE TABLE another_programs (id BIGINT)").await;
    let text = folder.join("text");
    fs::write(&text, "no database at all").unwrap();

    let (before, content) = (files(folder), fs::read(&target).unwrap());
    for (file, reason) in [
        (newer, "its schema has version 9999"),
        (other, "its migration 2 is not this program's"),
        (orphan, "refer to others that are not there"),
        (half, "it is damaged"),
        (in_use, "it is a database in use"),
        (foreign, "it holds no tables of Storage Lab"),
        (text, "it is damaged"),
        (folder.join("no-such-file"), "No such file"),
    ] {
        let Said { done, notes, out } = restore(&database, &file, &["--yes"]);
        assert!(!done && out.is_empty() && notes.contains(reason), "{}: {notes}", file.display());
        assert_eq!(
            (files(folder), fs::read(&target).unwrap() == content),
            (before.clone(), true),
            "{}",
            file.display()
        );
    }
    assert!(restore(&database, &good, &["--yes"]).done);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_replaces_nothing_and_leaves_nothing_behind_when_it_fails() {
    let database = Database::new(Kind::Sqlite).await;
    let folder = database.folder.path();
    stopped(Process::start(&database));
    let file = folder.join("there");
    fs::write(&file, "something of the operator's").unwrap();
    let before = files(folder);
    let Said { done, notes, .. } = backup(&database, &file);
    assert!(!done && notes.contains("is there already, and stays"), "{notes}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "something of the operator's");
    let Said { done, notes, .. } = backup(&at(&folder.join("not.db")), &folder.join("new"));
    assert!(!done && notes.contains("not.db: there is no such file"), "{notes}");
    let Said { done, notes, .. } = backup(&database, &folder.join("no/such/folder/new"));
    assert!(!done && notes.contains("no/such/folder"), "{notes}");
    assert_eq!(files(folder), before);
    let damaged = folder.join("damaged");
    fs::write(&damaged, "no database at all").unwrap();
    let Said { done, notes, .. } = backup(&at(&damaged), &folder.join("new"));
    assert!(!done && notes.contains("it is damaged"), "{notes}");
    assert!(!folder.join("new").exists() && !files(folder).iter().any(|name| name.starts_with('.')));
}

/// The command that is printed in a line of its own.
fn printed(said: &Said) -> &str {
    assert!(!said.done && said.out.is_empty() && !said.notes.contains("a-hidden-word"), "{}", said.notes);
    said.notes.lines().find_map(|line| line.strip_prefix("  ")).unwrap()
}

/// Gives a command to a shell that finds PostgreSQL's programs.
fn give_to_shell(command: &str) {
    let path = format!("{}:{}", env::var("PATH").unwrap(), programs());
    let output = Command::new("sh").args(["-c", command]).env("PATH", path).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_commands_that_are_printed_for_postgresql_make_a_backup_and_restore_it() {
    let database = Database::new(Kind::Postgres).await;
    let mut url = url::Url::parse(&database.url).unwrap();
    url.set_password(Some("a-hidden-word")).unwrap();
    let asked = Database::at(url.to_string());
    let server = Process::start(&database);
    assert_eq!(sign_up(&server, "Ada"), 200);
    let file = database.folder.path().join("our lab.dump");
    give_to_shell(printed(&backup(&asked, &file)));
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(sign_up(&server, "Bob"), 200);
    drop(server);
    give_to_shell(printed(&restore(&asked, &file, &[])));
    let server = Process::start(&database);
    assert_eq!((log_in(&server, "Ada").0, log_in(&server, "Bob").0), (200, 401));
}
