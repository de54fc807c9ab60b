"""What the applicant brought before, for the lines of a checklist."""

from collections.abc import Mapping
from typing import Any

from api.pages.visit import Visit
from engine.dossier_file import DossierFile
from engine.reusable import Reusable, reusable


def reusable_lines(seen: Visit, connection: Any, file: DossierFile) -> Mapping[str, Reusable]:
    """By component: where it is in an earlier dossier, and not in this one yet."""
    number = file.row.applicant_contact.get("identity_number", "")
    this = file.row.dossier_id
    procedure = file.version.procedure
    found = reusable(seen.office, connection, seen.actor, procedure, number, apart_from=this)
    return {each.component: each for each in found if not _is_here(file, each)}


def _is_here(file: DossierFile, offer: Reusable) -> bool:
    """Whether the dossier has as much of it already."""
    present = file.present.get(offer.component, {})
    papers = all(present.get(form, 0) >= number for form, number in offer.copies)
    return papers and present.get("electronic", 0) >= offer.files
