"""What a text claims of scores: whose score, what is said of it, how strongly.

`normal` gives a text one spelling and `lexer` makes tokens of it by phrases.csv; `context` answers of
which part (`owners`), which year (`years`) and whose figures (`subjects`, `agencies`) a place speaks.
`statements` reads by patterns.csv, `figures` the figures that are left, both into the `draft` of a
sentence; `reading` puts a text together.
"""
