"""How long tests wait for other processes and threads."""

PATIENCE = 180
"""Seconds until something counts as hung. Far more than anything takes, for a machine may be busy
with much else; what takes long here is slow and not wrong."""
