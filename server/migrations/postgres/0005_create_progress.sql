-- Times are UTC seconds. The names and columns mirror ../sqlite.

-- Which experiments a user has done, and how each came out last. Without a verdict it is forgotten, so that what another
-- browser did before that does not come back.
CREATE TABLE progress (
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    slug    TEXT NOT NULL,
    verdict TEXT,
    at      BIGINT NOT NULL,
    PRIMARY KEY (user_id, slug)
);
