//! A `Set-Cookie` line as code that makes it, in five frameworks.

use cookie::{Cookie, SameSite};

/// Each framework with its code; the value is the one of the line. None where the line is no cookie.
pub(super) fn in_frameworks(line: &str) -> Vec<(&'static str, String)> {
    let Ok(cookie) = Cookie::parse(line) else { return Vec::new() };
    vec![
        ("Express", express(&cookie)),
        ("Django", django(&cookie)),
        ("axum-extra", axum_extra(&cookie)),
        ("Spring", spring(&cookie)),
        ("PHP", php(&cookie)),
    ]
}

/// The attributes that a line names, spelled by a framework: those of text, of flags, and the time.
struct Spelled<'a> {
    path: Option<&'a str>,
    domain: Option<&'a str>,
    same_site: Option<&'static str>,
    /// Seconds.
    max_age: Option<i64>,
    secure: bool,
    http_only: bool,
    partitioned: bool,
}

impl<'a> Spelled<'a> {
    fn of(cookie: &'a Cookie<'_>) -> Self {
        Self {
            path: cookie.path(),
            domain: cookie.domain(),
            same_site: cookie.same_site().map(|same_site| match same_site {
                SameSite::Strict => "Strict",
                SameSite::Lax => "Lax",
                SameSite::None => "None",
            }),
            max_age: cookie.max_age().map(|span| span.whole_seconds()),
            secure: cookie.secure() == Some(true),
            http_only: cookie.http_only() == Some(true),
            partitioned: cookie.partitioned() == Some(true),
        }
    }

    /// The attributes that are there, each as `spell` has it: by its name, with its value where it is no flag.
    fn all(&self, spell: impl Fn(Attribute<'_>) -> String) -> Vec<String> {
        let texts = [("path", self.path), ("domain", self.domain), ("sameSite", self.same_site)];
        let texts = texts.into_iter().filter_map(|(name, value)| Some(Attribute::Text(name, value?)));
        let flags = [("secure", self.secure), ("httpOnly", self.http_only), ("partitioned", self.partitioned)];
        let flags = flags.into_iter().filter(|(_, is_set)| *is_set).map(|(name, _)| Attribute::Flag(name));
        texts.chain(flags).chain(self.max_age.map(Attribute::MaxAge)).map(spell).collect()
    }
}

enum Attribute<'a> {
    Text(&'static str, &'a str),
    Flag(&'static str),
    MaxAge(i64),
}

/// Text within single quotes, which JavaScript, Python and PHP read alike.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// Text within double quotes, which Rust and Java read alike.
fn doubly_quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn express(cookie: &Cookie<'_>) -> String {
    let attributes = Spelled::of(cookie).all(|attribute| match attribute {
        Attribute::Text("sameSite", value) => format!("sameSite: {}", quoted(&value.to_lowercase())),
        Attribute::Text(name, value) => format!("{name}: {}", quoted(value)),
        Attribute::Flag(name) => format!("{name}: true"),
        Attribute::MaxAge(seconds) => format!("maxAge: {}", seconds.saturating_mul(1_000)),
    });
    let (name, value) = (quoted(cookie.name()), quoted(cookie.value()));
    format!("response.cookie({name}, {value}, {{ {}, encode: String }});", attributes.join(", "))
}

fn django(cookie: &Cookie<'_>) -> String {
    let attributes = Spelled::of(cookie).all(|attribute| match attribute {
        Attribute::Text(name, value) => format!("{}={}", name.to_lowercase(), quoted(value)),
        // Django has no parameter for it, and takes it through the cookie itself.
        Attribute::Flag("partitioned") => String::new(),
        Attribute::Flag(name) => format!("{}=True", name.to_lowercase()),
        Attribute::MaxAge(seconds) => format!("max_age={seconds}"),
    });
    let (name, value) = (quoted(cookie.name()), quoted(cookie.value()));
    let given =
        [vec![name.clone(), value], attributes.into_iter().filter(|given| !given.is_empty()).collect()].concat();
    let set = format!("response.set_cookie({})", given.join(", "));
    match cookie.partitioned() {
        Some(true) => format!("{set}\nresponse.cookies[{name}]['partitioned'] = True  # Python 3.14"),
        _ => set,
    }
}

fn axum_extra(cookie: &Cookie<'_>) -> String {
    let attributes = Spelled::of(cookie).all(|attribute| match attribute {
        Attribute::Text("sameSite", value) => format!(".same_site(SameSite::{value})"),
        Attribute::Text(name, value) => format!(".{name}({})", doubly_quoted(value)),
        Attribute::Flag("httpOnly") => ".http_only(true)".to_owned(),
        Attribute::Flag(name) => format!(".{name}(true)"),
        Attribute::MaxAge(seconds) => format!(".max_age(Duration::seconds({seconds}))"),
    });
    let (name, value) = (doubly_quoted(cookie.name()), doubly_quoted(cookie.value()));
    format!("jar.add(Cookie::build(({name}, {value})){})", attributes.concat())
}

fn spring(cookie: &Cookie<'_>) -> String {
    let attributes = Spelled::of(cookie).all(|attribute| match attribute {
        Attribute::Text(name, value) => format!(".{name}({})", doubly_quoted(value)),
        Attribute::Flag(name) => format!(".{name}(true)"),
        Attribute::MaxAge(seconds) => format!(".maxAge({seconds})"),
    });
    let (name, value) = (doubly_quoted(cookie.name()), doubly_quoted(cookie.value()));
    format!("ResponseCookie.from({name}, {value}){}.build()", attributes.concat())
}

fn php(cookie: &Cookie<'_>) -> String {
    let attributes = Spelled::of(cookie).all(|attribute| match attribute {
        Attribute::Text(name, value) => format!("{} => {}", quoted(&name.to_lowercase()), quoted(value)),
        Attribute::Flag("partitioned") => "'partitioned' => true /* PHP 8.5 */".to_owned(),
        Attribute::Flag(name) => format!("{} => true", quoted(&name.to_lowercase())),
        Attribute::MaxAge(seconds) => format!("'expires' => time() + {seconds}"),
    });
    let (name, value) = (quoted(cookie.name()), quoted(cookie.value()));
    format!("setrawcookie({name}, {value}, [{}]);", attributes.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_the_same_in_each_framework() {
        let line = "__Host-sid=it's; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=60; Partitioned";
        let code: Vec<_> = in_frameworks(line).into_iter().map(|(_, code)| code).collect();
        assert_eq!(
            code,
            [
                r"response.cookie('__Host-sid', 'it\'s', { path: '/', sameSite: 'lax', secure: true, httpOnly: true, partitioned: true, maxAge: 60000, encode: String });",
                "response.set_cookie('__Host-sid', 'it\\'s', path='/', samesite='Lax', secure=True, httponly=True, max_age=60)\n\
                 response.cookies['__Host-sid']['partitioned'] = True  # Python 3.14",
                r#"jar.add(Cookie::build(("__Host-sid", "it's")).path("/").same_site(SameSite::Lax).secure(true).http_only(true).partitioned(true).max_age(Duration::seconds(60)))"#,
                r#"ResponseCookie.from("__Host-sid", "it's").path("/").sameSite("Lax").secure(true).httpOnly(true).partitioned(true).maxAge(60).build()"#,
                r"setrawcookie('__Host-sid', 'it\'s', ['path' => '/', 'samesite' => 'Lax', 'secure' => true, 'httponly' => true, 'partitioned' => true /* PHP 8.5 */, 'expires' => time() + 60]);",
            ]
        );
    }
}
