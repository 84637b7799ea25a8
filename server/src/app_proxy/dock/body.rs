//! A page on its way, with the line in it. What is surely before the line goes on at once, and all that is behind it as it comes.

use super::place::{Opening, Place};
use axum::body::{Body, Bytes, HttpBody};
use http_body::Frame;
use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

/// Most bytes of one tag or comment that are held back. A page with a longer one before its content goes on without the line: it would
/// stand within it, or before a doctype that may follow.
const MOST_HELD: usize = 64 * 1024;

/// The body, and what has not been sent on of it.
pub(super) struct WithLine {
    body: Body,
    line: String,
    /// While the place is looked for.
    opening: Option<Opening>,
    held: Vec<u8>,
    /// Once the body has ended while the place was looked for: its trailers.
    ended: Option<Option<Frame<Bytes>>>,
}

impl WithLine {
    pub fn new(body: Body, line: String) -> Self {
        Self { body, line, opening: Some(Opening::default()), held: Vec::new(), ended: None }
    }

    /// What can go on of what is held.
    fn next(&mut self) -> Option<Bytes> {
        let place = self.opening.as_mut()?.look(&self.held);
        match place {
            Place::Here(at) => {
                self.held.splice(at..at, self.line.bytes());
                self.opening = None;
                Some(std::mem::take(&mut self.held).into())
            }
            Place::After(at) if self.held.len() - at <= MOST_HELD => {
                let passed: Vec<_> = self.held.drain(..at).collect();
                (!passed.is_empty()).then(|| passed.into())
            }
            Place::After(_) | Place::Nowhere => {
                self.opening = None;
                Some(std::mem::take(&mut self.held).into())
            }
        }
    }

    /// What is left at the end of a page in which nothing followed the place. A tag or a comment that is cut off stays as it is.
    fn last(&mut self) -> Bytes {
        self.opening = None;
        let last = std::mem::take(&mut self.held);
        if last.is_empty() { std::mem::take(&mut self.line).into() } else { last.into() }
    }
}

impl HttpBody for WithLine {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.get_mut();
        if let Some(trailers) = &mut this.ended {
            return Poll::Ready(trailers.take().map(Ok));
        }
        loop {
            let frame = ready!(Pin::new(&mut this.body).poll_frame(cx));
            if this.opening.is_none() {
                return Poll::Ready(frame);
            }
            let trailers = match frame.transpose()?.map(Frame::into_data) {
                Some(Ok(data)) => {
                    this.held.extend_from_slice(&data);
                    match this.next() {
                        Some(data) => return Poll::Ready(Some(Ok(Frame::data(data)))),
                        None => continue,
                    }
                }
                Some(Err(trailers)) => Some(trailers),
                None => None,
            };
            this.ended = Some(trailers);
            return Poll::Ready(Some(Ok(Frame::data(this.last()))));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{body::to_bytes, http::HeaderMap};
    use futures::{StreamExt, stream};
    use rstest::rstest;
    use std::convert::Infallible;

    const LINE: &str = "<script>line</script>";

    fn pieces(pieces: &[&[u8]]) -> Body {
        let pieces: Vec<_> = pieces.iter().map(|piece| Ok::<_, Infallible>(Bytes::copy_from_slice(piece))).collect();
        Body::from_stream(stream::iter(pieces))
    }

    async fn with_line(body: Body) -> String {
        let body = to_bytes(Body::new(WithLine::new(body, LINE.into())), usize::MAX).await.unwrap();
        String::from_utf8_lossy(&body).into_owned()
    }

    #[rstest]
    #[case("<!DOCTYPE html>\n<html><head>|<title>a</title></head><body><script>'<head>'</script></body></html>\n")]
    #[case("\u{feff}<!-- a --><!doctype html>\r\n|<body class=\"é\">漢</body>")]
    #[case("<!doctype html><html lang='>'>\n\n|")]
    #[case("|")]
    #[tokio::test]
    async fn each_page_has_the_line_once_however_it_comes_in_pieces(#[case] marked: &str) {
        let (page, expected) = (marked.replace('|', ""), marked.replace('|', LINE));
        for first in 0..=page.len() {
            for second in first..=page.len() {
                let bytes = page.as_bytes();
                let body = pieces(&[&bytes[..first], &bytes[first..second], &bytes[second..]]);
                assert_eq!(with_line(body).await, expected, "cut at {first} and {second}");
            }
        }
        let bytes: Vec<_> = page.as_bytes().chunks(1).collect();
        assert_eq!(with_line(pieces(&bytes)).await, expected, "byte by byte");
    }

    #[tokio::test]
    async fn a_page_is_shown_while_it_is_still_sent() {
        let first = |page: &'static str| async move {
            let sent = stream::once(async move { Ok::<_, Infallible>(Bytes::from(page)) }).chain(stream::pending());
            let mut pieces = Body::new(WithLine::new(Body::from_stream(sent), LINE.into())).into_data_stream();
            String::from_utf8(pieces.next().await.unwrap().unwrap().to_vec()).unwrap()
        };
        assert_eq!(first("<!doctype html><head><title>a").await, format!("<!doctype html><head>{LINE}<title>a"));
        assert_eq!(first("<!doctype html>\n<html><he").await, "<!doctype html>\n<html>");
    }

    #[tokio::test]
    async fn a_comment_without_an_end_is_not_held_back_for_ever() {
        let page = format!("<!doctype html><!-- {}", "a".repeat(MOST_HELD));
        let sent = stream::once(async move { Ok::<_, Infallible>(Bytes::from(page)) }).chain(stream::pending());
        let mut pieces = Body::new(WithLine::new(Body::from_stream(sent), LINE.into())).into_data_stream();
        assert!(pieces.next().await.unwrap().unwrap().len() > MOST_HELD);
        assert_eq!(with_line("<!-- cut".into()).await, "<!-- cut");
        let longest = format!("<!--{}--><p>", "a".repeat(MOST_HELD - 7));
        assert_eq!(with_line(longest.clone().into()).await, longest.replace("<p>", &format!("{LINE}<p>")));
    }

    #[tokio::test]
    async fn trailers_stay_and_so_does_an_error() {
        use http_body::Body as _;
        /// Data, then trailers.
        struct WithTrailers(Vec<Frame<Bytes>>);
        impl HttpBody for WithTrailers {
            type Data = Bytes;
            type Error = Infallible;
            fn poll_frame(
                mut self: Pin<&mut Self>,
                _: &mut Context<'_>,
            ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
                Poll::Ready(self.0.pop().map(Ok))
            }
        }
        for page in ["<p>a", "<html>"] {
            let frames = vec![Frame::trailers(HeaderMap::new()), Frame::data(Bytes::from(page))];
            let mut body = WithLine::new(Body::new(WithTrailers(frames)), LINE.into());
            let mut last = None;
            while let Some(frame) = std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
                last = Some(frame.unwrap());
            }
            assert!(last.is_some_and(|frame| frame.is_trailers()), "{page}");
        }
        let broken = stream::iter([Ok(Bytes::from("<html>")), Err("gone")]);
        let body = Body::new(WithLine::new(Body::from_stream(broken), LINE.into()));
        assert!(to_bytes(body, usize::MAX).await.is_err());
    }
}
