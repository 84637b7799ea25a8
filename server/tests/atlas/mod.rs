//! The atlas over HTTP: the page as it comes without scripts, and its data.

use crate::support::{Kind, TestServer};
use app::atlas::{Atlas, Listed, SCHEMA, shipped};
use rstest::rstest;
use server::store::Operation;

#[tokio::test]
async fn the_page_shows_every_column_with_its_evidence_without_scripts() {
    let server = TestServer::on(Kind::Sqlite).await;
    let page = server.visitor().get("/atlas").await;
    assert_eq!(page.status, 200);
    for column in shipped().unwrap() {
        assert!(page.body.contains(&format!(">{column}<")), "{column}");
        for slug in column.experiments.keys() {
            assert!(page.body.contains(&format!("id=\"{slug}\"")), "{slug}");
            assert!(page.body.contains(&format!("href=\"/experiments/{slug}\"")), "{slug}");
        }
    }
    for words in ["Holds, with a catch", "<details", "did not reach", "Right was: ", "without TLS"] {
        assert!(page.body.contains(words), "{words}");
    }
    assert_eq!(server.visitor().get("/atlas/elsewhere").await.status, 404);
}

#[tokio::test]
async fn the_catalogue_and_each_experiment_lead_to_it() {
    let server = TestServer::on(Kind::Sqlite).await;
    assert!(server.visitor().get("/experiments").await.body.contains("href=\"/atlas\""));
    let experiment = server.visitor().get("/experiments/http-forgets").await;
    assert!(experiment.body.contains("href=\"/atlas#http-forgets\""));
}

#[rstest]
#[tokio::test]
async fn an_imported_column_is_shown_last_marked_and_escaped(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    let mut column = shipped().unwrap().remove(0);
    column.browser = "<b>Browser</b>".into();
    let content = serde_json::to_string(&Atlas { schema: SCHEMA, columns: vec![column.clone()] }).unwrap();
    let contents = [content, "of another version".to_owned()];
    let operation = Operation { at: 0, operator: "root".into(), command: "atlas import", subject: String::new() };
    server.store.add_columns("the <i>class</i>", &contents, 9, &operation).await.unwrap();

    let listed: Vec<Listed> = serde_json::from_str(&server.visitor().get("/api/atlas").await.body).unwrap();
    assert_eq!(listed.len(), shipped().unwrap().len() + 1, "what cannot be read is left out");
    assert_eq!(listed.last().unwrap(), &Listed { column, imported: Some("the <i>class</i>".into()) });
    assert!(listed[..listed.len() - 1].iter().all(|listed| listed.imported.is_none()));

    let page = server.visitor().get("/atlas").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("imported: the &lt;i&gt;class&lt;/i&gt;"));
    assert!(!page.body.contains("<b>Browser") && !page.body.contains("<i>class"));
}

#[tokio::test]
async fn a_lost_database_is_told_on_the_page() {
    let server = TestServer::on(Kind::Sqlite).await;
    server.store.close().await;
    assert_eq!(server.visitor().get("/api/atlas").await.status, 503);
    assert!(server.visitor().get("/atlas").await.body.contains("cannot reach its database"));
}
