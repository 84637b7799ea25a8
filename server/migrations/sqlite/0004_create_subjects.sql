-- Times are UTC seconds. The names and columns mirror ../postgres.

-- Throw-away accounts of the experiments. Whoever knows the id may use one; it goes with its account.
CREATE TABLE subjects (
    id      BLOB    PRIMARY KEY NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    ends_at INTEGER NOT NULL
) STRICT;

CREATE INDEX subjects_by_user ON subjects (user_id);
CREATE INDEX subjects_by_end ON subjects (ends_at);
