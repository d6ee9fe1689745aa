"""The measures of a year on screen: their tables, what is due in each quarter, and their aims."""
