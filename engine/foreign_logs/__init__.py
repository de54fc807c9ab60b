"""Event logs of other systems: brought, kept for a while, analysed apart, deleted."""
