//! Cookies by HTTP.

use crate::support::{Answer, Kind, TestServer};
use app::bench::{MOST_LINE_BYTES, MOST_LINES};
use axum::http::header;
use rstest::rstest;

async fn set(server: &TestServer, line: &str) -> Answer {
    server.visitor().post("/lab/cookie", &[("line", line)]).await
}

fn lines(answer: &Answer) -> Vec<&[u8]> {
    answer.headers.get_all(header::SET_COOKIE).iter().map(|line| line.as_bytes()).collect()
}

#[rstest]
#[case("lab-a=1")]
#[case("lab-a=; Max-Age=0")]
#[case(" lab-a = \"1\" ;Path=/lab/x; HttpOnly ;; samesite=none;Secure; Partitioned; Domain=localhost; Nonsense")]
#[case("__Host-lab-a=1; Secure; Path=/")]
#[case("__secure-LAB-a=1")]
#[case("__Http-lab-a=1; HttpOnly; Secure")]
#[case("__Host-Http-lab-a=1; HttpOnly; Secure; Path=/")]
#[case("lab-é=漢😀; Path=/")]
#[case("lab-a=b=c,d")]
#[case("lab-a=1\t2")]
#[case("lab-a=\u{85}")]
#[case("lab-a b=\u{a0}\u{2028}\u{202e}")]
#[tokio::test]
async fn a_cookie_is_set_by_exactly_the_line_that_the_visitor_saw(#[case] line: &str) {
    let server = TestServer::on(Kind::Sqlite).await;
    let answer = set(&server, line).await;
    assert_eq!((answer.status, lines(&answer), answer.body.as_str()), (204, vec![line.as_bytes()], ""));
}

#[rstest]
#[case("")]
#[case("a=1")]
#[case("lab=1")]
#[case("xlab-a=1")]
#[case("lab-a")]
#[case("lab-a; x=1")]
#[case("=lab-a=1")]
#[case("; lab-a=1")]
#[case("session; lab-a=1")]
#[case("__Host-session=x.y; Secure; Path=/")]
#[case("__HOST-SESSION =x.y; Secure; Path=/")]
#[case("__Host-a-lab-=1; Secure; Path=/")]
#[case("__Secure-__Host-session=1")]
#[case("\u{3000}lab-a=1")]
#[tokio::test]
async fn no_cookie_is_set_but_the_labs_own_and_never_the_log_ins(#[case] line: &str) {
    let server = TestServer::on(Kind::Sqlite).await;
    let answer = set(&server, line).await;
    assert_eq!((answer.status, lines(&answer).len()), (422, 0));
    assert_eq!(answer.body, r#"{"error":"not_a_lab_name"}"#);
}

#[rstest]
#[case("lab-a=1\r\nSet-Cookie: __Host-session=x")]
#[case("lab-a=1\n")]
#[case("lab-a=\0")]
#[case("lab-a=\u{7f}")]
#[case("lab-a=\u{1}")]
#[tokio::test]
async fn a_line_with_a_control_character_is_refused(#[case] line: &str) {
    let server = TestServer::on(Kind::Sqlite).await;
    let answer = set(&server, line).await;
    assert_eq!((answer.status, lines(&answer).len()), (422, 0));
}

#[rstest]
#[case("a", 8_192 - 6, 204)]
#[case("a", 8_192 - 5, 413)]
#[case("漢", 2_728, 204)]
#[case("漢", 2_729, 413)]
#[case("漢", 4_000, 413)]
#[tokio::test]
async fn a_line_has_8192_bytes_at_most(#[case] letter: &str, #[case] count: usize, #[case] status: u16) {
    let server = TestServer::on(Kind::Sqlite).await;
    let answer = set(&server, &format!("lab-a={}", letter.repeat(count))).await;
    assert_eq!((answer.status, lines(&answer).len()), (status, usize::from(status == 204)));
}

#[tokio::test]
async fn several_lines_are_set_by_one_answer_in_their_order() {
    let server = TestServer::on(Kind::Sqlite).await;
    let sent: Vec<_> = (0..MOST_LINES).map(|at| format!("lab-{at}=; Max-Age=0; Path=/{at}; HttpOnly")).collect();
    let fields: Vec<_> = sent.iter().map(|line| ("line", line.as_str())).collect();
    let answer = server.visitor().post("/lab/cookie", &fields).await;
    let expected: Vec<_> = sent.iter().map(|line| line.as_bytes()).collect();
    assert_eq!((answer.status, lines(&answer)), (204, expected));
}

#[tokio::test]
async fn of_several_lines_all_are_set_or_none() {
    let server = TestServer::on(Kind::Sqlite).await;
    let long = format!("lab-a={}", "a".repeat(MOST_LINE_BYTES / 2));
    let many = vec!["lab-a=1"; MOST_LINES + 1];
    for (sent, status) in [
        (&["lab-a=1", "a=1"][..], 422),
        (&["lab-a=1", "__Host-session=x.y; Secure; Path=/"], 422),
        (&["lab-a=1", "lab-b=\0"], 422),
        (&[&long, &long], 413),
        (&many, 413),
    ] {
        let fields: Vec<_> = sent.iter().map(|line| ("line", *line)).collect();
        let answer = server.visitor().post("/lab/cookie", &fields).await;
        assert_eq!((answer.status, lines(&answer).len()), (status, 0), "{} lines", sent.len());
    }
}

#[tokio::test]
async fn a_form_without_a_line_is_refused() {
    let server = TestServer::on(Kind::Sqlite).await;
    for fields in [&[][..], &[("lines", "lab-a=1")]] {
        let answer = server.visitor().post("/lab/cookie", fields).await;
        assert_eq!((answer.status, answer.body.as_str()), (422, r#"{"error":"bad_request"}"#));
    }
}
