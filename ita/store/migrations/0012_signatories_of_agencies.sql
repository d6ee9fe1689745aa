-- Who signs an agency's documents, and the digits that they are printed with; NULL where nobody has said.
ALTER TABLE agency ADD COLUMN prepared_by TEXT;
ALTER TABLE agency ADD COLUMN prepared_position TEXT;
ALTER TABLE agency ADD COLUMN approved_by TEXT;
ALTER TABLE agency ADD COLUMN approved_position TEXT;
ALTER TABLE agency ADD COLUMN digits TEXT;
