//! The hidden fields of a page's forms, which apps need to see again: tokens against forged requests.

use html5gum::{StartTag, Token, Tokenizer};
use url::Url;

/// The hidden fields of the form that a page sends to `target`; those of all its forms where none does.
pub fn hidden_fields(html: &str, page: &Url, target: &Url) -> Vec<(String, String)> {
    let mut forms: Vec<(bool, Vec<(String, String)>)> = Vec::new();
    for token in Tokenizer::new(html) {
        let Ok(token) = token;
        let Token::StartTag(tag) = token else { continue };
        match &**tag.name {
            b"form" => {
                let action = attribute(&tag, "action").unwrap_or_default();
                let to = if action.is_empty() { Some(page.clone()) } else { page.join(&action).ok() };
                let is_it = to.is_some_and(|to| to.origin() == target.origin() && to.path() == target.path());
                forms.push((is_it, Vec::new()));
            }
            b"input" if attribute(&tag, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("hidden")) => {
                let Some((_, fields)) = forms.last_mut() else { continue };
                if let Some(name) = attribute(&tag, "name") {
                    fields.push((name, attribute(&tag, "value").unwrap_or_default()));
                }
            }
            _ => {}
        }
    }
    let is_named = forms.iter().any(|(is_it, _)| *is_it);
    forms.into_iter().filter(|(is_it, _)| *is_it || !is_named).flat_map(|(_, fields)| fields).collect()
}

fn attribute(tag: &StartTag<()>, name: &str) -> Option<String> {
    let (_, value) = tag.attributes.iter().find(|(key, _)| ***key == *name.as_bytes())?;
    Some(String::from_utf8_lossy(value).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hidden_fields_of_the_form_that_is_sent_go_along_and_no_others() {
        let page = Url::parse("http://localhost:8080/login?next=%2F").unwrap();
        let html = r#"<form action="/search"><input type=hidden name=scope value=all></form>
            <form method="post"><INPUT TYPE="HIDDEN" NAME="csrf" VALUE="a&amp;b"><input name=user><input type=hidden name="next"></form>"#;
        let fields = |target: &str| hidden_fields(html, &page, &page.join(target).unwrap());
        assert_eq!(fields("/login"), [("csrf".into(), "a&b".into()), ("next".into(), String::new())]);
        assert_eq!(fields("/search"), [("scope".into(), "all".into())]);
        // A script sends it somewhere else.
        assert_eq!(fields("/api/login").len(), 3);
    }
}
