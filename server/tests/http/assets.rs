//! The built files, from a folder. Those that the binary carries: end2end/http/headers.spec.ts.

use crate::support::{Kind, TestServer};
use axum::http::Method;
use rstest::rstest;
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
    assert_eq!(style.header("x-content-type-options"), "nosniff");
    assert_eq!(style.header("cross-origin-resource-policy"), "same-origin");
    assert_eq!(style.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
    for of_documents in ["x-frame-options", "referrer-policy", "cross-origin-opener-policy"] {
        assert_eq!(style.header(of_documents), "", "{of_documents} is heeded of documents alone");
        assert_ne!(visitor.get("/favicon.svg").await.header(of_documents), "", "a picture is one");
    }
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
    for file in ["/pkg/dev/storage-lab.css", "/favicon.svg"] {
        let answer = visitor.send(Method::POST, file, "".into()).await;
        assert_eq!((answer.status, answer.header("allow")), (405, "GET, HEAD, OPTIONS"), "{file}");
        assert_eq!(visitor.send(Method::OPTIONS, file, "".into()).await.status, 204, "{file}");
    }
    assert_eq!(visitor.send(Method::POST, "/nothing.svg", "".into()).await.status, 404);
}

#[rstest]
#[case("bytes=0-2", 206, "<sv")]
#[case("bytes=3-", 206, "g/>")]
#[case("bytes=-2", 206, "/>")]
#[case("bytes=99-", 416, r#""range_not_satisfiable""#)]
#[case("bytes=0-0,2-3", 200, "<svg/>")]
#[case("items=0-2", 200, "<svg/>")]
#[case("bytes=2-0", 200, "<svg/>")]
#[case("bytes=a-b", 200, "<svg/>")]
#[case("bytes=-", 200, "<svg/>")]
#[case("bytes", 200, "<svg/>")]
#[case("bytes=+1-2", 200, "<svg/>")]
#[case("bytes=0-99999999999999999999999", 200, "<svg/>")]
#[tokio::test]
async fn a_part_of_a_file_is_sent_where_it_is_asked_for_plainly(
    #[case] range: &str,
    #[case] status: u16,
    #[case] body: &str,
) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("favicon.svg"), "<svg/>").unwrap();
    let site = Site::in_folder(folder.path().to_owned());
    let server = TestServer::set(Kind::Sqlite, |state| AppState { site, ..state }).await;
    let answer = server.visitor().with("range", range).get("/favicon.svg").await;
    assert_eq!(answer.status, status);
    assert!(answer.body.contains(body), "{}", answer.body);
    assert_eq!(answer.header("content-range") == "bytes */6", status == 416);
    // On a condition that may not hold, the whole file is always right.
    let conditional = server.visitor().with("range", range).with("if-range", "\"x\"").get("/favicon.svg").await;
    assert_eq!((conditional.status, &*conditional.body), (200, "<svg/>"));
}
