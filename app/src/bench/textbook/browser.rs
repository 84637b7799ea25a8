//! Which browser this is, by what it says of itself.

use js_sys::{Array, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

/// Its name and main version, or "this browser".
pub(super) fn browser() -> String {
    let navigator = window().navigator();
    let brands = brands(&navigator).and_then(|brands| best(&brands));
    brands
        .or_else(|| navigator.user_agent().ok().and_then(|agent| from_agent(&agent)))
        .unwrap_or_else(|| "this browser".to_owned())
}

/// Names and versions, where the browser tells them apart (User-Agent Client Hints).
fn brands(navigator: &JsValue) -> Option<Vec<(String, String)>> {
    let get = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).ok();
    let brands: Array = get(&get(navigator, "userAgentData")?, "brands")?.dyn_into().ok()?;
    let pair = |brand: JsValue| Some((get(&brand, "brand")?.as_string()?, get(&brand, "version")?.as_string()?));
    Some(brands.iter().filter_map(pair).collect())
}

/// The product rather than its engine; names such as "Not/A)Brand" are there to be passed over.
fn best(brands: &[(String, String)]) -> Option<String> {
    let real = brands.iter().filter(|(name, _)| !name.starts_with("Not") && !name.contains("Brand"));
    let (name, version) = real.max_by_key(|(name, _)| name != "Chromium")?;
    Some(format!("{name} {version}"))
}

/// From the string that everybody sends; the more particular marks first.
fn from_agent(agent: &str) -> Option<String> {
    const MARKS: [(&str, &str); 5] =
        [("Edg/", "Edge"), ("Firefox/", "Firefox"), ("HeadlessChrome/", "Chromium"), ("Chrome/", "Chrome"), ("Version/", "Safari")];
    MARKS.iter().find_map(|(mark, name)| {
        let (_, rest) = agent.split_once(mark)?;
        let version: String = rest.chars().take_while(char::is_ascii_digit).collect();
        Some(format!("{name} {version}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_known_by_what_it_says_of_itself() {
        let brand = |name: &str| (name.to_owned(), "141".to_owned());
        let chrome = [brand("Not?A_Brand"), brand("Chromium"), brand("Google Chrome")];
        assert_eq!(best(&chrome).as_deref(), Some("Google Chrome 141"));
        assert_eq!(best(&chrome[..2]).as_deref(), Some("Chromium 141"));
        assert_eq!(best(&chrome[..1]), None);

        let safari = "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Safari/605.1.15";
        assert_eq!(from_agent(safari).as_deref(), Some("Safari 18"));
        assert_eq!(from_agent("Mozilla/5.0 (X11) Gecko/20100101 Firefox/128.0").as_deref(), Some("Firefox 128"));
        assert_eq!(from_agent("curl/8"), None);
    }
}
