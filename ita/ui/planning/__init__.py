"""The plan of a year on screen: what last year shows, the draft, and the document."""
