"""Editing the report in place: what is typed is kept until it is saved or thrown away."""
