/** Runs, journal, timers, inbox, blobs, ledger, grants, halts and leases. */
export const runs = `
CREATE TABLE runs (
  id TEXT PRIMARY KEY,
  record TEXT NOT NULL,
  loop TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('running', 'parked', 'ended')),
  created_at REAL NOT NULL,
  length INTEGER NOT NULL,
  last_hash TEXT NOT NULL,
  snapshot TEXT NOT NULL
) STRICT;
CREATE INDEX runs_newest ON runs (created_at DESC, id DESC);
CREATE INDEX runs_of_status ON runs (status, created_at DESC, id DESC);
CREATE INDEX runs_of_loop ON runs (loop, created_at DESC, id DESC);
CREATE INDEX runs_of_loop_and_status ON runs (loop, status, created_at DESC, id DESC);

CREATE TABLE journal (
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  at REAL NOT NULL,
  event TEXT NOT NULL,
  snapshot_digest TEXT NOT NULL,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (run_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE timers (
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  due_at REAL NOT NULL,
  event TEXT NOT NULL,
  PRIMARY KEY (run_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE inbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  at REAL NOT NULL,
  event TEXT NOT NULL,
  folded INTEGER NOT NULL DEFAULT 0 CHECK (folded IN (0, 1))
) STRICT;
CREATE INDEX inbox_of_run ON inbox (run_id);
CREATE INDEX inbox_open ON inbox (run_id, seq) WHERE folded = 0;

CREATE TABLE remembered (
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (run_id, key)
) STRICT, WITHOUT ROWID;

-- A blob goes with the last run that owns it, unless it was put for all.
CREATE TABLE blobs (
  digest TEXT PRIMARY KEY,
  for_all INTEGER NOT NULL CHECK (for_all IN (0, 1)),
  text TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE run_blobs (
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  digest TEXT NOT NULL REFERENCES blobs (digest),
  PRIMARY KEY (run_id, digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_blobs_of_digest ON run_blobs (digest);

-- Effects, attempts and grants outlive their run. An effect is raced when it turned out to be applied
-- after another effect had taken its business key.
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
  result TEXT,
  raced INTEGER NOT NULL CHECK (raced = 0 OR status = 'applied')
) STRICT, WITHOUT ROWID;
CREATE INDEX effects_of_run ON effects (run_id, step, idx);
CREATE INDEX effects_of_business_key ON effects (business_key) WHERE business_key IS NOT NULL;
CREATE UNIQUE INDEX effects_hold_business_key ON effects (business_key)
  WHERE business_key IS NOT NULL AND status IN ('inDoubt', 'applied') AND raced = 0;

CREATE TABLE attempts (
  key TEXT NOT NULL REFERENCES effects (key),
  attempt INTEGER NOT NULL,
  intent_at REAL NOT NULL,
  outcome TEXT CHECK (outcome IN ('applied', 'notApplied', 'unknown')),
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
  used_by TEXT CHECK (used_by = effect_key),
  voided_at REAL
) STRICT, WITHOUT ROWID;
CREATE INDEX grants_of_effect ON grants (effect_key);

CREATE TABLE halts (loop TEXT PRIMARY KEY, reason TEXT NOT NULL, at REAL NOT NULL) STRICT, WITHOUT ROWID;

-- A lease is taken before its run's first row. No owner: it was given back.
CREATE TABLE leases (
  run_id TEXT PRIMARY KEY,
  owner TEXT,
  epoch INTEGER NOT NULL,
  until REAL NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE syncs (id INTEGER PRIMARY KEY CHECK (id = 1), count INTEGER NOT NULL) STRICT;
INSERT INTO syncs VALUES (1, 0);
`;
