-- Times are UTC seconds. The names and columns mirror ../sqlite.

-- Throw-away accounts of the experiments. Whoever knows the id may use one; it goes with its account.
CREATE TABLE subjects (
    id      BYTEA  PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    ends_at BIGINT NOT NULL
);

CREATE INDEX subjects_by_user ON subjects (user_id);
CREATE INDEX subjects_by_end ON subjects (ends_at);
