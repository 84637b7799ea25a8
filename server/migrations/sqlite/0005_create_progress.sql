-- Times are UTC seconds. The names and columns mirror ../postgres.

-- Which experiments a user has done, and how each came out last. Without a verdict it is forgotten, so that what another
-- browser did before that does not come back.
CREATE TABLE progress (
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    slug    TEXT NOT NULL,
    verdict TEXT,
    at      INTEGER NOT NULL,
    PRIMARY KEY (user_id, slug)
) STRICT, WITHOUT ROWID;
