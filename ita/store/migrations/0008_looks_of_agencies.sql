-- What an agency has of its own for printed reports. Not part of the history: it changes how a
-- document looks, never what it says.
CREATE TABLE agency_look (
    agency_id TEXT NOT NULL,
    look TEXT NOT NULL,
    file_name TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (agency_id, look)
);
