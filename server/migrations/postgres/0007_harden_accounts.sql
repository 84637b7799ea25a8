-- Times are UTC seconds. The names and columns mirror ../sqlite.

-- How often an event of this kind came from the same browser, one soon after the other; `at` is the last time.
ALTER TABLE events ADD COLUMN times BIGINT NOT NULL DEFAULT 1;

-- `total` is what `failures` would be if none of them were forgotten one by one. `counted_at` is when the last one was.
ALTER TABLE attempts ADD COLUMN total BIGINT NOT NULL DEFAULT 0;
ALTER TABLE attempts ADD COLUMN counted_at BIGINT NOT NULL DEFAULT 0;

-- The id under which a session went before its token was made anew: a log-out that has begun under it ends the session.
ALTER TABLE sessions ADD COLUMN previous_id BYTEA;

-- 1 where a visitor has chosen the name: only such an account may be kept.
ALTER TABLE subjects ADD COLUMN own BIGINT NOT NULL DEFAULT 0;
