"""Dossiers moving through procedures: execution, lawful time, enforcement, storage, journal."""
