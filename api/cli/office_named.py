"""Which office a command is about, where the database has several."""

import typer

from engine.store.condition import agencies
from engine.store.database import Database as Store


def agency_of(store: Store, wanted: str | None) -> str:
    """The agency of that code; the only one where none is named."""
    known = sorted(agencies(store))
    if wanted is None and len(known) == 1:
        return known[0]
    if wanted not in known or wanted is None:
        raise typer.BadParameter(f"--agency: {', '.join(known) or '–'}")
    return wanted
