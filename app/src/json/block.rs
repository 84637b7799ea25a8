//! Values that come along with a page, each in a data block of its head (WHATWG HTML §4.12.1). A data block is not
//! executed, so the page's script policy does not concern it.

#[cfg(feature = "ssr")]
use {leptos::prelude::*, serde::Serialize};

/// The block that says who is logged in.
pub(crate) const LOGGED_IN: &str = "logged-in";
/// The block with what the server saw of the request for the page.
pub(crate) const OBSERVATION: &str = "first-observation";

/// The block with the origins whose pages may have this one in a frame.
pub(crate) const DOCKED_IN: &str = "docked-in";

/// The block with this id; none where there is nothing to tell.
#[cfg(feature = "ssr")]
pub(crate) fn data_block<T: Serialize>(id: &'static str, value: Option<T>) -> Option<impl IntoView> {
    // Within a script element only `<` can begin its end or a comment; in JSON it stands in strings alone.
    let json = serde_json::to_string(&value?).ok()?.replace('<', "\\u003c");
    Some(view! { <script type="application/json" id=id inner_html=json></script> })
}

/// Reads the block with this id and removes it: what came along with the page is true of its first moment only.
#[cfg(not(feature = "ssr"))]
pub(crate) fn take<T: super::FromJson>(id: &str) -> Option<T> {
    let block = web_sys::window()?.document()?.get_element_by_id(id)?;
    block.remove();
    super::parse(&block.text_content()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_ends_the_block_that_it_stands_in() {
        let value = "</script><!--<script>\u{2028}\"";
        let html = data_block("block", Some(value)).to_html();
        let (start, rest) = html.split_once('>').unwrap();
        assert_eq!(start, r#"<script type="application/json" id="block""#);
        let json = rest.strip_suffix("</script>").unwrap();
        assert!(!json.contains('<'), "{json}");
        assert_eq!(crate::json::parse::<String>(json).as_deref(), Some(value));
        assert_eq!(data_block("block", None::<String>).to_html().matches("script").count(), 0);
    }
}
