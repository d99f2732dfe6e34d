-- Format 3. What the log begins from: the head of the events that were cut away, and the rows that they had led to.

CREATE TABLE base (
    id       INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    sequence INTEGER NOT NULL CHECK (sequence >= 0),
    hash     BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;

INSERT INTO base (id, sequence, hash) VALUES (1, 0, zeroblob(32));

CREATE TABLE base_rows (
    kind   TEXT NOT NULL,
    key    TEXT NOT NULL,
    stream TEXT NOT NULL REFERENCES streams (name),
    value  TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT;
