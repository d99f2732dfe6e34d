-- Format 4. What lies beside the chain.

-- Answers of models: any of them may go at any time. The lowest id is the oldest.

CREATE TABLE cache (
    id         INTEGER NOT NULL PRIMARY KEY,
    key        BLOB    NOT NULL UNIQUE CHECK (length(key) = 32),
    owner      TEXT    NOT NULL,
    expires_at INTEGER CHECK (expires_at >= 0),
    bytes      INTEGER NOT NULL CHECK (bytes >= 0),
    value      BLOB    NOT NULL
) STRICT;

CREATE INDEX cache_by_owner ON cache (owner);

CREATE INDEX cache_by_expiry ON cache (expires_at) WHERE expires_at IS NOT NULL;

-- What each owner has, so that its bounds cost no count.
CREATE TABLE cache_owners (
    owner   TEXT    NOT NULL PRIMARY KEY,
    entries INTEGER NOT NULL CHECK (entries >= 0),
    bytes   INTEGER NOT NULL CHECK (bytes >= 0)
) STRICT, WITHOUT ROWID;

-- What each process has counted of each revision's requests since it was opened. The empty instance stands for all
-- processes that are gone.
CREATE TABLE traffic (
    deployment TEXT    NOT NULL,
    revision   INTEGER NOT NULL CHECK (revision >= 0),
    instance   TEXT    NOT NULL,
    at         INTEGER NOT NULL CHECK (at >= 0),
    value      TEXT    NOT NULL,
    PRIMARY KEY (deployment, revision, instance)
) STRICT, WITHOUT ROWID;
