"""Who reports to whom, as the head of a report says it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The agency, the one above it, the place of the date line; legal_basis of the form."""

    agency: str
    above: str = ""
    place: str = ""
    legal_basis: str = ""
