"""Benchmarks: ratios within one run, never a timed test. `python -m bench`, docs/benchmarks.md."""
