//! `/dock.js` and `/dock`: who may load and frame them, and that nothing else of the lab may be framed.

use crate::support::{Kind, TestServer};
use app::{PATHS, bench::MOST_LINES};
use server::{
    app_proxy::AppProxy,
    cli::AppArgs,
    clock::Corrected,
    http::{AppState, Peers},
    site::Site,
};
use std::{net::SocketAddr, sync::Arc};
use tempfile::TempDir;

/// The lab with an app in front, and the port that leads to it.
async fn in_front() -> (TestServer, SocketAddr, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let args = AppArgs {
        app: Some("http://localhost:8080".into()),
        app_addr: ([127, 0, 0, 1], 0).into(),
        app_insecure: false,
        app_allow_public: false,
        no_dock: false,
    };
    let lab = ([127, 0, 0, 1], 3000).into();
    let proxy = AppProxy::bind(&args, lab, false, false, Arc::new(Corrected::default())).unwrap().unwrap();
    let (site, app) = (Site::in_folder(folder.path().to_owned()), proxy.in_front());
    let state = |state| AppState { site, app, peers: Peers::default(), ..state };
    (TestServer::set(Kind::Sqlite, state).await, proxy.address, folder)
}

#[tokio::test]
async fn pages_of_every_origin_may_load_the_docks_script() {
    let (server, _, _folder) = in_front().await;
    let script = server.visitor().with("sec-fetch-site", "same-site").get("/dock.js").await;
    assert_eq!(script.status, 200);
    assert!(script.body.contains("({\"edge\":\"bottom\",\"size\":45,\"open\":false,\"port\":"), "{}", script.body);
    assert_eq!(script.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!(script.header("cross-origin-resource-policy"), "cross-origin");
    assert_eq!(script.header("cache-control"), "no-store");
    assert_eq!(script.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn the_dock_is_for_this_machine_alone() {
    let (server, _, _folder) = in_front().await;
    for path in ["/dock.js", "/dock"] {
        let answer = server.visitor().with("x-forwarded-for", "192.0.2.1").get(path).await;
        assert_eq!((answer.status, answer.header("cross-origin-resource-policy")), (403, "same-origin"), "{path}");
        assert!(answer.body.contains("shown to its own machine alone"), "{}", answer.body);
    }
}

#[tokio::test]
async fn without_an_app_there_is_no_dock() {
    let server = TestServer::on(Kind::Sqlite).await;
    for path in ["/dock.js", "/dock"] {
        let answer = server.visitor().get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.body.contains("There is nothing at this address"), "{path}: {}", answer.body);
    }
}

#[tokio::test]
async fn no_page_but_the_dock_may_stand_in_a_frame() {
    let (server, port, _folder) = in_front().await;
    let mut user = server.user("Ada").await;
    for path in PATHS {
        let page = user.get(&path.replace("{slug}", "http-forgets").replace("{*path}", "server/src/main.rs")).await;
        let policy = page.header("content-security-policy");
        let fields = ["x-frame-options", "cross-origin-resource-policy", "cross-origin-embedder-policy"]
            .map(|name| page.header(name));
        if path == "/dock" {
            let port = port.port();
            let origins = format!("http://127.0.0.1:{port} http://localhost:{port} http://localhost:8080");
            assert!(policy.contains(&format!("frame-ancestors {origins}; ")), "{policy}");
            assert_eq!(fields, ["", "cross-origin", "require-corp"]);
        } else {
            assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
            assert_eq!(fields, ["DENY", "same-origin", ""], "{path}");
        }
    }
}

#[tokio::test]
async fn the_panel_is_where_it_was_left() {
    let (server, _, _folder) = in_front().await;
    let mut lab = server.visitor().with("sec-fetch-site", "same-origin");
    let place = [("edge", "right"), ("size", "30"), ("open", "true")];
    assert_eq!(lab.post("/app/dock", &place).await.status, 204);
    let script = server.visitor().with("sec-fetch-site", "same-site").get("/dock.js").await;
    assert!(script.body.contains("({\"edge\":\"right\",\"size\":30,\"open\":true,\"port\":"), "{}", script.body);
    assert_eq!(lab.post("/app/dock", &[("edge", "</script>"), ("size", "30"), ("open", "true")]).await.status, 400);
}

#[tokio::test]
async fn the_lab_sets_cookies_for_its_own_page_alone_and_never_that_of_a_session() {
    let (server, _, _folder) = in_front().await;
    let mut lab = server.visitor().with("sec-fetch-site", "same-origin");
    let lines = [("line", "sid=; Max-Age=0; Path=/; HttpOnly"), ("line", "sid=; Max-Age=0; Path=/a; HttpOnly")];
    let set = lab.post("/app/cookie", &lines).await;
    let sent: Vec<_> = set.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap()).collect();
    assert_eq!((set.status, sent), (204, lines.map(|(_, line)| line).to_vec()));
    let many = vec![("line", "a=1"); MOST_LINES + 1];
    for refused in
        [&[("line", "__Host-session=x; Path=/; Secure")], &[("line", " __HOST-session = x")], &[("line", "a\n=1")]]
    {
        assert_eq!(lab.post("/app/cookie", refused).await.status, 400, "{refused:?}");
    }
    assert_eq!(lab.post("/app/cookie", &many).await.status, 400);
    assert_eq!(lab.post("/app/cookie", &[]).await.status, 400);
    for site in ["same-site", "cross-site"] {
        let mut elsewhere = server.visitor().with("sec-fetch-site", site);
        for path in ["/app/cookie", "/app/dock"] {
            let answer = elsewhere.post(path, &lines).await;
            assert_eq!((answer.status, answer.header("set-cookie")), (403, ""), "{path} from {site}");
        }
        assert_eq!(elsewhere.get("/app/observation").await.status, 403, "from {site}");
    }
}

#[tokio::test]
async fn what_the_dock_asks_is_there_with_an_app_alone() {
    let server = TestServer::set(Kind::Sqlite, |state| AppState { peers: Peers::default(), ..state }).await;
    let mut lab = server.visitor().with("sec-fetch-site", "same-origin");
    assert_eq!(lab.get("/app/observation").await.status, 404);
    assert_eq!(lab.post("/app/cookie", &[("line", "a=1")]).await.status, 404);
    assert_eq!(lab.post("/app/dock", &[("edge", "right"), ("size", "30"), ("open", "true")]).await.status, 404);
}

#[tokio::test]
async fn the_docks_page_is_framed_and_never_fetched() {
    let (server, _, _folder) = in_front().await;
    let user = server.user("Ada").await;
    let ask = |mode| user.clone().with("sec-fetch-site", "same-site").with("sec-fetch-mode", mode);
    let page = ask("navigate").get("/dock").await;
    assert_eq!(page.status, 200);
    assert!(!page.body.contains("Ada"), "nobody's name goes into a frame of the app's");
    for part in ["<header", "<nav", "<footer", "Your session"] {
        assert!(!page.body.contains(part), "{part} is of the lab's other pages");
    }
    for mode in ["no-cors", "cors"] {
        assert_eq!(ask(mode).get("/dock").await.status, 403, "{mode}");
    }
}
