-- Times are UTC seconds. The names and columns mirror ../sqlite.

-- What an operator has imported into the atlas: an atlas of one column each, in JSON. No id is given twice.
CREATE TABLE atlas_columns (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name        TEXT   NOT NULL,
    content     TEXT   NOT NULL,
    imported_at BIGINT NOT NULL
);
