-- Format 1. Numbers are non-negative; times are milliseconds since 1970-01-01T00:00:00Z; hashes are BLAKE3, 32 bytes.

CREATE TABLE streams (
    name    TEXT    NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL CHECK (version >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
    sequence  INTEGER NOT NULL PRIMARY KEY,
    stream    TEXT    NOT NULL REFERENCES streams (name),
    version   INTEGER NOT NULL CHECK (version >= 1),
    at        INTEGER NOT NULL CHECK (at >= 0),
    kind      TEXT    NOT NULL,
    payload   TEXT    NOT NULL,
    actor     TEXT    NOT NULL,
    operation TEXT    NOT NULL,
    request   TEXT    NOT NULL,
    previous  BLOB    NOT NULL CHECK (length(previous) = 32),
    hash      BLOB    NOT NULL CHECK (length(hash) = 32),
    UNIQUE (stream, version)
) STRICT;

-- One row: the last event, so that a cut tail shows.
CREATE TABLE head (
    id       INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    sequence INTEGER NOT NULL CHECK (sequence >= 0),
    hash     BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;

INSERT INTO head (id, sequence, hash) VALUES (1, 0, zeroblob(32));

CREATE TABLE projections (
    kind   TEXT NOT NULL,
    key    TEXT NOT NULL,
    stream TEXT NOT NULL REFERENCES streams (name),
    value  TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT;

-- A released lease keeps its row, with an empty holder, so that its token is never given again.
CREATE TABLE leases (
    name       TEXT    NOT NULL PRIMARY KEY,
    holder     TEXT    NOT NULL,
    token      INTEGER NOT NULL CHECK (token >= 1),
    expires_at INTEGER NOT NULL CHECK (expires_at >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE instances (
    id           TEXT    NOT NULL PRIMARY KEY,
    pid          INTEGER NOT NULL CHECK (pid >= 0),
    started_at   INTEGER NOT NULL CHECK (started_at >= 0),
    heartbeat_at INTEGER NOT NULL CHECK (heartbeat_at >= 0),
    observed     TEXT    NOT NULL
) STRICT;
