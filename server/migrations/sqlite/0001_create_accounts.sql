-- Times are UTC seconds. The names and columns mirror ../postgres.
CREATE TABLE users (
    id            INTEGER PRIMARY KEY,
    username      TEXT    NOT NULL,
    username_key  TEXT    NOT NULL UNIQUE,
    password_hash TEXT    NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT;

-- A session without a user is anonymous. `secret_hash` is SHA-256 of the token's secret half: the row is no token.
CREATE TABLE sessions (
    id           BLOB    PRIMARY KEY NOT NULL,
    secret_hash  BLOB    NOT NULL,
    user_id      INTEGER REFERENCES users (id) ON DELETE CASCADE,
    created_at   INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    ends_at      INTEGER NOT NULL,
    idle_seconds INTEGER NOT NULL
) STRICT;

CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- The values follow their session when its id is rotated, and go with it.
CREATE TABLE session_values (
    session_id BLOB NOT NULL REFERENCES sessions (id) ON DELETE CASCADE ON UPDATE CASCADE,
    name       TEXT NOT NULL,
    value      TEXT NOT NULL,
    PRIMARY KEY (session_id, name)
) STRICT, WITHOUT ROWID;
