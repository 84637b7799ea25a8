//! Pages out of the coding in which the app sends them. They go on without one: browser and lab are on one machine, where compressing
//! costs more time than it saves. What has arrived is decoded at once, in constant memory.

use async_compression::{
    tokio::bufread::{BrotliDecoder, DeflateDecoder, GzipDecoder, ZlibDecoder, ZstdDecoder},
    zstd::DParameter,
};
use axum::{
    body::Body,
    http::{HeaderMap, header::CONTENT_ENCODING},
};
use futures::{TryFutureExt, TryStreamExt};
use std::{io, pin::Pin};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncRead};
use tokio_util::io::{ReaderStream, StreamReader};

/// How much is decoded at one go.
const PIECE: usize = 16 * 1024;
/// The largest window that `zstd` may have, 8 MiB (RFC 9659 §3).
const LARGEST_ZSTD_WINDOW: u32 = 23;

/// A coding that can be taken off (RFC 9110 §8.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Identity,
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

impl Coding {
    /// Of an answer; none where it is another one, or several.
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        let mut lines = headers.get_all(CONTENT_ENCODING).iter();
        let Some(line) = lines.next() else { return Some(Self::Identity) };
        if lines.next().is_some() {
            return None;
        }
        match line.to_str().ok()?.trim().to_ascii_lowercase().as_str() {
            "identity" => Some(Self::Identity),
            // RFC 9110 §8.4.1.3: another name of the same.
            "gzip" | "x-gzip" => Some(Self::Gzip),
            "deflate" => Some(Self::Deflate),
            "br" => Some(Self::Brotli),
            "zstd" => Some(Self::Zstd),
            _ => None,
        }
    }

    /// The page itself. Where its coding is broken the body is, too, after what could be read.
    pub fn decode(self, body: Body) -> Body {
        if self == Self::Identity {
            return body;
        }
        let mut packed = StreamReader::new(body.into_data_stream().map_err(io::Error::other));
        let page = async move {
            let first = packed.fill_buf().await?.first().copied();
            let decoder: Pin<Box<dyn AsyncRead + Send>> = match first {
                Some(first) => self.decoder(packed, first)?,
                // Nothing at all is no coding's, but browsers show an empty page.
                None => Box::pin(tokio::io::empty()),
            };
            Ok::<_, io::Error>(ReaderStream::with_capacity(decoder, PIECE))
        };
        // What is before an error, the answer's head too, is sent before hyper hears of it and hangs up.
        let after_the_rest = |error| async move {
            tokio::task::yield_now().await;
            Err(error)
        };
        Body::from_stream(page.try_flatten_stream().or_else(after_the_rest))
    }

    fn decoder(
        self,
        packed: impl AsyncBufRead + Send + 'static,
        first: u8,
    ) -> Result<Pin<Box<dyn AsyncRead + Send>>, io::Error> {
        Ok(match self {
            Self::Identity => Box::pin(packed),
            Self::Gzip => Box::pin(GzipDecoder::new(packed)),
            // The low half of zlib's first byte is 8 (RFC 1950 §2.2). Some servers send bare deflate, and browsers read it.
            Self::Deflate if first & 0xf == 8 => Box::pin(ZlibDecoder::new(packed)),
            Self::Deflate => Box::pin(DeflateDecoder::new(packed)),
            // The decoder knows windows of up to a gibibyte, which `br` has not (RFC 7932 §9.1 leaves this beginning unused).
            Self::Brotli if first & 0x7f == 0x11 => {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "no window of brotli's"));
            }
            Self::Brotli => Box::pin(BrotliDecoder::new(packed)),
            Self::Zstd => {
                let mut decoder = ZstdDecoder::with_params(packed, &[DParameter::window_log_max(LARGEST_ZSTD_WINDOW)]);
                // It may be several frames (RFC 8878 §3).
                decoder.multiple_members(true);
                Box::pin(decoder)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_compression::tokio::write::{BrotliEncoder, DeflateEncoder, GzipEncoder, ZlibEncoder, ZstdEncoder};
    use axum::body::{Bytes, to_bytes};
    use futures::{StreamExt, stream};
    use rstest::rstest;
    use std::convert::Infallible;
    use tokio::io::{AsyncWrite, AsyncWriteExt};

    const HALVES: [&str; 2] =
        ["<!doctype html><title>the first half</title>", "<p>and the second one, which comes later"];

    fn named(lines: &[&str]) -> Option<Coding> {
        Coding::of(&lines.iter().map(|line| (CONTENT_ENCODING, line.parse().unwrap())).collect())
    }

    #[test]
    fn a_coding_is_known_or_left_alone() {
        assert_eq!(named(&[]), Some(Coding::Identity));
        for (name, coding) in [
            ("identity", Coding::Identity),
            ("gzip", Coding::Gzip),
            ("x-gzip", Coding::Gzip),
            (" GZip", Coding::Gzip),
            ("deflate", Coding::Deflate),
            ("br", Coding::Brotli),
            ("zstd", Coding::Zstd),
        ] {
            assert_eq!(named(&[name]), Some(coding), "{name}");
        }
        for unknown in [&["dcb"][..], &["gzip, br"], &["gzip", "br"], &[""], &["compress"]] {
            assert_eq!(named(unknown), None, "{unknown:?}");
        }
    }

    /// What a server has sent of the page after each half, flushed.
    async fn packed<W: AsyncWrite + Unpin>(
        coder: impl FnOnce(Vec<u8>) -> W,
        sent: impl Fn(&W) -> &Vec<u8>,
    ) -> [Bytes; 2] {
        let mut coder = coder(Vec::new());
        coder.write_all(HALVES[0].as_bytes()).await.unwrap();
        coder.flush().await.unwrap();
        let first = sent(&coder).len();
        coder.write_all(HALVES[1].as_bytes()).await.unwrap();
        coder.shutdown().await.unwrap();
        let all = Bytes::from(sent(&coder).clone());
        [all.slice(..first), all.slice(first..)]
    }

    async fn each() -> [(Coding, [Bytes; 2]); 5] {
        [
            (Coding::Gzip, packed(GzipEncoder::new, GzipEncoder::get_ref).await),
            (Coding::Deflate, packed(ZlibEncoder::new, ZlibEncoder::get_ref).await),
            (Coding::Deflate, packed(DeflateEncoder::new, DeflateEncoder::get_ref).await),
            (Coding::Brotli, packed(BrotliEncoder::new, BrotliEncoder::get_ref).await),
            (Coding::Zstd, packed(ZstdEncoder::new, ZstdEncoder::get_ref).await),
        ]
    }

    fn sent(pieces: impl IntoIterator<Item = Bytes, IntoIter: Send + 'static>) -> Body {
        Body::from_stream(stream::iter(pieces.into_iter().map(Ok::<_, Infallible>)))
    }

    #[tokio::test]
    async fn each_coding_is_taken_off_however_it_comes_in_pieces() {
        for (coding, halves) in each().await {
            let all = Bytes::from(halves.concat());
            for cut in 0..=all.len() {
                let body = coding.decode(sent([all.slice(..cut), all.slice(cut..)]));
                assert_eq!(to_bytes(body, usize::MAX).await.unwrap(), HALVES.concat(), "{coding:?} cut at {cut}");
            }
        }
    }

    #[tokio::test]
    async fn what_has_arrived_is_shown_at_once() {
        for (coding, [first, _]) in each().await {
            let body = Body::from_stream(stream::iter([Ok::<_, Infallible>(first)]).chain(stream::pending()));
            let (mut pieces, mut shown) = (coding.decode(body).into_data_stream(), Vec::new());
            while shown.len() < HALVES[0].len() {
                shown.extend(pieces.next().await.unwrap().unwrap());
            }
            assert_eq!(shown, HALVES[0].as_bytes(), "{coding:?}");
        }
    }

    #[tokio::test]
    async fn a_broken_coding_breaks_the_body_after_what_could_be_read() {
        for (coding, [first, second]) in each().await {
            let noise = Bytes::from([0xff; 64].as_slice());
            for (rest, why) in [(second.slice(..second.len() / 2), "cut"), (noise, "noise")] {
                let mut pieces = coding.decode(sent([first.clone(), rest])).into_data_stream();
                let (mut shown, mut is_broken) = (Vec::new(), false);
                while let Some(piece) = pieces.next().await {
                    match piece {
                        Ok(piece) => shown.extend(piece),
                        Err(_) => is_broken = true,
                    }
                }
                assert!(is_broken && shown.starts_with(HALVES[0].as_bytes()), "{coding:?}, {why}");
            }
            assert!(to_bytes(coding.decode(Body::empty()), 9).await.unwrap().is_empty(), "{coding:?}, nothing at all");
        }
    }

    #[rstest]
    #[case::none_of_these_codings(Coding::Gzip, b"<!doctype html>")]
    #[case::a_window_of_a_gibibyte(Coding::Brotli, b"\x11\x9e")]
    #[case::a_window_of_two_gibibytes(Coding::Zstd, b"\x28\xb5\x2f\xfd\x00\xa8\x01\0\0")]
    #[tokio::test]
    async fn what_no_browser_would_read_breaks_the_body(#[case] coding: Coding, #[case] page: &'static [u8]) {
        assert!(to_bytes(coding.decode(page.into()), usize::MAX).await.is_err());
    }

    #[tokio::test]
    async fn a_small_answer_that_unpacks_to_a_huge_one_comes_in_pieces() {
        const HUGE: usize = 64 * 1024 * 1024;
        let mut coder = GzipEncoder::new(Vec::new());
        coder.write_all(&vec![b'a'; HUGE]).await.unwrap();
        coder.shutdown().await.unwrap();
        let mut pieces = Coding::Gzip.decode(coder.into_inner().into()).into_data_stream();
        let mut count = 0;
        while let Some(piece) = pieces.next().await {
            let piece = piece.unwrap();
            assert!(piece.len() <= PIECE);
            count += piece.len();
        }
        assert_eq!(count, HUGE);
    }
}
