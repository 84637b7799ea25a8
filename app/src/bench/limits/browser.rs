//! Which browser this is, as far as it says so itself.

/// Its name and main version in words: `Chrome 156`. The first of a list that names itself, as most name others too.
pub(super) fn browser_name(user_agent: &str) -> String {
    const KNOWN: [(&str, &str); 6] = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("HeadlessChrome/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Version/", "Safari"),
    ];
    let named = KNOWN.into_iter().find_map(|(mark, name)| {
        let (_, version) = user_agent.split_once(mark)?;
        let version: String = version.chars().take_while(char::is_ascii_digit).collect();
        Some(format!("{name} {version}"))
    });
    named.unwrap_or_else(|| "this browser".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_known_by_what_it_alone_says() {
        let chrome =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
        let safari = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.2 Safari/605.1.15";
        assert_eq!(browser_name(chrome), "Chrome 156");
        assert_eq!(browser_name(&format!("{chrome} Edg/155.0.0.0")), "Edge 155");
        assert_eq!(browser_name(safari), "Safari 26");
        assert_eq!(
            browser_name("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"),
            "Firefox 128"
        );
        assert_eq!(browser_name(""), "this browser");
    }
}
