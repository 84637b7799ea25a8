-- Times are UTC seconds. The names and columns mirror ../sqlite.

-- What operators did by the command line: it stays when the account that it was done to goes. `operator` is the name of the
-- system's user.
CREATE TABLE operations (
    id       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at       BIGINT NOT NULL,
    operator TEXT   NOT NULL,
    command  TEXT   NOT NULL,
    subject  TEXT   NOT NULL
);

-- The one-time link by which an account's owner sets a new password. `code_hash` is SHA-256 of its code: the row is no link.
CREATE TABLE resets (
    user_id    BIGINT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    code_hash  BYTEA  NOT NULL UNIQUE,
    expires_at BIGINT NOT NULL
);
