//! A handler behind `axum-login` and `tower-sessions`, as their documentation puts them together: `GET /api/whoami` answers as
//! Storage Lab's does. Each request costs two queries, one for the session and one for its user. The database is a SQLite file
//! of its own, with as many users as it is told; connections are set as Storage Lab sets its own.
//!
//! `axum-login-peer DATABASE_FILE ADDRESS USERS`

use axum::{Json, Router, extract::Path, http::StatusCode, routing::get};
use axum_login::{AuthManagerLayerBuilder, AuthUser, AuthnBackend, tower_sessions::SessionManagerLayer};
use serde_json::{Value, json};
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions},
};
use std::error::Error;
use tokio::net::TcpListener;
use tower_sessions_sqlx_store::SqliteStore;

#[derive(Clone, Debug, sqlx::FromRow)]
struct User {
    id: i64,
    username: String,
    password_hash: String,
}

impl AuthUser for User {
    type Id = i64;

    fn id(&self) -> i64 {
        self.id
    }

    fn session_auth_hash(&self) -> &[u8] {
        self.password_hash.as_bytes()
    }
}

#[derive(Clone)]
struct Users(SqlitePool);

impl AuthnBackend for Users {
    type User = User;
    /// The user's id: how long a password takes is measured elsewhere.
    type Credentials = i64;
    type Error = sqlx::Error;

    async fn authenticate(&self, id: i64) -> sqlx::Result<Option<User>> {
        self.get_user(&id).await
    }

    async fn get_user(&self, id: &i64) -> sqlx::Result<Option<User>> {
        let query = sqlx::query_as("SELECT id, username, password_hash FROM users WHERE id = ?");
        query.bind(id).fetch_optional(&self.0).await
    }
}

type AuthSession = axum_login::AuthSession<Users>;

async fn who_am_i(session: AuthSession) -> Result<Json<Value>, StatusCode> {
    let user = session.user.ok_or(StatusCode::UNAUTHORIZED)?;
    Ok(Json(json!({ "username": user.username })))
}

async fn log_in(mut session: AuthSession, Path(id): Path<i64>) -> Result<StatusCode, StatusCode> {
    let found = session.authenticate(id).await.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    let user = found.ok_or(StatusCode::UNAUTHORIZED)?;
    session.login(&user).await.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn fill(pool: &SqlitePool, users: i64) -> sqlx::Result<()> {
    sqlx::query("CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT NOT NULL, password_hash TEXT NOT NULL)")
        .execute(pool)
        .await?;
    let fill = "\
        INSERT INTO users (username, password_hash)
          WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
          SELECT 'user' || i, '$argon2id$' || hex(randomblob(48)) FROM n";
    sqlx::query(fill).bind(users).execute(pool).await?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(file), Some(address), Some(users)) = (arguments.next(), arguments.next(), arguments.next()) else {
        return Err("Use: axum-login-peer DATABASE_FILE ADDRESS USERS".into());
    };
    let options =
        SqliteConnectOptions::new().filename(file).create_if_missing(true).journal_mode(SqliteJournalMode::Wal);
    let pool = SqlitePoolOptions::new().max_connections(8).test_before_acquire(false).connect_with(options).await?;
    fill(&pool, users.parse()?).await?;
    let store = SqliteStore::new(pool.clone());
    store.migrate().await?;

    let guard = AuthManagerLayerBuilder::new(Users(pool), SessionManagerLayer::new(store)).build();
    let router = Router::new()
        .route("/api/whoami", get(who_am_i))
        .route("/log-in/{id}", get(log_in))
        .layer(guard)
        .route("/healthz", get(async || "ok"));
    Ok(axum::serve(TcpListener::bind(address).await?, router).await?)
}
