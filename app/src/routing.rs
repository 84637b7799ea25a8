//! Paths of this site: which are guarded, which an open page asks by itself, and how an address is put together.

#[cfg(feature = "ssr")]
mod next;

#[cfg(feature = "ssr")]
pub use next::safe_next;

/// Whether a path is for those alone who are logged in.
pub fn is_guarded(path: &str) -> bool {
    path == "/account" || path.starts_with("/account/")
}

/// Whether an open page sends requests to this path by itself: whether somebody is logged in, what changed, what was
/// recorded. Such a request is no use of the session, or an open page would never be idle (OWASP ASVS 7.3.1).
pub fn is_background_poll(path: &str) -> bool {
    matches!(path, "/api/current-user" | "/lab/events" | "/lab/wire" | "/app/exchanges")
}

/// `page` with the fields as its query, percent-encoded; empty fields are left out.
pub fn with_query<'a>(page: &str, fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(fields.into_iter().filter(|(_, value)| !value.is_empty()));
    match query.finish() {
        query if query.is_empty() => page.to_owned(),
        query => format!("{page}?{query}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_encoded_and_leaves_out_what_is_empty() {
        assert_eq!(with_query("/login", [("username", "a&b c"), ("next", "")]), "/login?username=a%26b+c");
        assert_eq!(with_query("/login", []), "/login");
    }

    #[test]
    fn what_a_page_asks_by_itself_is_a_background_poll() {
        assert!(
            ["/api/current-user", "/lab/events", "/lab/wire", "/app/exchanges"].into_iter().all(is_background_poll)
        );
        assert!(!["/", "/api/observe", "/lab/echo", "/lab/events/"].into_iter().any(is_background_poll));
    }

    #[test]
    fn account_and_what_lies_under_it_is_guarded() {
        assert!(is_guarded("/account") && is_guarded("/account/sessions"));
        assert!(!is_guarded("/") && !is_guarded("/accounting"));
    }
}
