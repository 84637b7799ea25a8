//! Where in a page the line stands: right behind its doctype, `<html>` and `<head>`, before anything else begins. There a script is in
//! the head, implied or not, and neither takes the doctype's effect away (quirks mode) nor begins the body (HTML §13.2.6.4.1–4).

use html5gum::{DefaultEmitter, Error, Token, Tokenizer};

/// The byte order mark of UTF-8. Those of UTF-16 outrank what `Content-Type` says (Encoding §6.1).
const MARK: &[u8] = b"\xef\xbb\xbf";
const MARKS_OF_UTF_16: [&[u8]; 2] = [b"\xfe\xff", b"\xff\xfe"];

/// How far a page's beginning has been read.
#[derive(Debug, Default)]
pub(super) struct Opening {
    is_begun: bool,
}

/// What is known of the place, counted from the first byte of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Here(usize),
    /// Not before this byte; where, the text does not tell yet.
    After(usize),
    /// The page cannot have the line.
    Nowhere,
}

/// What a text begins with.
enum Beginning {
    /// More of it is needed.
    Unknown,
    /// What belongs before the place, with its length.
    Before(usize),
    /// `<head>`.
    Head(usize),
    /// Anything else.
    Content,
}

impl Opening {
    /// Looks at the text that follows what was before the place so far.
    pub fn look(&mut self, text: &[u8]) -> Place {
        let mut at = 0;
        if !self.is_begun {
            if MARKS_OF_UTF_16.iter().any(|mark| text.starts_with(mark)) {
                return Place::Nowhere;
            }
            let marks = MARKS_OF_UTF_16.into_iter().chain([MARK]);
            if marks.into_iter().any(|mark| text.len() < mark.len() && mark.starts_with(text)) {
                return Place::After(0);
            }
            self.is_begun = true;
            at = if text.starts_with(MARK) { MARK.len() } else { 0 };
        }
        loop {
            at += text[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            match beginning(&text[at..]) {
                Beginning::Unknown => return Place::After(at),
                Beginning::Before(length) => at += length,
                Beginning::Head(length) => return Place::Here(at + length),
                Beginning::Content => return Place::Here(at),
            }
        }
    }
}

fn beginning(text: &[u8]) -> Beginning {
    match text {
        [] | [b'<'] => return Beginning::Unknown,
        [b'<', b'!' | b'?', ..] => {}
        [b'<', name @ ..] if may_be_passed(name) => {}
        _ => return Beginning::Content,
    }
    // All of these end so.
    if !text.contains(&b'>') {
        return Beginning::Unknown;
    }
    for token in Tokenizer::new_with_emitter(text, DefaultEmitter::<usize>::new_with_span()) {
        let Ok(token) = token;
        let (is_head, end) = match token {
            Token::Error(error) => match error.value {
                Error::EofInTag | Error::EofInComment | Error::EofInDoctype => return Beginning::Unknown,
                _ => continue,
            },
            Token::StartTag(tag) => (**tag.name == *b"head", tag.span.end),
            Token::Comment(comment) => (false, comment.span.end),
            Token::Doctype(doctype) => (false, doctype.span.end),
            Token::EndTag(_) | Token::String(_) => return Beginning::Content,
        };
        // A comment such as `<?xml` may also end with the text, without an error.
        return match text.get(..end) {
            Some([.., b'>']) if is_head => Beginning::Head(end),
            Some([.., b'>']) => Beginning::Before(end),
            _ => Beginning::Unknown,
        };
    }
    Beginning::Unknown
}

/// Whether what follows a `<` is `html` or `head`, or may become it.
fn may_be_passed(name: &[u8]) -> bool {
    let end = name.iter().position(|byte| byte.is_ascii_whitespace() || b"/>".contains(byte));
    [&b"html"[..], b"head"].iter().any(|known| match end {
        Some(end) => name[..end].eq_ignore_ascii_case(known),
        None => known.get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(name)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    /// `|` marks the place.
    #[rstest]
    #[case::an_ordinary_page("<!DOCTYPE html><html lang=\"en\"><head>|<meta charset=\"utf-8\"><title>a</title>")]
    #[case::with_white_space("<!doctype html>\r\n\n<html>\n\t<head>|\n<title>a</title>")]
    #[case::with_attributes_that_hold_what_would_end_it(
        "<!DOCTYPE html><html data-a='>' data-b=\"<head>\"><head class=a>|<link>"
    )]
    #[case::a_page_without_a_head_gets_the_line_before_its_first_content("<!doctype html>\n<html>\n|<body><p>a")]
    #[case::a_page_that_begins_with_its_title("<!doctype html>|<title>a</title>")]
    #[case::a_page_without_a_doctype("|<p>a")]
    #[case::text_alone("  |a < b")]
    #[case::a_smaller_than("<html>|< head>")]
    #[case::comments_come_before("<!-- a --><!doctype html><!-- <head> --><html><!----><head>|<!-- b -->")]
    #[case::comments_that_end_early("<!--><!---><!doctype html><!-- a --!><html><head>|")]
    #[case::comments_that_look_as_if_they_ended("<!--!> --><!-- a -> -- > <!-- b --><html><head>|")]
    #[case::comments_of_other_kinds("<?xml version=\"1.0\"?><!ELEMENT a><![CDATA[b]]><!doctype html><html>|a")]
    #[case::an_old_doctype(
        "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\"\n\"http://www.w3.org/TR/html4/strict.dtd\">\n<HTML><HEAD>|<TITLE>"
    )]
    #[case::in_capitals("<HTML\n><HeaD >|a")]
    #[case::closed_by_themselves("<html/><head/>|a")]
    #[case::another_tag_that_begins_like_head("<!doctype html>|<header>a</header>")]
    #[case::another_that_begins_like_html("|<htmlx>")]
    #[case::a_head_in_a_script_is_none("<!doctype html>|<script>'<head>'</script>")]
    #[case::an_end_tag("<html>|</html>")]
    #[case::a_second_html("<html><html lang=en><head>|a")]
    #[case::a_byte_order_mark("\u{feff}<!doctype html><head>|a")]
    #[case::that_stands_later("<html>|\u{feff}a")]
    #[case::letters_beyond_ascii("<!-- é漢 --><html title=\"é\"><head>|é")]
    #[case::a_zero("|\0<head>")]
    fn the_line_stands_behind_the_heads_tags_wherever_the_text_is_cut(#[case] marked: &str) {
        let (before, after) = marked.split_once('|').unwrap();
        let page = [before.as_bytes(), after.as_bytes()].concat();
        assert_eq!(Opening::default().look(&page), Place::Here(before.len()));
        for cut in 0..page.len() {
            let mut opening = Opening::default();
            let place = match opening.look(&page[..cut]) {
                Place::After(passed) => {
                    assert!(passed <= before.len(), "{passed} bytes are let through of {marked} cut at {cut}");
                    match opening.look(&page[passed..]) {
                        Place::Here(at) => Place::Here(passed + at),
                        other => other,
                    }
                }
                found => found,
            };
            assert_eq!(place, Place::Here(before.len()), "{marked} cut at {cut}");
        }
        assert_eq!(by_the_byte(&page), Some(before.len()));
    }

    /// The place in a text that comes byte by byte, where it is found.
    fn by_the_byte(page: &[u8]) -> Option<usize> {
        let (mut opening, mut from) = (Opening::default(), 0);
        for end in 0..=page.len() {
            match opening.look(&page[from..end]) {
                Place::Here(at) => return Some(from + at),
                Place::After(passed) => from += passed,
                Place::Nowhere => return None,
            }
        }
        None
    }

    #[rstest]
    #[case::a_body("<!doctype html><html><b")]
    #[case::text("<!doctype html>a")]
    #[case::a_head("<head>")]
    #[case::a_tag_that_can_no_longer_be_the_head("<heade")]
    fn nothing_more_is_waited_for_than_the_place_needs(#[case] page: &str) {
        let (all, but_one) = (page.as_bytes(), &page.as_bytes()[..page.len() - 1]);
        assert!(matches!(Opening::default().look(all), Place::Here(_)));
        assert!(matches!(Opening::default().look(but_one), Place::After(_)));
    }

    #[rstest]
    #[case(b"\xfe\xff\0<\0h")]
    #[case(b"\xff\xfe<\0h\0")]
    fn a_page_in_utf_16_has_no_place(#[case] page: &[u8]) {
        assert_eq!(Opening::default().look(page), Place::Nowhere);
        assert_eq!(by_the_byte(page), None);
    }

    proptest! {
        #[test]
        fn pieces_in_any_order_have_one_place_wherever_they_are_cut(
            pieces in prop::collection::vec(prop::sample::select(vec![
                "<!doctype html>", "<html a='>'>", "<head", ">", "<", "!", "-", "-->", "<!--", " ", "\r\n", "\r", "</html>", "é", "<?a", "\"", "'",
                "=", "/", "<body>", "head", "\0", "\u{feff}",
            ]), 0..12),
        ) {
            let page = pieces.concat();
            let whole = match Opening::default().look(page.as_bytes()) {
                Place::Here(at) => Some(at),
                _ => None,
            };
            prop_assert_eq!(by_the_byte(page.as_bytes()), whole, "{:?}", page);
        }
    }
}
