//! What a guarded request costs the database, as the database itself plans it.

use super::{NOW, open, session};
use crate::support::Kind;
use rstest::rstest;
use server::store::FIND_SESSION;
use sqlx::{AnyPool, AssertSqlSafe, Row};

#[rstest]
#[case(Kind::Sqlite, "EXPLAIN QUERY PLAN ", "detail")]
#[case(Kind::Postgres, "EXPLAIN ", "QUERY PLAN")]
#[tokio::test]
async fn a_guarded_request_is_one_look_up_by_key(#[case] kind: Kind, #[case] explain: &str, #[case] column: &str) {
    let (store, database) = open(kind).await;
    for id in 0..250 {
        store.add_session(&session(id, None)).await.unwrap();
    }
    let pool = AnyPool::connect(&database.url).await.unwrap();
    // PostgreSQL would rather read a table of a few pages whole.
    if matches!(kind, Kind::Postgres) {
        let fill = "INSERT INTO users (username, username_key, password_hash, created_at) \
                    SELECT 'u' || n, 'u' || n, '', 0 FROM generate_series(1, 20000) n";
        sqlx::query(fill).execute(&pool).await.unwrap();
        let fill = "INSERT INTO sessions (id, secret_hash, user_id, created_at, last_seen_at, expires_at, ends_at, idle_seconds) \
                    SELECT decode(md5(n::text), 'hex'), '', n, 0, 0, 2000000000, 2000000000, 1 FROM generate_series(1, 20000) n";
        sqlx::query(fill).execute(&pool).await.unwrap();
        sqlx::query("ANALYZE").execute(&pool).await.unwrap();
    }
    let rows = sqlx::query(AssertSqlSafe(format!("{explain}{FIND_SESSION}")))
        .bind(vec![1_u8; 16])
        .bind(NOW)
        .fetch_all(&pool)
        .await
        .unwrap();
    let plan: Vec<String> = rows.iter().map(|row| row.get(column)).collect();
    let plan = plan.join("\n");
    // Every table is reached through its key, and none is read through.
    match kind {
        Kind::Sqlite => assert!(
            plan.contains("SEARCH s USING INDEX sqlite_autoindex_sessions_1 (id=?)")
                && plan.contains("SEARCH u USING INTEGER PRIMARY KEY")
                && !plan.contains("SCAN"),
            "{plan}"
        ),
        Kind::Postgres => assert!(
            plan.contains("Index Scan using sessions_pkey")
                && plan.contains("Index Scan using users_pkey")
                && !plan.contains("Seq Scan"),
            "{plan}"
        ),
    }
}
