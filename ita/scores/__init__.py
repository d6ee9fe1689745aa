"""Scores: totals, levels, trends and claims as pure rules; queries, charts and tables of them."""
