/** Runs, journal, snapshots, timers, inbox, ledger, grants, halts, leases and blobs. */
export const runs = `
CREATE TABLE runs (
  id TEXT PRIMARY KEY,
  record TEXT NOT NULL,
  loop TEXT NOT NULL,
  status TEXT NOT NULL,
  created_at REAL NOT NULL,
  length INTEGER NOT NULL,
  last_hash TEXT NOT NULL,
  snapshot TEXT NOT NULL
) STRICT;
CREATE INDEX runs_newest ON runs (created_at DESC, id DESC);
CREATE INDEX runs_by_status ON runs (status, created_at DESC);
CREATE INDEX runs_by_loop ON runs (loop, created_at DESC);

CREATE TABLE journal (
  run_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at REAL NOT NULL,
  event TEXT NOT NULL,
  snapshot_digest TEXT NOT NULL,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (run_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE timers (
  run_id TEXT NOT NULL,
  id TEXT NOT NULL,
  due_at REAL NOT NULL,
  event TEXT NOT NULL,
  PRIMARY KEY (run_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE inbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id TEXT NOT NULL,
  at REAL NOT NULL,
  event TEXT NOT NULL,
  folded INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX inbox_open ON inbox (run_id, seq) WHERE folded = 0;

CREATE TABLE effects (
  key TEXT PRIMARY KEY,
  run_id TEXT NOT NULL,
  loop TEXT NOT NULL,
  step INTEGER NOT NULL,
  idx INTEGER NOT NULL,
  tool TEXT NOT NULL,
  input TEXT NOT NULL,
  action_digest TEXT NOT NULL,
  tree TEXT,
  business_key TEXT,
  status TEXT NOT NULL CHECK (status IN ('inDoubt', 'applied', 'notApplied')),
  result TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX effects_of_run ON effects (run_id, step, idx);
CREATE UNIQUE INDEX effects_business_key ON effects (business_key)
  WHERE business_key IS NOT NULL AND status IN ('inDoubt', 'applied');

CREATE TABLE attempts (
  key TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  intent_at REAL NOT NULL,
  outcome TEXT,
  outcome_at REAL,
  source TEXT,
  PRIMARY KEY (key, attempt)
) STRICT, WITHOUT ROWID;

CREATE TABLE grants (
  id TEXT PRIMARY KEY,
  effect_key TEXT NOT NULL,
  approver TEXT NOT NULL,
  token TEXT NOT NULL,
  issued_at REAL NOT NULL,
  expires_at REAL NOT NULL,
  used_by TEXT,
  voided_at REAL
) STRICT, WITHOUT ROWID;
CREATE INDEX grants_of_effect ON grants (effect_key);

CREATE TABLE halts (loop TEXT PRIMARY KEY, reason TEXT NOT NULL, at REAL NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE leases (
  run_id TEXT PRIMARY KEY,
  owner TEXT,
  epoch INTEGER NOT NULL,
  until REAL NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE blobs (digest TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE remembered (
  run_id TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (run_id, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE syncs (id INTEGER PRIMARY KEY CHECK (id = 1), count INTEGER NOT NULL) STRICT;
INSERT INTO syncs VALUES (1, 0);
`;
