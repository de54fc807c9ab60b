"""Queues and waits: where dossiers stand, for how long, why, and what it cost."""
