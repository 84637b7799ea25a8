//! The app, as this server speaks to it.

use super::{MOST_FIELDS, origin::Origin, tls};
use axum::{body::Body, extract::Request, http::Response};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, Error, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use std::time::Duration;

/// How long the app may take to take a connection.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// How long a connection is kept that nobody uses: less than development servers keep one (Node.js: 5 s). The one who closes first
/// meets no request that is on its way.
const IDLE_LIMIT: Duration = Duration::from_secs(3);

type Connections = Client<HttpsConnector<HttpConnector>, Body>;

/// The one app that requests go to; clones share their connections.
#[derive(Clone)]
pub(crate) struct Upstream {
    pub origin: Origin,
    /// HTTP/2 where the app offers it in the handshake, else HTTP/1.1.
    any: Connections,
    /// HTTP/1.1 alone, in which a connection changes its protocol (RFC 9113 §8.6).
    http_1: Connections,
}

impl Upstream {
    /// # Errors
    /// When no HTTPS can be spoken.
    pub fn new(origin: Origin, insecure: bool) -> Result<Self, rustls::Error> {
        let config = tls::config(insecure)?;
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(CONNECT_LIMIT));
        let https = || HttpsConnectorBuilder::new().with_tls_config(config.clone()).https_or_http();
        let client = |connector| {
            Client::builder(TokioExecutor::new())
                .pool_timer(TokioTimer::new())
                .pool_idle_timeout(IDLE_LIMIT)
                .http1_max_headers(MOST_FIELDS)
                // The field `Host` is ours to write.
                .set_host(false)
                .build(connector)
        };
        let any = client(https().enable_all_versions().wrap_connector(tcp.clone()));
        let http_1 = client(https().enable_http1().wrap_connector(tcp));
        Ok(Self { origin, any, http_1 })
    }

    /// Sends a request, which names the app in its target.
    ///
    /// # Errors
    /// When the app is not there, or hangs up before it answers.
    pub async fn send(&self, request: Request, changes_protocol: bool) -> Result<Response<Incoming>, Error> {
        let connections = if changes_protocol { &self.http_1 } else { &self.any };
        connections.request(request).await
    }
}
