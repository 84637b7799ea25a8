//! The operator's commands, beside a running server.

use super::{BINARY, Process};
use crate::support::{Database, Kind, PASSWORD};
use app::accounts::{EventKind, Username};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rstest::rstest;
use server::store::Store;
use sqlx::{AnyConnection, Connection, Row};
use std::{fs, process::Command};

/// What a command said.
pub struct Said {
    pub done: bool,
    pub out: String,
    pub notes: String,
}

/// Gives a command by itself.
pub fn give(command: &mut Command) -> Said {
    let output = command.env_remove("SUDO_USER").output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Said { done: output.status.success(), out: text(output.stdout), notes: text(output.stderr) }
}

/// Gives a command on this database.
pub fn operate(database: &Database, arguments: &[&str]) -> Said {
    give(Command::new(BINARY).args(arguments).args(["--database-url", &database.url]))
}

/// What happened to Ada's account, the latest first.
async fn events(database: &Database) -> Vec<EventKind> {
    let store = Store::open(&database.url).await.unwrap();
    let ada = store.find_user(&Username::parse("Ada").unwrap()).await.unwrap().unwrap();
    let events = store.list_events(ada.id, 100).await.unwrap();
    store.close().await;
    events.iter().map(|event| event.kind).collect()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_operator_lists_disables_enables_and_deletes_accounts(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let database = Database::new(kind).await;
    let server = Process::start(&database);
    let log_in = || {
        let answer = server.call("POST", "/api/login", &[("username", "Ada"), ("password", PASSWORD)]).unwrap();
        (answer.0, answer.1.split(';').next().unwrap().to_owned())
    };
    let who_am_i = |cookie: &str| server.call_as(cookie, "GET", "/api/whoami", &[]).unwrap().0;
    server.call("POST", "/api/signup", &[("username", "Ada"), ("password", PASSWORD)]).unwrap();
    let (_, cookie) = log_in();
    assert_eq!(who_am_i(&cookie), 200);

    let listed = operate(&database, &["users", "list"]).out;
    let line = listed.lines().find(|line| line.starts_with("Ada ")).unwrap();
    assert!(line.ends_with(" 1") && line.contains(" - "), "{listed}");
    let listed = operate(&database, &["sessions", "list", "--user", "ada"]).out;
    assert!(listed.lines().nth(1).is_some_and(|line| line.contains("127.0.0.1")), "{listed}");

    assert!(operate(&database, &["users", "disable", "ada"]).done);
    assert_eq!(who_am_i(&cookie), 401, "logged out at the next request");
    assert_eq!(log_in().0, 401, "and the answer is that of a wrong password");
    assert!(operate(&database, &["users", "enable", "ada"]).done);
    let (status, cookie) = log_in();
    assert_eq!((status, who_am_i(&cookie)), (200, 200));

    let said = operate(&database, &["sessions", "revoke", "--user", "ada"]);
    assert!(said.done && said.out == "1 sessions of ada ended.\n", "{}", said.out);
    assert_eq!(who_am_i(&cookie), 401);
    let (_, cookie) = log_in();
    let said = operate(&database, &["sessions", "revoke", "--all"]);
    assert!(said.done && said.out == "1 sessions ended.\n", "{}", said.out);
    assert_eq!(who_am_i(&cookie), 401);

    let said = operate(&database, &["users", "delete", "ada"]);
    assert!(!said.done && said.notes.contains("add --yes"), "{}", said.notes);
    assert!(operate(&database, &["users", "delete", "ada", "--yes"]).done);
    let said = operate(&database, &["users", "enable", "ada"]);
    assert!(!said.done && said.notes.contains("there is no account named ada"), "{}", said.notes);
    assert_eq!(log_in().0, 401);
}

/// A visitor's column as it is exported.
fn exported(browser: &str) -> serde_json::Value {
    serde_json::json!({ "schema": 1, "columns": [{
        "browser": browser, "version": "140", "engine": "Gecko", "system": "Linux", "scheme": "https",
        "measured": "2026-11-28", "made_by": "visitor", "lab": "0.1.0",
        "experiments": { "http-forgets": { "outcome": "holds", "answer": 1, "words": "Seen in class.", "figures": [] } },
        "matrix": { "restart": { "opfs": { "outcome": "kept", "before": "the marker", "after": "the marker" } } },
    }] })
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_operator_imports_lists_and_removes_columns_of_the_atlas(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let database = Database::new(kind).await;
    let server = Process::start(&database);
    let page = || server.call("GET", "/atlas", &[]).unwrap();
    let file = database.folder.path().join("column.json");
    let name = file.to_str().unwrap();
    fs::write(&file, exported("Firefox").to_string()).unwrap();
    assert!(!page().2.contains("Seen in class."));

    let said = operate(&database, &["atlas", "import", name, "--name", "class 7b"]);
    assert!(said.done && said.out == "Firefox 140, HTTPS is imported as 1.\n", "{}", said.out);
    let shown = page().2;
    assert!(shown.contains("Seen in class.") && shown.contains("imported: class 7b"));
    let listed = operate(&database, &["atlas", "list"]).out;
    let line = listed.lines().nth(1).unwrap();
    assert!(
        line.contains("1 class 7b ") && line.contains(" Firefox 140, HTTPS ") && line.contains("2026-11-28"),
        "{listed}"
    );

    for (content, reason) in [
        ("{".to_owned(), "cannot be read as an atlas"),
        (exported("Fire\u{7}fox").to_string(), "control characters"),
        ("x".repeat(300_000), "more than 256 KiB"),
    ] {
        fs::write(&file, content).unwrap();
        let Said { done, notes, .. } = operate(&database, &["atlas", "import", name]);
        assert!(!done && notes.contains("nothing is imported") && notes.contains(reason), "{notes}");
    }
    let said = operate(&database, &["atlas", "import", "no-such-file"]);
    assert!(!said.done && said.notes.contains("no-such-file cannot be read"), "{}", said.notes);

    let said = operate(&database, &["atlas", "remove", "1"]);
    assert!(said.done && said.out == "1 is removed.\n", "{}", said.out);
    assert!(!page().2.contains("Seen in class."));
    let said = operate(&database, &["atlas", "remove", "1"]);
    assert!(!said.done && said.notes.contains("no column has the id 1"), "{}", said.notes);
}

/// Every command that there is, as it is given by somebody in the wrong place.
const COMMANDS: [&[&str]; 7] = [
    &["users", "list"],
    &["users", "disable", "ada"],
    &["users", "reset", "ada"],
    &["sessions", "list", "--user", "ada"],
    &["sessions", "revoke", "--all"],
    &["atlas", "list"],
    &["operations", "list"],
];

#[test]
fn a_command_in_the_wrong_folder_is_refused_and_makes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in COMMANDS {
        let mut command = Command::new(BINARY);
        let said = give(command.args(arguments).env_remove("STORAGE_LAB_DATABASE_URL").current_dir(folder.path()));
        let file = folder.path().join("data/storage-lab.db");
        assert!(!said.done && said.out.is_empty(), "{arguments:?}: {}", said.out);
        assert!(said.notes.contains("there is no such file"), "{}", said.notes);
        assert!(said.notes.contains(file.to_str().unwrap()), "{}", said.notes);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "{arguments:?}");
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_command_refuses_a_database_that_no_server_has_made_and_leaves_it_as_it_is(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let database = Database::new(kind).await;
    let file = database.folder.path().join("test.db");
    if let Kind::Sqlite = kind {
        fs::write(&file, "").unwrap();
    }
    database.execute("CREATE TABLE another_programs (id BIGINT)").await;
    let before = fs::read(&file).ok();
    for arguments in COMMANDS {
        let said = operate(&database, arguments);
        assert!(!said.done && said.notes.contains("it holds no tables of Storage Lab"), "{}", said.notes);
    }
    assert_eq!(fs::read(&file).ok(), before);
    let tables = match kind {
        Kind::Sqlite => "SELECT COUNT(*) AS tables FROM sqlite_master",
        Kind::Postgres => "SELECT COUNT(*) AS tables FROM information_schema.tables WHERE table_schema = 'public'",
    };
    let mut connection = AnyConnection::connect(&database.url).await.unwrap();
    let row = sqlx::query(tables).fetch_one(&mut connection).await.unwrap();
    assert_eq!(row.try_get::<i64, _>("tables").unwrap(), 1);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_command_refuses_the_database_of_another_version(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let database = Database::new(kind).await;
    Store::open(&database.url).await.unwrap().close().await;
    assert!(operate(&database, &["users", "list"]).done);

    database.execute("INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) SELECT 9999, description, success, checksum, execution_time FROM _sqlx_migrations WHERE version = 1").await;
    for arguments in COMMANDS {
        let Said { done, notes, .. } = operate(&database, arguments);
        assert!(!done && notes.contains("its schema has version 9999"), "{notes}");
        assert!(notes.contains("Use the program of the server that made it"), "{notes}");
    }

    database.execute("DELETE FROM _sqlx_migrations WHERE version > 3").await;
    for arguments in COMMANDS {
        let Said { done, notes, .. } = operate(&database, arguments);
        assert!(!done && notes.contains("its schema has version 3"), "{notes}");
        assert!(notes.contains("Start the server of this version once"), "{notes}");
    }
    let mut connection = AnyConnection::connect(&database.url).await.unwrap();
    let row = sqlx::query("SELECT MAX(version) AS latest FROM _sqlx_migrations").fetch_one(&mut connection).await;
    assert_eq!(row.unwrap().try_get::<i64, _>("latest").unwrap(), 3, "nothing is migrated");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_command_says_which_database_it_used_without_its_password(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let mut database = Database::new(kind).await;
    Store::open(&database.url).await.unwrap().close().await;
    let name = match kind {
        Kind::Sqlite => database.folder.path().join("test.db").to_str().unwrap().to_owned(),
        Kind::Postgres => {
            let mut url = url::Url::parse(&database.url).unwrap();
            url.set_password(Some("a-hidden-word")).unwrap();
            database.url = url.to_string();
            url.path().to_owned()
        }
    };
    let wrong = Database::at(match kind {
        Kind::Sqlite => format!("{}.not", database.url),
        Kind::Postgres => format!("{}_not", database.url),
    });
    for said in [operate(&database, &["users", "list"]), operate(&wrong, &["users", "list"])] {
        let text = said.out + &said.notes;
        assert!(said.notes.contains(&name), "{text}");
        assert!(!text.contains("a-hidden-word"), "{text}");
    }
    let said = operate(&database, &["users", "list"]);
    assert!(said.out.starts_with("USERNAME ") && said.out.lines().count() == 1, "{}", said.out);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_an_operator_did_stays_listed_and_is_told_to_the_account(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let database = Database::new(kind).await;
    let server = Process::start(&database);
    for name in ["Ada", "Bob"] {
        server.call("POST", "/api/signup", &[("username", name), ("password", PASSWORD)]).unwrap();
    }
    let log_in = || server.call("POST", "/api/login", &[("username", "Ada"), ("password", PASSWORD)]).unwrap();
    assert_eq!(log_in().0, 200);

    assert!(operate(&database, &["sessions", "revoke", "--all"]).done);
    assert_eq!(events(&database).await[..2], [EventKind::RevokedByOperator, EventKind::LoggedIn]);
    assert!(operate(&database, &["sessions", "revoke", "--user", "Ada"]).done);
    assert_eq!(events(&database).await[1], EventKind::LoggedIn, "no session was left to end");
    assert_eq!(log_in().0, 200);
    for arguments in [
        &["sessions", "revoke", "--user", "Ada"][..],
        &["users", "reset", "Ada"],
        &["users", "disable", "Ada"],
        &["users", "enable", "Ada"],
    ] {
        assert!(operate(&database, arguments).done, "{arguments:?}");
    }
    assert_eq!(
        events(&database).await[..4],
        [
            EventKind::EnabledByOperator,
            EventKind::DisabledByOperator,
            EventKind::ResetByOperator,
            EventKind::RevokedByOperator,
        ]
    );
    assert!(!operate(&database, &["users", "delete", "Ada"]).done, "without --yes it is not done and not listed");
    assert!(operate(&database, &["users", "delete", "Ada", "--yes"]).done);
    assert!(operate(&database, &["users", "list"]).done, "what only looks is not listed");

    let file = database.folder.path().join("column.json");
    fs::write(&file, exported("Firefox").to_string()).unwrap();
    assert!(operate(&database, &["atlas", "import", file.to_str().unwrap()]).done);
    assert!(operate(&database, &["atlas", "remove", "1"]).done);
    assert!(!operate(&database, &["atlas", "remove", "1"]).done);

    let listed = operate(&database, &["operations", "list"]).out;
    let user = whoami::username().unwrap();
    let done: Vec<_> = listed
        .lines()
        .skip(1)
        .map(|line| {
            let (at, done) = line.split_once(' ').unwrap();
            assert!(at.starts_with("20") && at.ends_with('Z'), "{line}");
            let done = done.trim_start().strip_prefix(&user).unwrap();
            done.split_whitespace().collect::<Vec<_>>().join(" ")
        })
        .collect();
    assert_eq!(
        done,
        [
            "sessions revoke --all",
            "sessions revoke --user Ada",
            "sessions revoke --user Ada",
            "users reset Ada",
            "users disable Ada",
            "users enable Ada",
            "users delete Ada",
            "atlas import Firefox 140, HTTPS",
            "atlas remove 1",
        ]
    );
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_owner_sets_a_new_password_by_the_operators_link(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    const NEW: &str = "a bell, a boat, a button";
    let database = Database::new(kind).await;
    let server = Process::start(&database);
    let log_in =
        |password| server.call("POST", "/api/login", &[("username", "Ada"), ("password", password)]).unwrap().0;
    server.call("POST", "/api/signup", &[("username", "Ada"), ("password", PASSWORD)]).unwrap();

    let said = operate(&database, &["users", "reset", "ada", "--site", "https://lab.example"]);
    assert!(said.done && said.notes.contains("for 30 minutes"), "{}", said.notes);
    let code = said.out.trim_end().strip_prefix("https://lab.example/reset#").unwrap();
    assert!(code.len() == 43 && !said.notes.contains(code), "{}", said.notes);
    let usual = operate(&database, &["users", "reset", "ada"]).out;
    let newer = usual.trim_end().strip_prefix("http://localhost:3000/reset#").unwrap();

    // Neither as the link spells it nor as the bytes that it means.
    let bytes = URL_SAFE_NO_PAD.decode(newer).unwrap();
    for file in fs::read_dir(database.folder.path()).unwrap() {
        let content = fs::read(file.unwrap().path()).unwrap();
        let holds = |secret: &[u8]| content.windows(secret.len()).any(|part| part == secret);
        assert!(!holds(newer.as_bytes()) && !holds(&bytes));
    }

    let reset = |code| server.call("POST", "/api/reset", &[("code", code), ("new_password", NEW)]).unwrap();
    let (status, _, body) = reset(code);
    assert_eq!((status, body.as_str()), (422, r#"{"error":"wrong_code"}"#), "the newer link has replaced it");
    assert_eq!(reset(newer).0, 200);
    assert_eq!((log_in(PASSWORD), log_in(NEW)), (401, 200));

    assert!(operate(&database, &["users", "disable", "ada"]).done);
    let said = operate(&database, &["users", "reset", "ada"]);
    assert!(!said.done && said.notes.contains("ada is disabled") && said.out.is_empty(), "{}", said.notes);

    let log = server.stopped_log();
    for code in [code, newer] {
        assert!(!log.contains(code), "{log}");
    }
}
