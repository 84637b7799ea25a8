-- Times are UTC seconds. The names and columns mirror ../postgres.

-- When an operator closed the account for log-ins.
ALTER TABLE users ADD COLUMN disabled_at INTEGER;

-- Where a session lives and when its owner's password was checked last. `kept` is 1 for "keep me logged in".
ALTER TABLE sessions ADD COLUMN kept INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN confirmed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN agent TEXT NOT NULL DEFAULT '';

-- What happened to an account, for its owner.
CREATE TABLE events (
    id      INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    at      INTEGER NOT NULL,
    kind    TEXT NOT NULL,
    address TEXT NOT NULL,
    agent   TEXT NOT NULL
) STRICT;

CREATE INDEX events_by_user ON events (user_id, id);
CREATE INDEX events_by_age ON events (at);

-- Failed attempts, counted for all servers. `key` is a hash of what is counted: an address, an account, or both.
CREATE TABLE attempts (
    key           TEXT PRIMARY KEY NOT NULL,
    failures      INTEGER NOT NULL,
    blocked_until INTEGER NOT NULL,
    forget_at     INTEGER NOT NULL
) STRICT;

CREATE INDEX attempts_by_age ON attempts (forget_at);
