"""The dossiers behind a number: the list asks the very condition that the number counts."""

from dataclasses import dataclass
from datetime import UTC, datetime

from analysis.facts.facts import Facts
from analysis.period import Period
from analysis.reports.members import ALL, CELLS, Only, members_for, span, with_members
from processes.errors import InvalidInput

MOST = 200


class UnknownCell(InvalidInput):
    """No report counts that."""

    code = "report.unknown_cell"
    vi = "Báo cáo không có ô “{cell}”."
    en = "No report has a cell '{cell}'."


@dataclass(frozen=True, slots=True)
class Behind:
    """One dossier in the cell."""

    dossier_id: str
    code: str
    procedure_code: str
    unit: str
    arrival: str
    standing: str
    received_at: datetime
    due_at: datetime | None
    ended_at: datetime | None


def behind(
    facts: Facts,
    period: Period,
    cell: str,
    only: Only = ALL,
    *,
    after: str = "",
    most: int = MOST,
) -> tuple[Behind, ...]:
    """Dossiers in the order of their codes. after: only codes beyond it. Errors: UnknownCell."""
    if cell not in CELLS:
        raise UnknownCell(cell=cell)
    rows = facts.rows(
        with_members(
            "select cast(dossier_id as varchar) as id, code, procedure_code, unit, arrival, "  # noqa: S608  # names of ours
            "standing, received_us, promised_us, ended_us "
            f"from {members_for(*only.names)} where {CELLS[cell]} and {only.condition} "
            "and code > $after order by code limit $most"
        ),
        after=after,
        most=most,
        **span(facts, period).values,
        **only.values,
    )
    return tuple(
        Behind(
            row["id"],
            row["code"],
            row["procedure_code"],
            row["unit"],
            row["arrival"],
            row["standing"],
            _moment(facts, row["received_us"]),
            None if row["promised_us"] is None else _moment(facts, row["promised_us"]),
            None if row["ended_us"] is None else _moment(facts, row["ended_us"]),
        )
        for row in rows
    )


def _moment(facts: Facts, at_us: int) -> datetime:
    return datetime.fromtimestamp(at_us // 1_000_000, UTC).astimezone(facts.zone)
