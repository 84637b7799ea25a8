-- Times are UTC seconds. The names and columns mirror ../postgres.

-- Trials of the survival matrix. Whoever knows the id may read and change one; the content holds no visitor's values.
CREATE TABLE trials (
    id         BLOB    PRIMARY KEY NOT NULL,
    content    TEXT    NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;

CREATE INDEX trials_by_age ON trials (changed_at);
