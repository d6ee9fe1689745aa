"""Integrity: every rule of the stored data checked, backups made and restored.

findings: what can be wrong, as values; schema, rows, history, replay, uploads, totals: the checks by
subject; checking: all of them on one snapshot of a store; copies: backup and restore by a person.
"""
