//! Texts as HTML.

use super::escapes::{Within, each, label, spell};
use maud::Escaper;
use std::fmt::Write;

/// A text as HTML, its escapes marked; in an element of its own, by which it is isolated (`unicode-bidi`).
pub(crate) fn marked(text: &str, within: Within) -> String {
    let mut html = String::with_capacity(text.len());
    if text.is_empty() && within == Within::Name {
        return format!("<i>{}</i>", label(text));
    }
    let mut plain = String::new();
    each(text, within, &mut |character, hidden| {
        if !hidden {
            return plain.push(character);
        }
        escape(&mut html, &plain);
        plain.clear();
        html.push_str("<span class=\"escape\">");
        spell(character, &mut html);
        html.push_str("</span>");
        if character == '\n' && within == Within::Lines {
            html.push(character);
        }
    });
    escape(&mut html, &plain);
    html
}

/// Writes text into HTML.
pub(crate) fn escape(html: &mut String, text: &str) {
    // Writing to a string does not fail.
    let _ = Escaper::new(html).write_str(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_marked_and_nothing_becomes_an_element() {
        assert_eq!(
            marked("a\u{202E}<b>&\"", Within::Line),
            "a<span class=\"escape\">\\u202e</span>&lt;b&gt;&amp;&quot;"
        );
        assert_eq!(marked("", Within::Name), "<i>(empty name)</i>");
        assert_eq!(marked("", Within::Line), "");
    }
}
