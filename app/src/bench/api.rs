//! The bench's server functions: the server session's values, and what the server saw of this very request.

#![expect(
    missing_docs,
    reason = "the fields of the structs that `#[server]` makes are the documented functions' arguments"
)]

use super::Observation;
use crate::AppError;
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    super::{ReceivedCookie, SessionValue, SessionView},
    crate::services::Request,
    http::header,
};

/// What the server sees now: the cookies of the request that asks, and the session it opens.
#[server(prefix = "/api", endpoint = "observe")]
pub async fn observe() -> Result<Observation, AppError> {
    let Request { services, visitor, parts, .. } = Request::current()?;
    let headers: Vec<_> = parts.headers.get_all(header::COOKIE).iter().map(|line| line.as_bytes()).collect();
    let header_bytes = headers.iter().map(|line| "cookie: ".len() + line.len() + "\r\n".len()).sum::<usize>();
    let cookies =
        headers.iter().flat_map(|line| line.split(|byte| *byte == b';')).filter_map(received_cookie).collect();
    let session = match visitor.session {
        Some(session) => Some(SessionView {
            values: services.values.list(session.id).await?,
            id: session.public_id,
            username: session.user.map(|user| user.username),
            expires_at: session.expires_at,
        }),
        None => None,
    };
    let cookie_header_bytes = u32::try_from(header_bytes).unwrap_or(u32::MAX);
    Ok(Observation { now: visitor.now, cookie_header_bytes, cookies, session })
}

#[cfg(feature = "ssr")]
fn received_cookie(pair: &[u8]) -> Option<ReceivedCookie> {
    let pair = pair.trim_ascii();
    let equals = pair.iter().position(|byte| *byte == b'=');
    let (name, value) = equals.map_or((&b""[..], pair), |at| (&pair[..at], &pair[at + 1..]));
    let bytes = u32::try_from(name.len() + value.len()).unwrap_or(u32::MAX);
    (bytes > 0).then(|| ReceivedCookie { name: String::from_utf8_lossy(name).into_owned(), bytes })
}

/// Keeps a value on the server; the first one starts an anonymous session. A token that opens nothing gets a new
/// session only when asked `again`: the first time, another tab may just have been given a new token, which a new
/// cookie would overwrite.
#[server(prefix = "/api", endpoint = "values/put")]
pub async fn put_value(name: String, value: String, again: Option<bool>) -> Result<(), AppError> {
    let request = Request::current()?;
    if request.visitor.stale && again != Some(true) {
        return Err(AppError::SessionEnded);
    }
    let cookie = request.services.values.put(&request.visitor, SessionValue { name, value }).await?;
    if let Some(line) = cookie {
        request.set_cookie(line);
    }
    Ok(())
}

/// Forgets one value of this visitor's session.
#[server(prefix = "/api", endpoint = "values/delete")]
pub async fn delete_value(name: String) -> Result<(), AppError> {
    let Request { services, visitor, .. } = Request::current()?;
    match visitor.session {
        Some(session) => services.values.delete(session.id, &name).await,
        None => Ok(()),
    }
}

/// Forgets every value of this visitor's session; the session itself goes on.
#[server(prefix = "/api", endpoint = "values/clear")]
pub async fn clear_values() -> Result<(), AppError> {
    let Request { services, visitor, .. } = Request::current()?;
    match visitor.session {
        Some(session) => services.values.clear(session.id).await,
        None => Ok(()),
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn read(pair: &str) -> Option<(String, u32)> {
        received_cookie(pair.as_bytes()).map(|cookie| (cookie.name, cookie.bytes))
    }

    #[test]
    fn a_received_cookie_is_counted_without_its_equals_sign() {
        assert_eq!(read(" lab-a=xyz"), Some(("lab-a".into(), 8)));
        assert_eq!(read("lab-a=x=y"), Some(("lab-a".into(), 8)));
        assert_eq!(read("lab-é=漢"), Some(("lab-é".into(), 9)));
        assert_eq!(read("nameless"), Some((String::new(), 8)));
        assert_eq!(read(" "), None);
    }
}
