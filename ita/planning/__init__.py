"""The plan of the year to come: what last year's scores show, where measures are needed, the document."""
