"""Comparing periods, versions and units, so that chance is not taken for a change."""
