"""Which pauses of a dossier stop the clocks of its open steps as well.

While a tax office, another unit or a council works, only the dossier's own clock stands: the limit
of their step runs, for it is how they are held to their time.
"""


def steps_stand(pause: str) -> str:
    """A condition on a pause, by its alias: open steps stand with the dossier."""
    return f"{pause}.kind in ('supplement', 'force_majeure')"
