-- The reason why a measure was cancelled; NULL where it was not. It is of none yet, so the sums of
-- quarters stay as they are.
ALTER TABLE measure ADD COLUMN cancelled TEXT;
