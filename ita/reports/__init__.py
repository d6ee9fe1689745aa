"""The narrative report as one value; screen, CSV, XLSX and HTML draw the same value."""
