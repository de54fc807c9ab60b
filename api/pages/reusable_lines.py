"""What the applicant brought before: offered at reception and in the lines of a checklist."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from api.pages.visit import Entered, Visit, id_of
from engine.dossier_file import DossierFile
from engine.dossiers.reuse import reuse_component
from engine.reception.applicants import Applicant
from engine.reception.reusable import Reusable, reusable
from processes.errors import RuleError
from processes.procedure import Procedure

_TICK = "reuse:"
_MOST = 50


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


def offered_at_reception(
    seen: Visit, connection: Any, procedure: Procedure, found: Applicant | None
) -> tuple[Reusable, ...]:
    """What somebody who was found again need not bring again."""
    if found is None:
        return ()
    number = found.contact.get("identity_number", "")
    return reusable(seen.office, connection, seen.actor, procedure, number)


def take_over(seen: Visit, form: Entered, dossier_id: UUID) -> None:
    """Take over what was ticked at reception; what cannot be is offered again on the checklist."""
    for component, source in list(form.starting(_TICK).items())[:_MOST]:
        key = form.key and f"{form.key[:60]}:{component}"[:90]
        try:
            known = id_of(source)
            reuse_component(seen.office, seen.actor, dossier_id, component, known, key=key)
        except RuleError:
            continue
