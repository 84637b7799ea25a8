//! The ceiling: the least that axum and a typed sqlx pool need to answer `GET /api/whoami`. It checks the same cookie by the same
//! query, on the database of a Storage Lab that runs beside it, gives the same answer, and does nothing else: no layers, no
//! log, no header fields of its own.
//!
//! `ceiling DATABASE_URL ADDRESS`

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    routing::get,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::{
    PgPool, SqlitePool,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};
use std::{error::Error, time::UNIX_EPOCH};
use subtle::ConstantTimeEq;
use tokio::net::TcpListener;

/// The query of a guarded request (`FIND_SESSION` in `server/src/store/sessions.rs`).
const FIND_SESSION: &str = "\
    SELECT s.id, s.secret_hash, s.user_id, u.username, u.created_at AS user_created_at, s.created_at, s.last_seen_at, \
    s.expires_at, s.ends_at, s.idle_seconds, s.confirmed_at, s.kept, s.address, s.agent \
    FROM sessions s LEFT JOIN users u ON u.id = s.user_id WHERE s.id = $1 AND s.expires_at > $2";

/// What the answer needs of a session.
#[derive(sqlx::FromRow)]
struct Session {
    secret_hash: Vec<u8>,
    username: String,
}

/// A pool of connections that only read, as many as the server has.
#[derive(Clone)]
enum Database {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Database {
    async fn open(url: &str) -> sqlx::Result<Self> {
        if url.starts_with("sqlite:") {
            let options = url.parse::<SqliteConnectOptions>()?.read_only(true);
            let pool = SqlitePoolOptions::new().max_connections(8).test_before_acquire(false);
            Ok(Self::Sqlite(pool.connect_with(options).await?))
        } else {
            let pool = PgPoolOptions::new().max_connections(16).test_before_acquire(false);
            Ok(Self::Postgres(pool.connect(url).await?))
        }
    }

    async fn find_session(&self, id: &[u8], now: i64) -> sqlx::Result<Option<Session>> {
        match self {
            Self::Sqlite(pool) => sqlx::query_as(FIND_SESSION).bind(id).bind(now).fetch_optional(pool).await,
            Self::Postgres(pool) => sqlx::query_as(FIND_SESSION).bind(id).bind(now).fetch_optional(pool).await,
        }
    }
}

async fn who_am_i(State(database): State<Database>, headers: HeaderMap) -> Result<Json<Value>, StatusCode> {
    let (id, secret) = token(&headers).ok_or(StatusCode::UNAUTHORIZED)?;
    let now = UNIX_EPOCH.elapsed().ok().and_then(|since| i64::try_from(since.as_secs()).ok()).unwrap_or(i64::MAX);
    let found = database.find_session(&id, now).await.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    let is_owner = |session: &Session| bool::from(Sha256::digest(&secret).as_slice().ct_eq(&session.secret_hash));
    let session = found.filter(is_owner).ok_or(StatusCode::UNAUTHORIZED)?;
    Ok(Json(json!({ "username": session.username })))
}

/// The id and the secret that the session cookie holds.
fn token(headers: &HeaderMap) -> Option<(Vec<u8>, Vec<u8>)> {
    let cookies = headers.get(header::COOKIE)?.to_str().ok()?;
    let token = cookies.split("; ").find_map(|cookie| cookie.strip_prefix("__Host-session="))?;
    let (id, secret) = token.split_once('.')?;
    Some((URL_SAFE_NO_PAD.decode(id).ok()?, URL_SAFE_NO_PAD.decode(secret).ok()?))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(url), Some(address)) = (arguments.next(), arguments.next()) else {
        return Err("Use: ceiling DATABASE_URL ADDRESS".into());
    };
    let router = Router::new()
        .route("/api/whoami", get(who_am_i))
        .route("/healthz", get(async || "ok"))
        .with_state(Database::open(&url).await?);
    Ok(axum::serve(TcpListener::bind(address).await?, router).await?)
}
