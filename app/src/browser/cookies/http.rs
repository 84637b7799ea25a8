//! The lab's endpoints for cookies: one sets a cookie by its line, the other tells what a request carried.

use crate::{browser::refusal::Refusal, client::http::Request, json::Value, text::units::usv, wire::ReceivedCookie};

/// The path under which a request is echoed, and every path below it.
pub(crate) const ECHO: &str = "/lab/echo";

/// Has the server send a `Set-Cookie` line, exactly this one. It belongs to the page's record; the questions after it would
/// crowd it.
pub(crate) async fn set(line: &str) -> Result<(), Refusal> {
    let answer =
        async { Request::post("/lab/cookie", [("line", &*usv(line))]).recorded().send().await?.success().await };
    answer.await.map(drop).map_err(Refusal::Server)
}

/// The cookies that a request to this path carries, as they arrive at the server; `None` where it does not answer.
pub(crate) async fn echo(path: &str) -> Option<Vec<ReceivedCookie>> {
    let answer = Request::get(path).send().await.ok()?.success().await.ok()?;
    answer.json().await.ok()?.field("cookies")
}
