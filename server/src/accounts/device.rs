//! Names a browser and its system by the `User-Agent`, so that an owner can recognise a device. Nothing is decided by it.

use woothee::parser::Parser;

/// "Firefox on Linux"; "an unknown device" where the header says nothing known.
pub fn in_words(agent: &str) -> String {
    const UNKNOWN: &str = "UNKNOWN";
    const PROGRAM: &str = "HTTP Library";
    let Some(found) = Parser::new().parse(agent).filter(|found| found.name != PROGRAM) else {
        // Programs name themselves first: curl/8.5.0.
        let program = agent.split(['/', ' ']).next().unwrap_or_default();
        let plain = |text: &str| {
            !text.is_empty() && text.len() <= 40 && text.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c))
        };
        return if plain(program) { program.to_owned() } else { "an unknown device".to_owned() };
    };
    // woothee has no name for Edge since it stands on Chromium.
    let browser = if agent.contains("Edg/") { "Edge" } else { found.name };
    let system = match found.os {
        "Mac OSX" => "macOS",
        os if os.starts_with("Windows") => "Windows",
        os => os,
    };
    match (browser, system) {
        (UNKNOWN, UNKNOWN) => "an unknown device".to_owned(),
        (UNKNOWN, system) => format!("a browser on {system}"),
        (browser, UNKNOWN) => browser.to_owned(),
        (browser, system) => format!("{browser} on {system}"),
    }
}

#[cfg(test)]
mod tests {
    use super::in_words;
    use rstest::rstest;

    #[rstest]
    #[case("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Linux")]
    #[case(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
        "Chrome on Windows"
    )]
    #[case(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
        "Edge on Windows"
    )]
    #[case(
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
        "Safari on macOS"
    )]
    #[case(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
        "Safari on iPhone"
    )]
    #[case(
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
        "Chrome on Android"
    )]
    #[case("curl/8.5.0", "curl")]
    #[case("", "an unknown device")]
    #[case("<script>alert(1)</script>", "an unknown device")]
    fn a_device_is_told_in_words(#[case] agent: &str, #[case] words: &str) {
        assert_eq!(in_words(agent), words);
    }
}
