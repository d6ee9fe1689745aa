ALTER TABLE annual_result ADD COLUMN iit_respondents INTEGER;
ALTER TABLE annual_result ADD COLUMN eit_respondents INTEGER;
CREATE TABLE annotation (
    agency_id TEXT NOT NULL,
    day TEXT NOT NULL CHECK (length(day) = 10),
    event TEXT NOT NULL,
    part TEXT,
    source TEXT,
    PRIMARY KEY (agency_id, day)
);
