//! Whole requests through the router: whatever comes, the answer is no fault of the server's and logs nobody in.

use super::hold;
use crate::support::{Kind, PASSWORD, TestServer};
use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Method, Request, header},
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use tower::ServiceExt;

const FEW: u32 = 192;
const FEW_PAGES: u32 = 24;

/// Every address under `/api` and `/lab`, and some that are not there.
const ENDPOINTS: [&str; 22] = [
    "/api/signup",
    "/api/strength",
    "/api/login",
    "/api/reset",
    "/api/logout",
    "/api/current-user",
    "/api/profile",
    "/api/whoami",
    "/api/observe",
    "/api/values/put",
    "/api/values/delete",
    "/api/values/delete-several",
    "/api/values/clear",
    "/api/values",
    "/api/no-such-function",
    "/lab/cookie",
    "/lab/clear-site-data",
    "/lab/echo",
    "/lab/echo/x",
    "/lab/events",
    "/lab/wire",
    "/lab/no-such-thing",
];

const PAGES: [&str; 6] = ["/", "/login", "/signup", "/reset", "/account", "/no-such-page"];

/// The names that some form has, and some that none has.
const FIELDS: [&str; 19] = [
    "username",
    "password",
    "code",
    "new_password",
    "keep",
    "next",
    "name",
    "value",
    "again",
    "expected",
    "expected[value]",
    "names[0]",
    "names[99999999999]",
    "line",
    "kind",
    "error",
    "username[]",
    "",
    "__proto__",
];

/// The headers that something on the way reads.
const HEADERS: [&str; 16] = [
    "accept",
    "accept-encoding",
    "accept-language",
    "content-length",
    "content-type",
    "connection",
    "cookie",
    "forwarded",
    "if-none-match",
    "lab-page",
    "range",
    "referer",
    "user-agent",
    "x-forwarded-for",
    "x-forwarded-proto",
    "x-request-id",
];

const FORM: &str = "application/x-www-form-urlencoded";

#[derive(Clone, Debug)]
struct Garbage {
    method: Method,
    path: String,
    headers: Vec<(&'static str, Vec<u8>)>,
    body: Vec<u8>,
}

/// A header's value that means something to somebody, or any bytes.
fn header_value() -> impl Strategy<Value = Vec<u8>> {
    let meaning = select(vec![
        "text/html",
        "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8",
        "application/json",
        "multipart/form-data; boundary=x",
        "application/cbor",
        "http://localhost:3000/login?next=%2F&error=busy",
        "//evil.example",
        "gzip, br;q=nan",
        "bytes=0-1,99999999999999999999-",
        "203.0.113.7, 2001:db8::1, unknown, 127.0.0.1",
        "__Host-session=AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "18446744073709551616",
        "",
    ]);
    let bytes = vec(prop_oneof![8 => 0x20..0x7f_u8, 2 => 0x80..=0xff_u8], 0..60);
    prop_oneof![3 => meaning.prop_map(|text| text.as_bytes().to_vec()), 2 => bytes]
}

fn headers() -> impl Strategy<Value = Vec<(&'static str, Vec<u8>)>> {
    // Mostly without, else the cross-site check would be all that is tried.
    let fetch = option::weighted(0.2, (select(vec!["origin", "sec-fetch-site"]), header_value()));
    let form = option::weighted(0.7, Just(("content-type", FORM.into())));
    let page = option::weighted(0.3, Just(("accept", b"text/html".to_vec())));
    (fetch, form, page, vec((select(&HEADERS[..]), header_value()), 0..5))
        .prop_map(|(fetch, form, page, more)| fetch.into_iter().chain(form).chain(page).chain(more).collect())
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "\\PC{15,40}",
        "[A-Za-z0-9._-]{3,20}",
        select(vec![
            "Ada",
            "ada",
            "true",
            "on",
            "/account",
            "//evil.example",
            "\0",
            "lab-a",
            "lab-a=1",
            "cookies",
            "not her password"
        ])
        .prop_map(String::from),
        Just("A".repeat(300)),
    ]
}

fn fields() -> impl Strategy<Value = String> {
    vec((select(&FIELDS[..]), text()), 0..6)
        .prop_map(|fields| form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish())
}

/// The fields that every form asks for, so that what comes is read and judged, in any order and with any text.
fn complete() -> impl Strategy<Value = String> {
    let asked = (text(), text(), text(), text()).prop_map(|(username, password, name, value)| {
        vec![("username", username), ("password", password), ("name", name), ("value", value)]
    });
    let more = (option::of(text()), option::of(text()), option::of(any::<bool>()));
    (asked, more).prop_flat_map(|(mut fields, (keep, next, again))| {
        fields.extend(keep.map(|keep| ("keep", keep)));
        fields.extend(next.map(|next| ("next", next)));
        fields.extend(again.map(|again| ("again", again.to_string())));
        Just(fields)
            .prop_shuffle()
            .prop_map(|fields| form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish())
    })
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        8 => complete().prop_map(String::into_bytes),
        4 => fields().prop_map(String::into_bytes),
        2 => vec(any::<u8>(), 0..300),
        2 => "[a-z%&=+\\[\\]0-9]{0,200}".prop_map(String::into_bytes),
        1 => (0..300_000_usize).prop_map(|length| [b"username=", "a".repeat(length).as_bytes()].concat()),
    ]
}

/// Requests for these paths, mostly by the method that they answer.
fn garbage(method: Method, paths: &'static [&'static str]) -> impl Strategy<Value = Garbage> {
    let methods = prop_oneof![
        8 => Just(method),
        1 => select(vec![Method::GET, Method::POST]),
        1 => select(vec![Method::HEAD, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS, Method::TRACE]),
    ];
    let query = option::weighted(0.3, prop_oneof![fields(), "[a-zA-Z%&=+0-9.~:@!$'()*,;/?-]{0,60}"]);
    (methods, select(paths), query, headers(), body()).prop_map(|(method, path, query, headers, body)| Garbage {
        method,
        path: query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}")),
        headers,
        body,
    })
}

/// The answer's status, its `Set-Cookie` lines, and where it leads.
async fn answer(server: &TestServer, garbage: &Garbage) -> (u16, Vec<String>, String) {
    let mut request =
        Request::builder().method(&garbage.method).uri(&garbage.path).header(header::HOST, "localhost:3000");
    for (name, value) in &garbage.headers {
        if let Ok(value) = HeaderValue::from_bytes(value) {
            request = request.header(HeaderName::from_static(name), value);
        }
    }
    let request = request.body(Body::from(garbage.body.clone())).unwrap();
    let (head, body) = server.router.clone().oneshot(request).await.unwrap().into_parts();
    axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let cookies = head.headers.get_all(header::SET_COOKIE).iter().map(text).collect();
    (head.status.as_u16(), cookies, head.headers.get(header::LOCATION).map(text).unwrap_or_default())
}

const GONE: [&str; 2] = [
    "__Host-session=; HttpOnly; SameSite=Lax; Partitioned; Secure; Path=/; Max-Age=0",
    "__Host-session=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0",
];

/// Garbage may start an anonymous session by a put that is well-formed after all, and log out; nothing else sets a cookie.
/// Two session cookies that open nothing are removed.
fn may_set(garbage: &Garbage, status: u16, cookie: &str) -> bool {
    let well = (200..400).contains(&status);
    let session_cookies =
        garbage.headers.iter().filter(|(name, value)| *name == "cookie" && value.starts_with(b"__Host-session="));
    if session_cookies.count() > 1 && GONE.contains(&cookie) {
        return true;
    }
    match garbage.path.split('?').next().unwrap_or_default() {
        "/api/values/put" => well && !cookie.contains("Max-Age"),
        "/lab/cookie" => status == 204 && !cookie.to_ascii_lowercase().trim_start().starts_with("__host-session"),
        "/api/logout" => well && GONE.contains(&cookie),
        _ => false,
    }
}

fn hold_for(few: u32, method: Method, paths: &'static [&'static str]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let server = runtime.block_on(async {
        let server = TestServer::on(Kind::Sqlite).await;
        assert_eq!(server.visitor().sign_up("Ada", PASSWORD).await.status, 200);
        server
    });
    hold(few, &garbage(method, paths), |garbage| {
        let (status, cookies, location) = runtime.block_on(answer(&server, &garbage));
        prop_assert!(status < 500, "{}", status);
        prop_assert!(cookies.iter().all(|cookie| may_set(&garbage, status, cookie)), "{:?}", cookies);
        let set = cookies.iter().filter(|cookie| !GONE.contains(&cookie.as_str())).count();
        prop_assert!(set <= 1 && cookies.len() <= 3 && !location.contains(['\r', '\n']));
        Ok(())
    });
}

#[test]
fn no_request_to_an_endpoint_is_a_fault_or_logs_anybody_in() {
    hold_for(FEW, Method::POST, &ENDPOINTS);
}

#[test]
fn no_request_for_a_page_is_a_fault_or_sets_a_cookie() {
    hold_for(FEW_PAGES, Method::GET, &PAGES);
}
