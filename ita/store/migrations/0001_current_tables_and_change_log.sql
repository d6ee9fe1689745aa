CREATE TABLE agency (
    agency_id TEXT PRIMARY KEY,
    name_th TEXT NOT NULL,
    name_en TEXT,
    agency_type TEXT,
    province TEXT
);
CREATE TABLE score (
    agency_id TEXT NOT NULL,
    fiscal_year INTEGER NOT NULL,
    part TEXT NOT NULL,
    value DECIMAL(9, 6) NOT NULL CHECK (value BETWEEN 0 AND 100),
    PRIMARY KEY (agency_id, fiscal_year, part)
);
CREATE TABLE annual_result (
    agency_id TEXT NOT NULL,
    fiscal_year INTEGER NOT NULL,
    level TEXT,
    source TEXT NOT NULL,
    PRIMARY KEY (agency_id, fiscal_year)
);
CREATE TABLE measure (
    agency_id TEXT NOT NULL,
    fiscal_year INTEGER NOT NULL,
    instrument TEXT NOT NULL CHECK (instrument IN ('IIT', 'EIT', 'OIT')),
    seq INTEGER NOT NULL CHECK (seq >= 1),
    measure TEXT NOT NULL,
    indicator TEXT,
    divisions TEXT,
    start_quarter INTEGER CHECK (start_quarter BETWEEN 1 AND 4),
    end_quarter INTEGER CHECK (end_quarter BETWEEN 1 AND 4),
    target TEXT,
    PRIMARY KEY (agency_id, fiscal_year, instrument, seq)
);
CREATE TABLE completion (
    agency_id TEXT NOT NULL,
    fiscal_year INTEGER NOT NULL,
    quarter INTEGER NOT NULL CHECK (quarter BETWEEN 1 AND 4),
    instrument TEXT NOT NULL CHECK (instrument IN ('IIT', 'EIT', 'OIT')),
    seq INTEGER NOT NULL CHECK (seq >= 1),
    percent DECIMAL(9, 6) NOT NULL CHECK (percent BETWEEN 0 AND 100),
    note TEXT,
    obstacle TEXT,
    evidence TEXT,
    PRIMARY KEY (agency_id, fiscal_year, quarter, instrument, seq)
);
CREATE TABLE narrative (
    agency_id TEXT NOT NULL,
    fiscal_year INTEGER NOT NULL,
    instrument TEXT NOT NULL CHECK (instrument IN ('IIT', 'EIT', 'OIT')),
    type TEXT NOT NULL CHECK (type IN ('result', 'outcome', 'period')),
    seq INTEGER NOT NULL CHECK (seq >= 0),
    text TEXT NOT NULL,
    measures TEXT,
    PRIMARY KEY (agency_id, fiscal_year, instrument, type, seq)
);
CREATE TABLE upload (
    file_hash TEXT PRIMARY KEY,
    content BLOB NOT NULL
);
CREATE TABLE batch (
    batch_id INTEGER PRIMARY KEY,
    saved_at TIMESTAMP NOT NULL,
    person TEXT NOT NULL,
    kind TEXT NOT NULL,
    file_name TEXT,
    file_hash TEXT,
    encoding TEXT,
    request TEXT NOT NULL,
    reason TEXT NOT NULL,
    rows_new INTEGER NOT NULL,
    rows_changed INTEGER NOT NULL,
    rows_same INTEGER NOT NULL,
    undoes INTEGER
);
CREATE TABLE change (
    batch_id INTEGER NOT NULL,
    table_name TEXT NOT NULL,
    row_key TEXT NOT NULL,
    before_row TEXT,
    after_row TEXT
);
