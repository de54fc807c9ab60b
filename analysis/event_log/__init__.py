"""Event logs of any system, read into one form: XES (IEEE 1849) and CSV."""
