-- Times are UTC seconds. The names and columns mirror ../sqlite.

-- Trials of the survival matrix. Whoever knows the id may read and change one; the content holds no visitor's values.
CREATE TABLE trials (
    id         BYTEA  PRIMARY KEY,
    content    TEXT   NOT NULL,
    changed_at BIGINT NOT NULL
);

CREATE INDEX trials_by_age ON trials (changed_at);
