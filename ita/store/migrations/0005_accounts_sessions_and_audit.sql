CREATE TABLE account (
    account TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('viewer', 'executive', 'staff', 'admin')),
    agency_id TEXT,
    divisions TEXT,
    subject TEXT,
    password_hash TEXT,
    must_change BOOLEAN NOT NULL,
    disabled BOOLEAN NOT NULL,
    failures INTEGER NOT NULL,
    locked_until TIMESTAMP,
    created_at TIMESTAMP NOT NULL
);
CREATE TABLE sign_in_session (
    token_hash TEXT NOT NULL,
    account TEXT NOT NULL,
    started_at TIMESTAMP NOT NULL,
    seen_at TIMESTAMP NOT NULL
);
CREATE TABLE audit (
    entry INTEGER PRIMARY KEY,
    happened_at TIMESTAMP NOT NULL,
    person TEXT NOT NULL,
    account TEXT,
    role TEXT NOT NULL,
    action TEXT NOT NULL,
    batch_id INTEGER,
    detail TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE TABLE audit_head (
    entry INTEGER NOT NULL,
    hash TEXT NOT NULL,
    batches_before INTEGER NOT NULL
);
INSERT INTO audit_head SELECT 0, '', coalesce(max(batch_id), 0) FROM batch;
