-- The documents that reports were read from, by the batches that brought the reports in. Their bytes
-- are in `upload`, each document once.
CREATE TABLE report_original (
    batch_id INTEGER NOT NULL,
    agency_id TEXT NOT NULL,
    fiscal_year INTEGER NOT NULL,
    file_name TEXT NOT NULL,
    file_hash TEXT NOT NULL,
    PRIMARY KEY (batch_id, agency_id, fiscal_year)
);
