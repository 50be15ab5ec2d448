-- What people said of names in comments: their own (confirmed 1) or not (0).
CREATE TABLE terms (
  seq        INTEGER PRIMARY KEY,
  repository TEXT    NOT NULL,
  kind       TEXT    NOT NULL,
  name       TEXT    NOT NULL,
  confirmed  INTEGER NOT NULL,
  person     TEXT    NOT NULL,
  created    INTEGER NOT NULL,
  UNIQUE (repository, kind, name)
) STRICT;
