//! The built files, from a folder. Those that the binary carries: end2end/http/headers.spec.ts.

use crate::support::{Kind, TestServer};
use axum::http::Method;
use server::{http::AppState, site::Site};
use std::fs;

#[tokio::test]
async fn a_file_from_a_folder_is_served_as_it_is_now() {
    let folder = tempfile::tempdir().unwrap();
    let package = folder.path().join("pkg");
    fs::create_dir(&package).unwrap();
    fs::write(package.join("__wasm_split_manifest.json"), r#"{"accounts":["split_accounts"]}"#).unwrap();
    fs::write(package.join("storage-lab.css"), "a { color: red }").unwrap();
    fs::write(folder.path().join("favicon.svg"), "<svg/>").unwrap();
    let site = Site::in_folder(folder.path().to_owned());
    let server = TestServer::set(Kind::Sqlite, |state| AppState { site, ..state }).await;
    let mut visitor = server.visitor();
    let page = visitor.get("/login").await.body;
    for named in ["storage-lab.css", "storage-lab.js", "storage-lab.wasm", "split_accounts.wasm"] {
        assert!(page.contains(&format!("href=\"/pkg/dev/{named}\"")), "{named} in {page}");
    }
    let style = visitor.get("/pkg/dev/storage-lab.css").await;
    assert_eq!((style.status, style.header("cache-control"), &*style.body), (200, "no-cache", "a { color: red }"));
    assert_eq!(style.header("content-type"), "text/css");
    let asked = visitor.clone().with("if-none-match", style.header("etag")).get("/pkg/dev/storage-lab.css").await;
    assert_eq!((asked.status, &*asked.body), (304, ""));

    fs::write(package.join("storage-lab.css"), "a { color: green }").unwrap();
    fs::write(package.join("storage-lab.css.br"), "packed").unwrap();
    let asked = visitor.clone().with("if-none-match", style.header("etag")).get("/pkg/dev/storage-lab.css").await;
    assert_eq!((asked.status, &*asked.body), (200, "a { color: green }"));
    let packed = visitor.clone().with("accept-encoding", "br").get("/pkg/dev/storage-lab.css").await;
    assert_eq!((packed.header("content-encoding"), &*packed.body), ("br", "packed"));
    assert_eq!(visitor.get("/favicon.svg").await.header("cache-control"), "public, max-age=3600");
    for missing in ["/pkg/dev/nothing.js", "/pkg/dev/", "/pkg/0123456789ab/storage-lab.css", "/pkg/storage-lab.css"] {
        let answer = visitor.get(missing).await;
        assert_eq!((answer.status, &*answer.body), (404, ""), "{missing}");
    }
    assert_eq!(visitor.get("/nothing.svg").await.status, 404);
    assert_eq!(visitor.send(Method::POST, "/pkg/dev/storage-lab.css", "".into()).await.status, 405);
}
