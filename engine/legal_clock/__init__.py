"""The clock of a dossier and of a step (đồng hồ thời hạn)."""
