"""The facts that measures are computed from: the same tables for one office and for a city."""
