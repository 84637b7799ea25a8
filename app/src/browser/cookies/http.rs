//! The lab's endpoints for cookies: one sets cookies by their lines, the others tell what a request carried.

use crate::{browser::refusal::Refusal, client::http::Request, json::Value, text::units::usv, wire::ReceivedCookie};

/// The path under which a request is echoed, and every path below it.
pub(crate) const ECHO: &str = "/lab/echo";
/// The echo outside the lab's own folder: what arrives there and elsewhere too is for `/`.
pub(super) const ECHO_AT_ROOT: &str = "/echo";
/// Most lines that the server sends in one answer.
pub const MOST_LINES: usize = 64;
/// Most bytes of the lines of one answer: twice what a browser takes as a cookie, so that its refusal can be seen.
pub const MOST_LINE_BYTES: usize = 8_192;

/// Has the server send a `Set-Cookie` line, exactly this one. It belongs to the page's record; the questions after it would
/// crowd it.
pub(crate) async fn set(line: &str) -> Result<(), Refusal> {
    set_all(&[usv(line).into_owned()]).await
}

/// The same with as many lines as the server takes in one answer.
pub(super) async fn set_all(lines: &[String]) -> Result<(), Refusal> {
    let fields: Vec<_> = lines.iter().map(|line| ("line", line.as_str())).collect();
    let request = Request::post("/lab/cookie", fields.iter().copied()).recorded();
    let answer = async { request.send().await?.success().await };
    answer.await.map(drop).map_err(Refusal::Server)
}

/// The cookies that a request to this path carries, as they arrive at the server; `None` where it does not answer.
pub(crate) async fn echo(path: &str) -> Option<Vec<ReceivedCookie>> {
    let answer = Request::get(path).send().await.ok()?.success().await.ok()?;
    answer.json().await.ok()?.field("cookies")
}
