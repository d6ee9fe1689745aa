"""Old reports read back: a file's text with places, its Thai repaired, as a draft of the report."""
