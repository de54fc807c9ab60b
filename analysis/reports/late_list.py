"""Dossiers that were or are late, each with its cause, whose time it was and the apology.

Whose time: the unit whose step overran most, open ones up to now; where no step overran, the
limits of the steps do not add up to the dossier's, and nobody's is said. The cause is what was
stated when that step was completed late. Calendar days are of the office's zone.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from analysis.facts.facts import Facts
from analysis.period import Period
from analysis.reports.form_06a import at_of
from analysis.reports.members import ALL, DEFINITION, Only, members_for, span, with_members
from analysis.reports.names import Names
from analysis.reports.table import Cell, Column, Kind, Line, Report, Words, same
from engine.dossiers.late_cause import WORDS

CODE = "late"
_ASKED = """,
overran as (
  select *, coalesce(late_ws, case when ended_us is null then age_ws - limit_ws end, 0) as over_ws
  from step_interval
  where state <> 'cancelled' and enabled_us < $until
),
overrun as (
  select agency_id, dossier_id, coalesce(unit, '') as late_unit, name as step, late_cause,
    row_number() over (
      partition by agency_id, dossier_id order by over_ws desc, due_us, step_run_id
    ) as place
  from overran
  where over_ws > 0 or (ended_us is null and due_us < $until)
)
select m.*, cast(m.dossier_id as varchar) as id, o.step, o.late_unit, o.late_cause
from {source} m
left join overrun o on o.agency_id = m.agency_id and o.dossier_id = m.dossier_id and o.place = 1
where m.standing in ('late', 'overdue') and {condition}
order by m.standing = 'late', m.promised_us, m.code
"""


def report_late(facts: Facts, period: Period, names: Names, only: Only = ALL) -> Report:
    """Every late dossier of the period: those still open first, the longest overdue first."""
    asked = _ASKED.format(source=members_for(*only.names), condition=only.condition)
    values = {**span(facts, period).values, **only.values}
    rows = facts.rows(with_members(asked.lstrip("\n")), **values)
    until = span(facts, period).until_us
    return Report(
        code=CODE,
        form="",
        title=Words("Danh sách hồ sơ trễ hạn", "Late dossiers"),
        counts=Words("Hồ sơ", "Dossiers"),
        period=period,
        definition=f"{DEFINITION}, late/1",
        columns=(
            Column("no", (Words("TT", "No."),)),
            Column("code", (Words("Mã hồ sơ", "Code"),), Kind.TEXT),
            Column("procedure", (Words("Thủ tục", "Procedure"),), Kind.TEXT),
            Column("unit", (Words("Đơn vị tiếp nhận", "Receiving unit"),), Kind.TEXT),
            Column("received", (Words("Ngày tiếp nhận", "Received"),), Kind.DAY),
            Column("due", (Words("Hẹn trả", "Due"),), Kind.DAY),
            Column("finished", (Words("Ngày xong", "Finished"),), Kind.DAY),
            Column("days", (Words("Số ngày quá hạn", "Days late"),)),
            Column("hours", (Words("Giờ làm việc quá hạn", "Working hours late"),), Kind.HOURS),
            Column(
                "step", (Words("Bước quá hạn nhiều nhất", "Step that overran most"),), Kind.TEXT
            ),
            Column("whose", (Words("Thời gian của", "Whose time"),), Kind.TEXT),
            Column("cause", (Words("Nguyên nhân", "Cause"),), Kind.TEXT),
            Column("apology", (Words("Thư xin lỗi", "Apology"),), Kind.TEXT),
        ),
        lines=tuple(_line(n, row, facts, names, until) for n, row in enumerate(rows, start=1)),
        answer=Words(
            f"{len(rows)} hồ sơ trễ hạn." if rows else "Không hồ sơ nào trễ hạn trong kỳ này.",
            f"{len(rows)} late." if rows else "No dossier was late in this period.",
        ),
        notes=(
            Words(
                "Giờ làm việc quá hạn có khi giải quyết xong; hồ sơ đang giải quyết ghi –.",
                "Working hours late are known when handling ends; open dossiers show –.",
            ),
        ),
        at=at_of(facts),
    )


def _line(place: int, row: Mapping[str, Any], facts: Facts, names: Names, until: int) -> Line:
    ended = row["ended_us"]
    due = _day(facts, row["promised_us"])
    judged = _day(facts, ended or row["since_us"] or until - 1)
    finished = None if ended is None else _day(facts, ended)
    cells: tuple[Cell, ...] = (
        place,
        row["code"],
        names.of("procedure", row["procedure_code"]),
        names.of("unit", row["unit"]),
        _day(facts, row["received_us"]),
        due,
        finished,
        None if due is None or judged is None else (judged - due).days,
        row["late_ws"] if ended is not None else None,
        row["step"],
        _whose(row, names),
        _cause(row["late_cause"]),
        Words("Đã có", "Issued") if row["apologies"] else Words("Chưa có", "None"),
    )
    return Line(row["id"], cells, dossier_id=row["id"])


def _whose(row: Mapping[str, Any], names: Names) -> Words | None:
    if row["step"] is None:
        return Words("Giữa các bước", "Between steps")
    return names.of("unit", row["late_unit"]) if row["late_unit"] else None


def _cause(stated: str | None) -> Words | None:
    if stated is None:
        return None
    known = {cause.value: words for cause, words in WORDS.items()}
    return Words(*known[stated]) if stated in known else same(stated)


def _day(facts: Facts, moment_us: int | None) -> date | None:
    if moment_us is None:
        return None
    return datetime.fromtimestamp(moment_us // 1_000_000, UTC).astimezone(facts.zone).date()
