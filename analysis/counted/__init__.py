"""Which dossiers, or which runs of steps, each number of a measure counts."""
