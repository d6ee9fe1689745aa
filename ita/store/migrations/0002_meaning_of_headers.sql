CREATE TABLE header_meaning (
    kind TEXT NOT NULL,
    header TEXT NOT NULL,
    column_name TEXT NOT NULL,
    PRIMARY KEY (kind, header)
);
