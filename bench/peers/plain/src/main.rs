//! A bare axum app, for what the port in front of an app adds to it: a few bytes at `/`, and a mebibyte at `/mebibyte`.
//!
//! `plain ADDRESS`

use axum::{Router, body::Bytes, routing::get};
use std::{env, error::Error};
use tokio::net::TcpListener;

const MEBIBYTE: Bytes = Bytes::from_static(&[b'x'; 1024 * 1024]);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = env::args().nth(1).ok_or("plain ADDRESS")?;
    let app = Router::new()
        .route("/", get(|| async { "hello" }))
        .route("/mebibyte", get(|| async { MEBIBYTE }))
        // By which script/bench sees that it is there.
        .route("/healthz", get(|| async {}));
    axum::serve(TcpListener::bind(address).await?, app).await?;
    Ok(())
}
