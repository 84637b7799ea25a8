-- Times are UTC seconds. The names and columns mirror ../sqlite.
CREATE TABLE users (
    id            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    username      TEXT   NOT NULL,
    username_key  TEXT   NOT NULL UNIQUE,
    password_hash TEXT   NOT NULL,
    created_at    BIGINT NOT NULL
);

-- A session without a user is anonymous. `secret_hash` is SHA-256 of the token's secret half: the row is no token.
CREATE TABLE sessions (
    id           BYTEA  PRIMARY KEY,
    secret_hash  BYTEA  NOT NULL,
    user_id      BIGINT REFERENCES users (id) ON DELETE CASCADE,
    created_at   BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    ends_at      BIGINT NOT NULL,
    idle_seconds BIGINT NOT NULL
);

CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- The values follow their session when its id is rotated, and go with it.
CREATE TABLE session_values (
    session_id BYTEA NOT NULL REFERENCES sessions (id) ON DELETE CASCADE ON UPDATE CASCADE,
    name       TEXT  NOT NULL,
    value      TEXT  NOT NULL,
    PRIMARY KEY (session_id, name)
);
