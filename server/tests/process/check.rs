//! `storage-lab check`: each thing that is wrong is named with what to do, and none of it is a secret.

use super::{
    BINARY, Process,
    backup::stopped,
    operators::{Said, give, operate},
    tls::{files, write_pair},
};
use crate::support::{Database, Kind};
use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use rstest::rstest;
use server::clock::{Clock, SystemClock};
use std::{
    fs::{self, File, Permissions},
    os::unix::fs::PermissionsExt,
    path::Path,
    process::Command,
    time::{Duration, UNIX_EPOCH},
};

/// Checks this database and a built site, under limits that are words for the shell.
fn check_under(limits: &str, database: &Database, options: &[&str]) -> Said {
    let folder = database.folder.path();
    let site = folder.join("site");
    fs::create_dir_all(site.join("pkg")).unwrap();
    fs::write(site.join("pkg/storage-lab.css"), "").unwrap();
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("{limits}; exec \"$0\" \"$@\""), BINARY, "check", "--database-url", &database.url]);
    shell.args(options).env("LEPTOS_SITE_ROOT", site);
    give(shell.env("STORAGE_LAB_ADDR", "127.0.0.1:0"))
}

fn check(database: &Database, options: &[&str]) -> Said {
    check_under(":", database, options)
}

/// What is said of one thing.
fn line<'s>(said: &'s Said, subject: &str) -> &'s str {
    let is_of = |line: &&str| line.split_whitespace().nth(1) == Some(subject);
    let line = said.out.lines().find(is_of);
    assert!(line.is_some(), "nothing of {subject}:\n{}{}", said.out, said.notes);
    line.unwrap()
}

/// What is said begins so, and contains this.
fn says(said: &Said, verdict: &str, subject: &str, words: &str) {
    let line = line(said, subject);
    assert!(line.starts_with(verdict) && line.contains(words), "{line}");
    assert_eq!(said.done, !said.out.contains("failure "), "{}", said.out);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_well_has_nothing_but_good_lines(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let database = Database::new(kind).await;
    write_pair(database.folder.path());
    fs::set_permissions(database.folder.path().join("key.pem"), Permissions::from_mode(0o600)).unwrap();
    let _server = Process::start(&database);
    let pair = files(database.folder.path());
    let options: Vec<_> = pair.iter().map(String::as_str).chain(["--host", "lab.example"]).collect();
    let said = check_under("ulimit -n 16448", &database, &options);
    let lines: Vec<_> =
        said.out.lines().map(|line| line.split_whitespace().take(2).collect::<Vec<_>>().join(" ")).collect();
    let subjects = ["options", "site", "address", "database", "clock", "files", "certificate", "descriptors"];
    assert_eq!(lines, subjects.map(|subject| format!("ok {subject}")), "{}", said.out);
    assert!(said.done && said.notes.is_empty(), "{}", said.notes);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_the_options_the_site_and_the_address_is_named() {
    let database = Database::new(Kind::Sqlite).await;
    let check = |options: &[&str]| check(&database, options);
    says(&check(&["--idle-timeout", "13h"]), "failure", "options", "is longer than --absolute-timeout 12h");
    says(&check(&["--hash-memory-kib", "1"]), "failure", "options", "--hash-memory-kib");
    says(&check(&["--hash-memory-kib", "64"]), "warning", "options", "weaker");
    says(&check(&["--metrics-addr", "0.0.0.0:0"]), "warning", "options", "other machines");
    says(&check(&["--addr", "0.0.0.0:0"]), "warning", "address", "plain HTTP beyond this machine");
    says(&check(&["--addr", "0.0.0.0:0", "--trusted-proxy", "::1"]), "warning", "address", "--host");
    says(&check(&["--addr", "0.0.0.0:0", "--trusted-proxy", "::1", "--host", "lab.example"]), "ok", "address", "free");
    says(&check(&["--addr", "192.0.2.1:80"]), "failure", "address", "--addr");
    let server = Process::start(&database);
    says(&check(&["--addr", &server.address.to_string()]), "ok", "address", "in use");
    says(&check_under("ulimit -n 500", &database, &[]), "warning", "descriptors", "Raise the hard limit to 16448");
    let said = operate(&database, &["check", "--site", "/nowhere"]);
    says(&said, "failure", "site", "/nowhere");
    assert!(said.notes.contains("1 of ") && said.notes.contains(" checks failed"), "{}", said.notes);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_another_version_or_none_is_told_without_its_password(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let mut database = Database::new(kind).await;
    let missing = match kind {
        Kind::Sqlite => "there is no such file",
        Kind::Postgres => "it holds no tables of Storage Lab",
    };
    says(&check(&database, &[]), "warning", "database", missing);
    assert!(!database.folder.path().join("test.db").exists());
    drop(Process::start(&database));
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) SELECT 9999, description, success, checksum, execution_time FROM _sqlx_migrations WHERE version = 1";
    database.execute(newer).await;
    says(&check(&database, &[]), "failure", "database", "its schema has version 9999");
    database.execute("DELETE FROM _sqlx_migrations WHERE version > 3").await;
    says(&check(&database, &[]), "warning", "database", "storage-lab backup FILE");
    if let Kind::Postgres = kind {
        let mut url = url::Url::parse(&database.url).unwrap();
        url.set_password(Some("a-hidden-word")).unwrap();
        url.set_path("/no_such_database");
        database.url = url.to_string();
        let said = check(&database, &[]);
        says(&said, "failure", "database", "Check --database-url");
        assert!(!said.out.contains("a-hidden-word") && !said.notes.contains("a-hidden-word"), "{}", said.out);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_others_may_read_and_a_clock_that_goes_after_are_told() {
    let database = Database::new(Kind::Sqlite).await;
    let folder = database.folder.path();
    stopped(Process::start(&database));
    let set = |name: &str, mode| fs::set_permissions(folder.join(name), Permissions::from_mode(mode)).unwrap();
    set("test.db", 0o640);
    says(&check(&database, &[]), "warning", "files", "chmod 600");
    set("test.db", 0o604);
    says(&check(&database, &[]), "failure", "files", "test.db has mode 604: everybody");
    set("test.db", 0o600);
    write_pair(folder);
    set("key.pem", 0o644);
    let pair = files(folder);
    says(&check(&database, &pair.each_ref().map(String::as_str)), "failure", "files", "key.pem has mode 644");

    let later = UNIX_EPOCH + Duration::from_secs(SystemClock.now().unsigned_abs() + 3_600);
    File::options().write(true).open(folder.join("test.db")).unwrap().set_modified(later).unwrap();
    says(&check(&database, &[]), "warning", "clock", "the database was changed later");
}

/// Writes a pair that holds for these days from today.
fn write_pair_for(folder: &Path, days: std::ops::Range<i64>) {
    // An hour more, so that the days are whole until the test has looked.
    let at = |days: i64| {
        let seconds = SystemClock.now() + days * 86_400 + 3_600;
        date_time_ymd(1970, 1, 1) + Duration::from_secs(seconds.unsigned_abs())
    };
    let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    (params.not_before, params.not_after) = (at(days.start), at(days.end));
    let key = KeyPair::generate().unwrap();
    fs::write(folder.join("cert.pem"), params.self_signed(&key).unwrap().pem()).unwrap();
    fs::write(folder.join("key.pem"), key.serialize_pem()).unwrap();
    fs::set_permissions(folder.join("key.pem"), Permissions::from_mode(0o600)).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_told_by_the_days_it_has_left() {
    let database = Database::new(Kind::Sqlite).await;
    let folder = database.folder.path();
    let pair = files(folder);
    let check = || check(&database, &pair.each_ref().map(String::as_str));
    says(&check(), "failure", "certificate", "cannot read a certificate from");
    for (days, verdict, words) in [
        (-10..80, "ok", "80 days left"),
        (-80..14, "ok", "14 days left"),
        (-80..13, "warning", "13 days left. Renew it"),
        (-80..0, "warning", "0 days left"),
        (-80..-1, "failure", "it has ended"),
        (1..80, "failure", "it does not hold yet"),
    ] {
        write_pair_for(folder, days);
        says(&check(), verdict, "certificate", words);
    }
    fs::write(folder.join("key.pem"), KeyPair::generate().unwrap().serialize_pem()).unwrap();
    says(&check(), "failure", "certificate", "do not go together");
    says(&super::check::check(&database, &["--tls", "self-signed"]), "ok", "certificate", "at each start");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_other_machines_would_reach_is_named() {
    let database = Database::new(Kind::Sqlite).await;
    let named = ["--app", "http://localhost:8080"];
    let said = check(&database, &named);
    assert!(line(&said, "app").contains("127.0.0.1:3100 forwards to http://localhost:8080"), "{}", said.out);
    let said = check(&database, &[&named[..], &["--app-addr", "0.0.0.0:3100"]].concat());
    assert!(!said.done && line(&said, "app").starts_with("failure"), "{}", said.out);
    let said = check(&database, &["--app", "http://localhost:3100"]);
    assert!(!said.done && line(&said, "app").contains("names this server itself"), "{}", said.out);
}
