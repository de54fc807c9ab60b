"""The numbers that offices put into their reports, in one table (domain facts 5.3).

Each entry is a kind of number; what this system knows nothing of is listed with the reason, never
with a 0.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import Connection, func, select

from analysis.facts.facts import Facts
from analysis.period import Period
from analysis.rate import Rate
from analysis.reports.counted import FEWEST, counted, total_of
from analysis.reports.form_06a import at_of
from analysis.reports.four_cells import four_cells
from analysis.reports.members import span, with_members
from analysis.reports.procedures_in_use import (
    LEVEL_WORDS,
    Use,
    by_level,
    checked_in,
    covered,
    procedures_in_use,
    published_in,
)
from analysis.reports.ranking import places
from analysis.reports.table import Column, Kind, Line, Report, Words
from analysis.reports.years import on_time_of_year, years_before
from analysis.returns import returns
from analysis.source import agency_is, message, office_document, signing
from processes.procedure import ProcedureKind

CODE = "numbers"
DEFINITION = "numbers/2"


@dataclass(frozen=True, slots=True)
class Office:
    """Where the numbers come from: one agency's facts and tables, and the period."""

    connection: Connection
    facts: Facts
    agency_id: str
    period: Period
    cells: Mapping[str, int]
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number; whole where it is a part of something, which makes it a share.

    behind: which dossiers stand behind part and whole. period: of those, where it is another one.
    """

    name: Words
    part: int
    whole: int | None = None
    behind: tuple[str, ...] = ()
    period: Period | None = None


Made = Callable[[Office], list[Figure]]


def _dossiers(office: Office) -> list[Figure]:
    received = office.cells["received"] - office.cells["carried"]
    name = Words("Hồ sơ tiếp nhận trong kỳ", "Dossiers received in the period")
    return [Figure(name, received, behind=("came",))]


def _on_time(office: Office) -> list[Figure]:
    part = office.cells["early"] + office.cells["on_time"]
    by_06a = Words("Giải quyết trước và đúng hạn (06a)", "Handled early or on time (06a)")
    by_nd61 = Words("trên số đã tiếp nhận (NĐ 61)", "of those received (NĐ 61)")
    by_766 = Words("Đúng hạn theo QĐ 766 (2.1)", "On time by QĐ 766 (2.1)")
    received = office.cells["received"]
    return [
        Figure(by_06a, part, office.cells["resolved"], ("in_time", "resolved")),
        Figure(by_nd61, part, received, ("in_time", "received")),
        Figure(by_766, office.cells["on_time_766"], received, ("on_time_766", "received")),
    ]


def _late(office: Office) -> list[Figure]:
    return [
        Figure(
            Words("Hồ sơ giải quyết quá hạn", "Dossiers handled late"),
            office.cells["late"],
            behind=("late",),
        ),
        Figure(
            Words("Trễ hạn (đã và đang) đã có thư xin lỗi", "Late ones with an apology"),
            office.cells["apologised"],
            office.cells["behind"],
            ("apologised", "behind"),
        ),
    ]


def _published(kind: ProcedureKind, procedures: Words, decisions: Words) -> Made:
    def made(office: Office) -> list[Figure]:
        found = published_in(office.connection, office.agency_id, office.period, kind)
        return [Figure(procedures, found.procedures), Figure(decisions, found.decisions)]

    return made


def _checked(office: Office) -> list[Figure]:
    number = checked_in(office.connection, office.agency_id, office.period)
    return [Figure(Words("Quy trình được kiểm tra", "Procedures checked"), number)]


def _levels(office: Office) -> list[Figure]:
    found = by_level(office.connection, office.agency_id, office.uses)
    total = sum(use.version_id is not None for use in office.uses)
    name = Words("Quy trình đang áp dụng", "Procedures in force")
    return [
        Figure(name, total),
        *(
            Figure(
                Words(
                    f"{name.vi}: {LEVEL_WORDS[level].vi.lower()}",
                    f"{name.en}: {LEVEL_WORDS[level].en.lower()}",
                ),
                found[level],
            )
            for level in LEVEL_WORDS
            if found[level]
        ),
    ]


def _covered(office: Office) -> list[Figure]:
    rate = covered(office.uses)
    name = Words("Thủ tục có quy trình nội bộ đã ban hành", "Procedures with a published version")
    return [Figure(name, rate.part, rate.whole)]


def _documents(office: Office) -> list[Figure]:
    query = (
        select(office_document.c.direction, func.count().label("number"))
        .where(
            agency_is(office_document, office.agency_id),
            office_document.c.registered_at >= office.period.start,
            office_document.c.registered_at < office.period.end,
        )
        .group_by(office_document.c.direction)
    )
    found = {row.direction: int(row.number) for row in office.connection.execute(query)}
    return [
        Figure(Words("Văn bản đến", "Documents in"), found.get("incoming", 0)),
        Figure(Words("Văn bản đi", "Documents out"), found.get("outgoing", 0)),
    ]


def _messages(office: Office) -> list[Figure]:
    row = office.connection.execute(
        select(func.count(), func.count(func.distinct(message.c.step_run_id)).label("tasks")).where(
            agency_is(message, office.agency_id),
            message.c.kind == "text",
            message.c.held.is_(None),
            message.c.at >= office.period.start,
            message.c.at < office.period.end,
        )
    ).one()
    return [
        Figure(Words("Tin nhắn đã gửi", "Text messages sent"), int(row[0])),
        Figure(Words("Việc được nhắc bằng tin nhắn", "Tasks they were about"), int(row[1])),
    ]


def _tasks(office: Office) -> list[Figure]:
    cells = four_cells(office.facts, office.period)
    done, running = (
        cells["done_in_time"] + cells["done_late"],
        cells["running_in_time"] + cells["running_late"],
    )
    of_done = ("tasks_done_in_time", "tasks_done")
    return [
        Figure(Words("Việc đã làm", "Tasks done"), done, done + running, ("tasks_done", "tasks")),
        Figure(
            Words("trong đó đúng hạn", "of which in time"), cells["done_in_time"], done, of_done
        ),
        Figure(
            Words("Việc chưa làm, còn trong hạn", "Not done, in time"),
            *(cells["running_in_time"], running),
            ("tasks_running_in_time", "tasks_running"),
        ),
        Figure(
            Words("Việc chưa làm, quá hạn", "Not done, late"),
            *(cells["running_late"], running),
            ("tasks_running_late", "tasks_running"),
        ),
    ]


def _years(office: Office) -> list[Figure]:
    cells = ("ended_on_time", "ended")
    before = on_time_of_year(office.facts, office.period, 1)
    now = on_time_of_year(office.facts, office.period, 0)
    return [
        Figure(
            Words(
                "Đúng hạn của hồ sơ giải quyết xong, kỳ này", "On time of what ended, this period"
            ),
            *(now.part, now.whole),
            cells,
        ),
        Figure(
            Words("cùng kỳ năm trước", "the same days a year before"),
            *(before.part, before.whole),
            cells,
            years_before(office.period, 1),
        ),
    ]


def _ranked(office: Office) -> list[Figure]:
    units = places(counted(office.facts, office.period, "unit").rows, FEWEST)
    placed = sum(each.place is not None for each in units)
    return [Figure(Words("Đơn vị được xếp hạng", "Units with a place"), placed, len(units))]


def _families(office: Office) -> list[Figure]:
    (row,) = office.facts.rows(
        with_members(
            """select count(*) as ended, count(case when supplements = 0 then 1 end) as complete,
                 coalesce(sum(work_ws), 0) as work_ws, count(work_ws) as timed
               from member where ended_us is not null"""
        ),
        **span(office.facts, office.period).values,
    )
    hours = int(row["work_ws"]) // int(row["timed"]) // 3600 if row["timed"] else 0
    return [
        Figure(Words("Giờ làm việc bình quân một hồ sơ", "Mean working hours of a dossier"), hours),
        Figure(
            Words("Hồ sơ không phải bổ sung", "Dossiers without a supplement"),
            *(int(row["complete"]), int(row["ended"])),
            ("complete", "ended"),
        ),
    ]


def _steps(office: Office) -> list[Figure]:
    (row,) = office.facts.rows(
        with_members(
            """, did as (
              select s.dossier_id, s.person_id, lag(s.person_id) over (
                partition by s.agency_id, s.dossier_id order by s.ended_us, s.step_run_id
              ) as before
              from step_interval s
              join member m on m.agency_id = s.agency_id and m.dossier_id = s.dossier_id
              where m.ended_us is not null and s.state in ('completed', 'sent_back')
            )
            select count(*) as steps, count(distinct dossier_id) as dossiers,
              count(case when person_id <> before then 1 end) as hands
            from did"""
        ),
        **span(office.facts, office.period).values,
    )
    steps = Words("Lượt bước đã làm của hồ sơ đã xong", "Steps done of dossiers that ended")
    hands = Words("Lượt chuyển tay của hồ sơ đã xong", "Hand-overs of dossiers that ended")
    dossiers = Words("Số hồ sơ của hai dòng trên", "Dossiers of the two lines above")
    return [
        Figure(steps, int(row["steps"])),
        Figure(hands, int(row["hands"])),
        Figure(dossiers, int(row["dossiers"])),
    ]


def _returned(office: Office) -> list[Figure]:
    found = returns(office.connection, office.agency_id, office.period)
    name = Words("Lượt trả hồ sơ cho người nộp", "Returns to applicants")
    return [Figure(name, len(found.lines))]


def _signed(office: Office) -> list[Figure]:
    query = select(func.count()).where(
        agency_is(signing, office.agency_id),
        signing.c.returned_at >= office.period.start,
        signing.c.returned_at < office.period.end,
    )
    number = int(office.connection.execute(query).scalar_one())
    return [Figure(Words("Văn bản đã ký số", "Documents signed digitally"), number)]


MADE: Mapping[str, Made] = MappingProxyType(
    {
        "dossiers": _dossiers,
        "on_time": _on_time,
        "late": _late,
        "public_published": _published(
            ProcedureKind.PUBLIC,
            Words("TTHC được ban hành quy trình trong kỳ", "Public procedures published"),
            Words("bằng số quyết định", "by so many decisions"),
        ),
        "checked": _checked,
        "internal_published": _published(
            ProcedureKind.INTERNAL,
            Words("Thủ tục nội bộ được ban hành quy trình trong kỳ", "Internal ones published"),
            Words("bằng số quyết định", "by so many decisions"),
        ),
        "levels": _levels,
        "covered": _covered,
        "documents": _documents,
        "messages": _messages,
        "tasks": _tasks,
        "years": _years,
        "ranking": _ranked,
        "families": _families,
        "steps": _steps,
        "returns": _returned,
        "signatures": _signed,
    }
)
"""What can be counted, in the order of the table."""

_ELSEWHERE = Words("nhận ở hệ thống khác", "received by another system")
UNKNOWN: Mapping[str, tuple[Words, Words]] = MappingProxyType(
    {
        "feedback": (Words("Phản ánh, kiến nghị", "Feedback"), _ELSEWHERE),
        "review_plan": (
            Words("Nhóm TTHC rà soát theo kế hoạch", "Procedures reviewed by plan"),
            Words("kế hoạch rà soát chưa được ghi", "plans of review are not recorded"),
        ),
        "decentralisation": (
            Words("TTHC đề xuất phân cấp", "Procedures proposed for decentralisation"),
            Words("đề xuất phân cấp chưa được ghi", "such proposals are not recorded"),
        ),
        "portal": (
            Words("Tin bài, lượt truy cập", "Articles and visits"),
            Words("thuộc cổng thông tin điện tử", "they belong to the portal"),
        ),
        "programmes": (
            Words("Chương trình, đề án, đầu việc", "Programmes and their tasks"),
            Words("chương trình công tác chưa được ghi", "programmes of work are not recorded"),
        ),
        "citizen_sessions": (
            Words("Kỳ tiếp công dân, vụ việc", "Receptions of citizens"),
            Words("sổ tiếp công dân chưa có", "there is no register of receptions"),
        ),
        "exchange": (
            Words("Liên thông giữa các cấp", "Exchange between levels"),
            Words("chưa nối trục liên thông", "no exchange is connected"),
        ),
    }
)
"""What offices report and this system does not know, and why."""


def _answer(cells: Mapping[str, int]) -> Words:
    received = cells["received"] - cells["carried"]
    if not cells["received"]:
        return Words("Kỳ này chưa có hồ sơ.", "There were no dossiers in this period.")
    resolved, late = cells["resolved"], cells["late"]
    return Words(
        f"Tiếp nhận {received} hồ sơ; đã giải quyết {resolved}, trong đó {late} quá hạn.",
        f"{received} dossiers were received; {resolved} were handled, {late} of them late.",
    )


def report_numbers(connection: Connection, facts: Facts, agency_id: str, period: Period) -> Report:
    """Every number that can be made, then what cannot be and why."""
    office = Office(
        connection=connection,
        facts=facts,
        agency_id=agency_id,
        period=period,
        cells=total_of(facts, period),
        uses=procedures_in_use(connection, facts, agency_id, period),
    )
    lines: list[Line] = []
    for key, made in MADE.items():
        for figure in made(office):
            rate = None if figure.whole is None else Rate(figure.part, figure.whole)
            cells = (len(lines) + 1, figure.name, figure.part, figure.whole, rate, "")
            behind = dict(zip(("part", "whole"), figure.behind, strict=False))
            lines.append(Line(key, cells, period=figure.period, behind=behind))
    for key, (name, why) in UNKNOWN.items():
        lines.append(Line(key, (len(lines) + 1, name, None, None, None, why)))
    return Report(
        code=CODE,
        form="",
        title=Words("Số liệu chung của cơ quan", "The office's numbers"),
        counts=Words("Theo từng dòng", "As each line says"),
        period=period,
        definition=DEFINITION,
        columns=(
            Column("no", (Words("TT", "No."),)),
            Column("name", (Words("Số liệu", "Number"),), Kind.TEXT),
            Column("part", (Words("Giá trị", "Value"),)),
            Column("whole", (Words("Trên tổng", "Of"),)),
            Column("rate", (Words("Tỷ lệ", "Share"),), Kind.RATE),
            Column("why", (Words("Ghi chú", "Note"),), Kind.TEXT),
        ),
        lines=tuple(lines),
        answer=_answer(office.cells),
        notes=(Words("–: hệ thống không ghi số liệu này.", "–: not recorded here."),),
        at=at_of(facts),
    )
