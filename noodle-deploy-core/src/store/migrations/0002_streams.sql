-- Format 2. A page of one stream's history is read from any sequence on: the index ends in the row's id, the sequence.

CREATE INDEX events_by_stream ON events (stream);
