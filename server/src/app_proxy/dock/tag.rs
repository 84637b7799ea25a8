//! The validators of a page with the line. It is another representation than the app's, so it has another entity tag (RFC 9110 §8.8.3): a
//! weak one, since the nonce in it may differ, made of the app's own and a mark. On the way to the app the mark is taken off, so that
//! 304 works also where an app compares tags as texts. A page that the browser has from before, without this line, is asked for anew, and
//! so is whatever has no mark, until it is known to stay as the app sends it ([`super::stays`]).

use axum::http::{
    HeaderMap, HeaderValue,
    header::{ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED},
};

/// Of the pages that have the line of the lab at this port.
pub(super) struct Mark(String);

impl Mark {
    pub fn new(lab: u16) -> Self {
        Self(format!(".dock-{lab}-"))
    }

    /// Makes the conditions of a request for a page the app's; whether they are about a page with this line. Others are the app's
    /// already, and go where what is asked for `stays` as the app sends it.
    pub fn take_off(&self, headers: &mut HeaderMap, stays: bool) -> bool {
        let mut lines = headers.get_all(IF_NONE_MATCH).iter();
        let tag = lines.next().filter(|_| lines.next().is_none()).and_then(|tag| self.without(tag));
        match tag {
            Some(tag) => {
                headers.remove(IF_NONE_MATCH);
                if let Some(tag) = tag {
                    headers.insert(IF_NONE_MATCH, tag);
                }
                true
            }
            None => {
                if !stays {
                    headers.remove(IF_NONE_MATCH);
                    headers.remove(IF_MODIFIED_SINCE);
                }
                false
            }
        }
    }

    /// The app's own tag in this one: none in that of a page for which the app has a date alone.
    fn without(&self, tag: &HeaderValue) -> Option<Option<HeaderValue>> {
        let marked = tag.to_str().ok()?.trim().strip_prefix("W/\"")?.strip_suffix('"')?;
        let (own, kind) = marked.rsplit_once(&self.0)?;
        let own = match kind {
            "strong" => format!("\"{own}\""),
            "weak" => format!("W/\"{own}\""),
            "date" => return Some(None),
            _ => return None,
        };
        Some(Some(HeaderValue::try_from(own).ok()?))
    }

    /// Marks the tag of a page, also where the app gives a date alone.
    pub fn put_on(&self, headers: &mut HeaderMap) {
        let own = headers.get(ETAG).map(|tag| tag.to_str().unwrap_or_default().trim());
        let opaque = |tag: &str| tag.strip_prefix('"')?.strip_suffix('"').map(str::to_owned);
        let marked = match own {
            Some(tag) => match (opaque(tag), tag.strip_prefix("W/").and_then(opaque)) {
                (Some(own), _) => Some((own, "strong")),
                (None, own) => own.map(|own| (own, "weak")),
            },
            None => headers.contains_key(LAST_MODIFIED).then(|| (String::new(), "date")),
        };
        let marked = marked.and_then(|(own, kind)| HeaderValue::try_from(format!("W/\"{own}{}{kind}\"", self.0)).ok());
        if let Some(tag) = marked {
            headers.insert(ETAG, tag);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderName;
    use rstest::rstest;

    fn fields(lines: &[(HeaderName, &str)]) -> HeaderMap {
        lines.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect()
    }

    const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

    #[rstest]
    #[case(&[(ETAG, "\"x\"")], "W/\"x.dock-3000-strong\"", Some("\"x\""))]
    #[case(&[(ETAG, "W/\"x\"")], "W/\"x.dock-3000-weak\"", Some("W/\"x\""))]
    #[case(&[(ETAG, "\"\"")], "W/\".dock-3000-strong\"", Some("\"\""))]
    #[case(&[(ETAG, "\"a.dock-3000-weak\"")], "W/\"a.dock-3000-weak.dock-3000-strong\"", Some("\"a.dock-3000-weak\""))]
    #[case(&[(LAST_MODIFIED, DATE)], "W/\".dock-3000-date\"", None)]
    fn the_app_is_asked_for_its_own_tag(
        #[case] answered: &[(HeaderName, &str)],
        #[case] marked: &str,
        #[case] asked: Option<&str>,
    ) {
        let mark = Mark::new(3000);
        let mut answer = fields(answered);
        mark.put_on(&mut answer);
        assert_eq!(answer[ETAG], marked);
        let mut request = fields(&[(IF_NONE_MATCH, marked), (IF_MODIFIED_SINCE, DATE)]);
        assert!(mark.take_off(&mut request, false));
        assert_eq!(request.get(IF_NONE_MATCH).map(|tag| tag.to_str().unwrap()), asked);
        assert_eq!(request[IF_MODIFIED_SINCE], DATE);
    }

    #[rstest]
    #[case(&[(IF_NONE_MATCH, "\"x\""), (IF_MODIFIED_SINCE, DATE)])]
    #[case(&[(IF_MODIFIED_SINCE, DATE)])]
    #[case(&[(IF_NONE_MATCH, "W/\"x.dock-3001-strong\"")])]
    #[case(&[(IF_NONE_MATCH, "W/\"x.dock-3000-odd\"")])]
    #[case(&[(IF_NONE_MATCH, "W/\"x.dock-3000-weak\""), (IF_NONE_MATCH, "\"y\"")])]
    #[case(&[])]
    fn a_page_from_before_is_asked_for_anew(#[case] asked: &[(HeaderName, &str)]) {
        let mut request = HeaderMap::new();
        for (name, value) in asked {
            request.append(name.clone(), value.parse().unwrap());
        }
        let mut kept = request.clone();
        assert!(!Mark::new(3000).take_off(&mut request, false));
        assert!(request.is_empty(), "{request:?}");
        let before = kept.clone();
        assert!(!Mark::new(3000).take_off(&mut kept, true));
        assert_eq!(kept, before, "what stays as the app sends it has the app's own conditions");
    }

    #[rstest]
    #[case(&[])]
    #[case(&[(ETAG, "no-tag")])]
    fn a_page_without_a_tag_gets_none(#[case] answered: &[(HeaderName, &str)]) {
        let mut answer = fields(answered);
        Mark::new(3000).put_on(&mut answer);
        assert_eq!(answer, fields(answered));
    }
}
