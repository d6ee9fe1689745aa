"""Files in and out: reading → columns → checking → problems → difference → saving, and export.

A user's mistake is a value, a `Problem`; exceptions are for our own mistakes.
"""
