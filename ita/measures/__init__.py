"""Measures and their quarterly completion."""
