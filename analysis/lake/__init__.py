"""The Parquet lake: facts of an office or of a city in files, refreshed exactly once."""
