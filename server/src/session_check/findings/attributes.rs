//! What a session's cookie says of itself.

use super::{Check, Finding, Severity};
use crate::session_check::course::{Seen, SessionCookie};
use cookie::{Cookie, SameSite};
use url::{Host, Url};

/// Browsers keep names and values of at most so many bytes together (RFC 6265bis §5.6).
const MOST: usize = 4096;
/// An identifier needs no more; past this each request carries what the server could keep.
const MUCH: usize = 1024;

pub(super) fn judge(seen: &Seen) -> Vec<Finding> {
    let mut findings = vec![transport(seen)];
    for SessionCookie { name, set, .. } in &seen.session {
        let Some((set, cookie)) = set.and_then(|set| Some((set, seen.exchanges[set].set_cookie(name)?))) else {
            let words = format!("No answer of this check set {name}: what it says of itself was not seen.");
            let remedy = "Log out, delete your app’s cookies, and check again; or look at the name in the file.";
            findings.push(Finding::new(Check::Secure, Severity::Warning, words).remedy(remedy));
            continue;
        };
        let judged = [secure(&seen.app, &cookie), http_only(&cookie), same_site(&cookie), host(&cookie), size(&cookie)];
        findings.extend(judged.map(|finding| finding.seen_in(set)));
    }
    findings
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn transport(seen: &Seen) -> Finding {
    if seen.app.scheme() == "https" {
        return Finding::ok(Check::Transport, "The app is spoken to by HTTPS.").seen_in(seen.log_in.start);
    }
    if is_loopback(&seen.app) {
        let words = "The app is spoken to by HTTP, on this machine alone.";
        return Finding::ok(Check::Transport, words).seen_in(seen.log_in.start);
    }
    let words = "The password and the cookies travel by HTTP: whoever is on their way reads them.";
    let remedy = "Serve the app by HTTPS alone.";
    Finding::new(Check::Transport, Severity::Error, words).remedy(remedy).seen_in(seen.log_in.start)
}

fn secure(app: &Url, cookie: &Cookie<'_>) -> Finding {
    let name = cookie.name();
    if cookie.secure() == Some(true) {
        return Finding::ok(Check::Secure, format!("{name} travels by HTTPS alone."));
    }
    let severity = if app.scheme() == "https" { Severity::Error } else { Severity::Warning };
    Finding::new(Check::Secure, severity, format!("{name} lacks Secure: it is sent by plain HTTP too."))
        .remedy(line(cookie))
}

fn http_only(cookie: &Cookie<'_>) -> Finding {
    let name = cookie.name();
    if cookie.http_only() == Some(true) {
        return Finding::ok(Check::HttpOnly, format!("No script reads {name}."));
    }
    let words = format!("{name} lacks HttpOnly: any script on the page reads it, an injected one too.");
    Finding::new(Check::HttpOnly, Severity::Error, words).remedy(line(cookie))
}

fn same_site(cookie: &Cookie<'_>) -> Finding {
    let name = cookie.name();
    match cookie.same_site() {
        Some(SameSite::Strict) => Finding::ok(Check::SameSite, format!("{name} never comes along from other sites.")),
        Some(SameSite::Lax) => {
            Finding::ok(Check::SameSite, format!("{name} comes along from other sites by links alone."))
        }
        Some(SameSite::None) => {
            let words = format!("{name} comes along with requests that other sites make.");
            Finding::new(Check::SameSite, Severity::Warning, words).remedy(line(cookie))
        }
        None => {
            let words =
                format!("{name} lacks SameSite: Chromium takes it as Lax, Firefox and Safari send it from everywhere.");
            Finding::new(Check::SameSite, Severity::Warning, words).remedy(line(cookie))
        }
    }
}

fn host(cookie: &Cookie<'_>) -> Finding {
    let name = cookie.name();
    if let Some(domain) = cookie.domain() {
        let words = format!("{name} goes to every host below {domain}, and each of them can set it.");
        return Finding::new(Check::Host, Severity::Warning, words).remedy(line(cookie));
    }
    if name.starts_with("__Host-") {
        return Finding::ok(Check::Host, format!("{name} goes to the host that set it, and no other can set it."));
    }
    let words = format!("{name} goes to the host that set it; other hosts of its site can set one of this name.");
    let mut renamed = cookie.clone();
    renamed.set_name(format!("__Host-{}", name.strip_prefix("__Secure-").unwrap_or(name)));
    Finding::new(Check::Host, Severity::Note, words).remedy(line(&renamed))
}

fn size(cookie: &Cookie<'_>) -> Finding {
    let (name, bytes) = (cookie.name(), cookie.name().len() + cookie.value().len());
    let remedy = "Keep the data on the server and an identifier in the cookie.";
    if bytes > MOST {
        let words = format!("{name} has {bytes} bytes: browsers refuse it past {MOST}.");
        return Finding::new(Check::Size, Severity::Error, words).remedy(remedy);
    }
    if bytes > MUCH {
        let words = format!("{name} has {bytes} bytes, which every request carries.");
        return Finding::new(Check::Size, Severity::Note, words).remedy(remedy);
    }
    Finding::ok(Check::Size, format!("{name} has {bytes} bytes."))
}

/// The line that would be right, and what makes it in five frameworks.
fn line(cookie: &Cookie<'_>) -> String {
    let name = cookie.name();
    let end = cookie.max_age().map(|span| format!("; Max-Age={}", span.whole_seconds())).unwrap_or_default();
    format!(
        "Set-Cookie: {name}=…; Path=/{end}; Secure; HttpOnly; SameSite=Lax\n\
         Express: session({{ name: '{name}', cookie: {{ path: '/', secure: true, httpOnly: true, sameSite: 'lax' }} }})\n\
         Django: SESSION_COOKIE_NAME = '{name}'; SESSION_COOKIE_SECURE = True; SESSION_COOKIE_HTTPONLY = True; \
         SESSION_COOKIE_SAMESITE = 'Lax'\n\
         axum-extra: Cookie::build((\"{name}\", id)).path(\"/\").secure(true).http_only(true).same_site(SameSite::Lax)\n\
         Spring Boot: server.servlet.session.cookie.name={name}, .path=/, .secure=true, .http-only=true, .same-site=lax\n\
         PHP: session_name('{name}'); session_set_cookie_params(['path' => '/', 'secure' => true, 'httponly' => true, \
         'samesite' => 'Lax']);"
    )
}
