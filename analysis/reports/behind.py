"""The dossiers behind a number: the list asks the very condition that the number counts."""

from dataclasses import replace
from datetime import date

from analysis.behind import Selection
from analysis.facts.facts import Facts
from analysis.period import Period
from analysis.reports import four_cells
from analysis.reports.members import ALL, CELLS, Only, members_for, span, with_members
from processes.errors import InvalidInput

_EVER = date(2000, 1, 1)


class UnknownCell(InvalidInput):
    """No report counts that."""

    code = "report.unknown_cell"
    vi = "Báo cáo không có ô “{cell}”."
    en = "No report has a cell '{cell}'."


def in_cell(
    facts: Facts, period: Period, cell: str, only: Only = ALL, *, tasks: bool = False
) -> Selection:
    """The dossiers in a cell; those of tasks are of the report of tasks; `ever` is all
    that was received up to the end of the period. Errors: UnknownCell.

    tasks: of a cell that counts tasks the tasks themselves, of which a dossier may have several.
    """
    if cell in four_cells.LISTED:
        listed = four_cells.tasks_of if tasks else four_cells.dossiers_of
        return listed(facts, period, cell, only.unit)
    if cell == "ever":
        period, cell = replace(period, first=_EVER), "came"
    if cell not in CELLS:
        raise UnknownCell(cell=cell)
    sql = with_members(
        "select dossier_id, code, procedure_code, unit, received_us, promised_us as due_us, "  # noqa: S608  # names of ours
        "ended_us as finished_us, coalesce(late_ws, 0) as late_ws, arrival, standing "
        f"from {members_for(*only.names)} where {CELLS[cell]} and {only.condition}"
    )
    return Selection(sql, {**span(facts, period).values, **only.values})
