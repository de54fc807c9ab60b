"""The archive: finished dossiers as packages that anyone can verify, and what may be destroyed."""
