-- Times are milliseconds since 1970, UTC. kind: 0 review, 1 command. state: 0 waiting, 1 leased, 2 done, 3 parked.
CREATE TABLE jobs (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice, so that an old lease cannot fit a new job
  kind        INTEGER NOT NULL,
  state       INTEGER NOT NULL,
  change_key  TEXT    NOT NULL,
  display     TEXT    NOT NULL,
  host        TEXT    NOT NULL,
  delivery_id TEXT    NOT NULL,
  headers     TEXT    NOT NULL,                   -- JSON object
  attempts    INTEGER NOT NULL DEFAULT 0,
  leases      INTEGER NOT NULL DEFAULT 0,         -- never reset; makes the lease's token
  asked       INTEGER NOT NULL,
  not_before  INTEGER NOT NULL,
  ready       INTEGER NOT NULL,                   -- waiting: not_before; leased: when the lease ends
  error       TEXT    NOT NULL DEFAULT '',
  finished    INTEGER                             -- when done
) STRICT;

-- Covers what leasing and the worker's sleep read of each open job.
CREATE INDEX jobs_open ON jobs (asked, id, ready, state, change_key) WHERE state < 2;
CREATE INDEX jobs_done ON jobs (finished) WHERE state = 2;
CREATE INDEX jobs_parked ON jobs (asked, id) WHERE state = 3;
-- The open jobs of one change stand in these three. Two are unique: rules of the queue that hold even if the code is
-- wrong.
CREATE UNIQUE INDEX jobs_waiting_review ON jobs (change_key) WHERE state = 0 AND kind = 0;
CREATE INDEX jobs_waiting_command ON jobs (change_key) WHERE state = 0 AND kind = 1;
CREATE UNIQUE INDEX jobs_leased ON jobs (change_key) WHERE state = 1;

-- The raw delivery, apart from its job so that leasing does not rewrite it. Gone when the job is done.
CREATE TABLE bodies (
  job  INTEGER PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE,
  body BLOB NOT NULL                              -- zstd
) STRICT;

-- What was delivered before: one row for a delivery's id, one for its meaning. Keys are the first 16 bytes of a
-- SHA-256, because ids are random and every row of a batch touches another page: small rows, few pages.
CREATE TABLE seen (
  key BLOB    PRIMARY KEY NOT NULL,
  job INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX seen_by_job ON seen (job);

CREATE TABLE records (
  seq        INTEGER PRIMARY KEY,
  id         TEXT    NOT NULL UNIQUE,
  change_key TEXT    NOT NULL,
  head_sha   TEXT    NOT NULL,
  created    INTEGER NOT NULL,
  body       BLOB    NOT NULL                     -- zstd of JSON
) STRICT;
CREATE INDEX records_by_change ON records (change_key, created, seq);
CREATE INDEX records_by_created ON records (created, seq);

CREATE TABLE posted (
  seq        INTEGER PRIMARY KEY,
  change_key TEXT    NOT NULL,
  marker     TEXT    NOT NULL,
  kind       INTEGER NOT NULL,
  id         TEXT    NOT NULL,
  head_sha   TEXT    NOT NULL,
  digest     TEXT    NOT NULL,
  UNIQUE (change_key, marker)
) STRICT;

CREATE TABLE waivers (
  seq         INTEGER PRIMARY KEY,
  repository  TEXT    NOT NULL,
  fingerprint TEXT    NOT NULL,
  reason      TEXT    NOT NULL,
  owner       TEXT    NOT NULL,
  expires     INTEGER,
  created     INTEGER NOT NULL,
  UNIQUE (repository, fingerprint)
) STRICT;

CREATE TABLE audit (
  seq     INTEGER PRIMARY KEY AUTOINCREMENT,
  at      INTEGER NOT NULL,
  actor   TEXT    NOT NULL,
  what    TEXT    NOT NULL,
  subject TEXT    NOT NULL,
  detail  TEXT    NOT NULL
) STRICT;

-- One row, rewritten to find out whether the file can still be written.
CREATE TABLE heartbeat (
  id    INTEGER PRIMARY KEY CHECK (id = 1),
  beats INTEGER NOT NULL
) STRICT;
INSERT INTO heartbeat (id, beats) VALUES (1, 0);
