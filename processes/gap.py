"""The gap of a dossier: what its applicant would be asked for, with the legal ground."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from processes.checklist import Missing
from processes.procedure import Procedure


@dataclass(frozen=True, slots=True)
class Choice:
    """So many of these components will do."""

    number: int
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A request for a supplement as the record gives it; the officer may write it otherwise.

    components: codes; of a group that lacks papers, all members that would do and are not there.
    legal_basis: those of the components, "" where the procedure states none.
    """

    components: tuple[str, ...]
    reason: str
    legal_basis: str


def choices(lacking: Iterable[Missing], asked: Collection[str]) -> tuple[Choice, ...]:
    """What of a request the applicant may choose among, given what the dossier lacks.

    Of a group, components asked for in no greater number than it lacks are all wanted.
    """
    found = []
    for item in lacking:
        codes = tuple(code for code in item.codes if code in asked)
        if item.among and len(codes) > item.number:
            found.append(Choice(item.number, codes))
    return tuple(found)


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
