-- Times are UTC seconds. The names and columns mirror ../postgres.

-- What an operator has imported into the atlas: an atlas of one column each, in JSON. No id is given twice.
CREATE TABLE atlas_columns (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    name        TEXT    NOT NULL,
    content     TEXT    NOT NULL,
    imported_at INTEGER NOT NULL
) STRICT;
