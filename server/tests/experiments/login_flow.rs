//! The source that the page of the log-in flow shows: the code that runs in each step, as it stands in the project.

use crate::{
    process::PROJECT,
    support::{Kind, TestServer},
};
use app::experiments::Listing;

/// Lines as far to the left as they go.
fn unindented<'a>(lines: impl Iterator<Item = &'a str> + Clone) -> String {
    let indent = lines.clone().filter(|line| !line.is_empty()).map(|line| line.len() - line.trim_start().len()).min();
    lines.map(|line| line.get(indent.unwrap_or_default()..).unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn every_step_shows_code_that_stands_in_the_project() {
    let server = TestServer::on(Kind::Sqlite).await;
    let answer = server.visitor().post("/api/login-flow/listings", &[]).await;
    assert_eq!(answer.status, 200, "an item that is shown was moved or renamed: {}", answer.body);
    let steps: Vec<Vec<Listing>> = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(steps.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 2, 2, 5, 4, 3, 1]);
    for Listing { path, first_line, lines } in steps.into_iter().flatten() {
        let file = std::fs::read_to_string(format!("{PROJECT}/{path}")).unwrap();
        let shown = file.lines().skip(first_line - 1).take(lines.lines().count());
        assert_eq!(lines, unindented(shown), "{path}:{first_line}");
        assert!(lines.lines().any(|line| line.contains("fn ") || line.contains("const ")), "{path}:{first_line}");
    }
}
