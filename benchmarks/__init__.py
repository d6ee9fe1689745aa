"""Ratios against what an office would have otherwise; `python -m benchmarks` prints them."""
