-- Times are UTC seconds. The names and columns mirror ../postgres.

-- What operators did by the command line: it stays when the account that it was done to goes. `operator` is the name of the
-- system's user.
CREATE TABLE operations (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    at       INTEGER NOT NULL,
    operator TEXT    NOT NULL,
    command  TEXT    NOT NULL,
    subject  TEXT    NOT NULL
) STRICT;

-- The one-time link by which an account's owner sets a new password. `code_hash` is SHA-256 of its code: the row is no link.
CREATE TABLE resets (
    user_id    INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    code_hash  BLOB    NOT NULL UNIQUE,
    expires_at INTEGER NOT NULL
) STRICT;
