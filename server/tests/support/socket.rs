//! Plain sockets from a chosen address of this machine, so that the server sees several clients.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

/// Who floods.
pub const ATTACKER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 3);
/// Who only wants to see a page.
pub const BYSTANDER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

/// Connects from one of this machine's addresses.
pub async fn connect_from(client: Ipv4Addr, server: SocketAddr) -> io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((client, 0).into())?;
    socket.connect(server).await
}

/// The same with a small buffer, so that what is not read is soon the server's concern.
pub async fn connect_narrowly_from(client: Ipv4Addr, server: SocketAddr) -> io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(4_096)?;
    socket.bind((client, 0).into())?;
    socket.connect(server).await
}

/// A request for a page; the connection stays open.
pub fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n")
}

/// The same, after which the connection is closed.
pub fn get_and_close(path: &str) -> String {
    get(path).replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")
}

/// A form, after which the connection is closed.
pub fn post(path: &str, cookie: &str, fields: &[(&str, &str)]) -> String {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: {cookie}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Reads the head of an answer, of which nothing else is read.
pub async fn head(stream: &mut TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

/// Sends a request that closes its connection and reads the whole answer.
pub async fn ask(client: Ipv4Addr, server: SocketAddr, request: &str) -> io::Result<Answer> {
    let mut stream = connect_from(client, server).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut text = Vec::new();
    stream.read_to_end(&mut text).await?;
    Ok(Answer(String::from_utf8_lossy(&text).into_owned()))
}

/// An answer as it came.
#[derive(Debug)]
pub struct Answer(pub String);

impl Answer {
    /// 0 when the connection was closed without one.
    pub fn status(&self) -> u16 {
        self.0.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
    }

    /// The first cookie that is set, as it is sent.
    pub fn cookie(&self) -> &str {
        let line = self.0.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap_or_default();
        line.split(';').next().unwrap_or_default()
    }
}

/// Makes an anonymous session; its cookie.
pub async fn session(client: Ipv4Addr, server: SocketAddr) -> String {
    let put = post("/api/values/put", "", &[("name", "lab-bed"), ("value", "1")]);
    let answer = ask(client, server, &put).await.unwrap();
    assert_eq!(answer.status(), 200, "{answer:?}");
    answer.cookie().to_owned()
}
