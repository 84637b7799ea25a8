//! The operator's commands, beside a running server.

use super::{BINARY, Process};
use crate::support::{Database, Kind, PASSWORD};
use rstest::rstest;
use std::{fs, process::Command};

/// What the command printed, and whether it succeeded.
fn operate(database: &Database, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(BINARY).args(arguments).args(["--database-url", &database.url]).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
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

    let (_, listed) = operate(&database, &["users", "list"]);
    let line = listed.lines().find(|line| line.starts_with("Ada ")).unwrap();
    assert!(line.ends_with(" 1") && line.contains(" - "), "{listed}");
    let (_, listed) = operate(&database, &["sessions", "list", "--user", "ada"]);
    assert!(listed.lines().nth(1).is_some_and(|line| line.contains("127.0.0.1")), "{listed}");

    assert!(operate(&database, &["users", "disable", "ada"]).0);
    assert_eq!(who_am_i(&cookie), 401, "logged out at the next request");
    assert_eq!(log_in().0, 401, "and the answer is that of a wrong password");
    assert!(operate(&database, &["users", "enable", "ada"]).0);
    let (status, cookie) = log_in();
    assert_eq!((status, who_am_i(&cookie)), (200, 200));

    assert_eq!(
        operate(&database, &["sessions", "revoke", "--user", "ada"]),
        (true, "1 sessions of ada ended.\n".into())
    );
    assert_eq!(who_am_i(&cookie), 401);
    let (_, cookie) = log_in();
    assert_eq!(operate(&database, &["sessions", "revoke", "--all"]), (true, "1 sessions ended.\n".into()));
    assert_eq!(who_am_i(&cookie), 401);

    let (done, reason) = operate(&database, &["users", "delete", "ada"]);
    assert!(!done && reason.contains("add --yes"), "{reason}");
    assert!(operate(&database, &["users", "delete", "ada", "--yes"]).0);
    let (done, reason) = operate(&database, &["users", "enable", "ada"]);
    assert!(!done && reason.contains("there is no account named ada"), "{reason}");
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

    let (done, said) = operate(&database, &["atlas", "import", name, "--name", "class 7b"]);
    assert!(done && said == "Firefox 140, HTTPS is imported as 1.\n", "{said}");
    let shown = page().2;
    assert!(shown.contains("Seen in class.") && shown.contains("imported: class 7b"));
    let (_, listed) = operate(&database, &["atlas", "list"]);
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
        let (done, said) = operate(&database, &["atlas", "import", name]);
        assert!(!done && said.contains("nothing is imported") && said.contains(reason), "{said}");
    }
    let (done, said) = operate(&database, &["atlas", "import", "no-such-file"]);
    assert!(!done && said.contains("no-such-file cannot be read"), "{said}");

    assert_eq!(operate(&database, &["atlas", "remove", "1"]), (true, "1 is removed.\n".into()));
    assert!(!page().2.contains("Seen in class."));
    let (done, said) = operate(&database, &["atlas", "remove", "1"]);
    assert!(!done && said.contains("no column has the id 1"), "{said}");
}
