"""The gap of a dossier: what its applicant would be asked for, with the legal ground."""

from dataclasses import dataclass

from processes.checklist import Missing
from processes.procedure import Procedure


@dataclass(frozen=True, slots=True)
class Gap:
    """A request for a supplement as the record gives it; the officer may write it otherwise.

    components: codes; of a group that lacks papers, all members that would do.
    legal_basis: those of the components, "" where the procedure states none.
    """

    components: tuple[str, ...]
    reason: str
    legal_basis: str


def gap(procedure: Procedure, lacking: tuple[Missing, ...]) -> Gap | None:
    """The request that asks for what is lacking; None where nothing is."""
    if not lacking:
        return None
    codes = tuple(dict.fromkeys(code for item in lacking for code in item.codes))
    grounds = (
        component.legal_basis
        for code in codes
        if (component := procedure.component(code)) and component.legal_basis
    )
    said = "; ".join(item.describe("vi") for item in lacking)
    return Gap(codes, f"Hồ sơ còn thiếu: {said}.", "; ".join(dict.fromkeys(grounds)))
