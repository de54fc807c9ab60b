"""Which procedures are published, and which of those anybody uses (độ phủ quy trình).

A procedure is covered where a version is in force. Decisions are counted by their number; a
version without one counts as published, but of no decision.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from uuid import UUID

from sqlalchemy import Connection, and_, func, select

from analysis.facts.facts import Facts
from analysis.period import Period
from analysis.rate import Rate
from analysis.reports.form_06a import at_of
from analysis.reports.members import span
from analysis.reports.table import Cell, Column, Kind, Line, Report, Words
from analysis.source import agency_is, procedure, procedure_version
from processes.document import parse
from processes.procedure import ProcedureKind
from processes.reader import read

CODE = "coverage"
DEFINITION = "coverage/1"
KIND_WORDS: Mapping[str, Words] = {
    ProcedureKind.PUBLIC.value: Words("TTHC", "Public"),
    ProcedureKind.INTERNAL.value: Words("Nội bộ", "Internal"),
}
LEVEL_WORDS: Mapping[str, Words] = {
    "ministry": Words("Cấp bộ", "Ministry"),
    "province": Words("Cấp tỉnh (sở)", "Province"),
    "district": Words("Cấp huyện", "District"),
    "commune": Words("Cấp xã", "Commune"),
    "": Words("Chưa ghi cấp", "No level stated"),
}


@dataclass(frozen=True, slots=True)
class Use:
    """One procedure: its version in force, if any, and how often it was used."""

    code: str
    name: str
    field: str
    kind: str
    version_id: UUID | None
    number: int | None
    decision_no: str
    published_at: datetime | None
    in_period: int
    ever: int
    last_us: int | None

    @property
    def state(self) -> Words:
        if self.version_id is None:
            return Words("Chưa ban hành", "Not published")
        if self.in_period:
            return Words("Đang dùng", "In use")
        if self.ever:
            return Words("Kỳ này không có hồ sơ", "Not used in the period")
        return Words("Chưa từng có hồ sơ", "Never used")


@dataclass(frozen=True, slots=True)
class Published:
    """What was put in force in a period: versions of procedures, by how many decisions."""

    procedures: int
    decisions: int


def procedures_in_use(
    connection: Connection, facts: Facts, agency_id: str, period: Period
) -> tuple[Use, ...]:
    """Every procedure of the agency in the order of their codes."""
    used = {row["procedure_code"]: row for row in _used(facts, agency_id, period)}
    none = {"in_period": 0, "ever": 0, "last_us": None}
    in_force = and_(
        procedure_version.c.agency_id == procedure.c.agency_id,
        procedure_version.c.version_id == procedure.c.version_id,
    )
    wanted = (procedure.c[name] for name in ("code", "name", "field", "kind", "version_id"))
    of_version = (procedure_version.c[name] for name in ("number", "decision_no", "published_at"))
    rows = connection.execute(
        select(*wanted, *of_version)
        .outerjoin(procedure_version, in_force)
        .where(agency_is(procedure, agency_id))
        .order_by(procedure.c.code)
    )
    return tuple(_use(row._asdict(), used.get(row.code, none)) for row in rows)


def covered(uses: tuple[Use, ...]) -> Rate:
    """Procedures with a version in force, of all."""
    return Rate(sum(use.version_id is not None for use in uses), len(uses))


def report_coverage(connection: Connection, facts: Facts, agency_id: str, period: Period) -> Report:
    """Every procedure, and how many are published, in use, never used."""
    uses = procedures_in_use(connection, facts, agency_id, period)
    rate = covered(uses)
    never = sum(use.version_id is not None and not use.ever for use in uses)
    return Report(
        code=CODE,
        form="",
        title=Words("Độ phủ quy trình nội bộ", "Coverage of procedures"),
        counts=Words("Số quy trình", "Procedures"),
        period=period,
        definition=DEFINITION,
        columns=(
            Column("no", (Words("TT", "No."),)),
            Column("code", (Words("Mã", "Code"),), Kind.TEXT),
            Column("name", (Words("Quy trình", "Procedure"),), Kind.TEXT),
            Column("field", (Words("Lĩnh vực", "Field"),), Kind.TEXT),
            Column("kind", (Words("Loại", "Kind"),), Kind.TEXT),
            Column("version", (Words("Bản đang áp dụng", "Version in force"),)),
            Column("decision", (Words("Quyết định", "Decision"),), Kind.TEXT),
            Column("published", (Words("Ban hành", "Published"),), Kind.DAY),
            Column(
                "in_period", (Words("Tiếp nhận trong kỳ", "Received in the period"),), cell="came"
            ),
            Column("ever", (Words("Tất cả hồ sơ", "Dossiers ever"),), cell="ever"),
            Column("last", (Words("Tiếp nhận gần nhất", "Last received"),), Kind.DAY),
            Column("state", (Words("Tình trạng", "State"),), Kind.TEXT),
        ),
        lines=tuple(
            Line(use.code, (n, *_cells(use, facts))) for n, use in enumerate(uses, start=1)
        ),
        answer=Words(
            f"{rate.part}/{rate.whole} quy trình đã ban hành; {never} quy trình đã ban hành "
            "nhưng chưa từng có hồ sơ.",
            f"{rate.part} of {rate.whole} are published; {never} of them were never used.",
        ),
        at=at_of(facts),
    )


def published_in(
    connection: Connection, agency_id: str, period: Period, kind: ProcedureKind
) -> Published:
    """Procedures of a kind that got a version in force in the period."""
    row = connection.execute(
        select(
            func.count(func.distinct(procedure_version.c.procedure_id)),
            func.count(func.distinct(procedure_version.c.decision_no)),
        )
        .join(
            procedure,
            and_(
                procedure.c.agency_id == procedure_version.c.agency_id,
                procedure.c.procedure_id == procedure_version.c.procedure_id,
            ),
        )
        .where(
            agency_is(procedure_version, agency_id),
            procedure.c.kind == kind.value,
            procedure_version.c.published_at >= period.start,
            procedure_version.c.published_at < period.end,
        )
    ).one()
    return Published(int(row[0]), int(row[1]))


def checked_in(connection: Connection, agency_id: str, period: Period) -> int:
    """Procedures of which a diagram was brought and judged in the period."""
    query = select(func.count(func.distinct(procedure_version.c.procedure_id))).where(
        agency_is(procedure_version, agency_id),
        procedure_version.c.created_at >= period.start,
        procedure_version.c.created_at < period.end,
    )
    return int(connection.execute(query).scalar_one())


def by_level(connection: Connection, agency_id: str, uses: tuple[Use, ...]) -> Counter[str]:
    """Published procedures by the levels their diagrams state; of several levels, in each."""
    found: Counter[str] = Counter()
    for use in uses:
        if use.version_id is not None:
            found.update(_levels(_Diagram(connection, agency_id, use.version_id)) or ("",))
    return found


class _Diagram:
    """A published version's diagram, which never changes: equal where it is the same version."""

    def __init__(self, connection: Connection, agency_id: str, version_id: UUID) -> None:
        self.connection: Connection | None = connection
        self.key = agency_id, version_id

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Diagram) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


@lru_cache(2_000)
def _levels(diagram: _Diagram) -> tuple[str, ...]:
    connection, diagram.connection = diagram.connection, None  # what is remembered holds none
    assert connection is not None, "a diagram is read once"
    agency_id, version_id = diagram.key
    drawn = connection.execute(
        select(procedure_version.c.diagram).where(
            agency_is(procedure_version, agency_id), procedure_version.c.version_id == version_id
        )
    ).scalar_one()
    found = read(parse(drawn)).procedure
    return () if found is None else tuple(dict.fromkeys(found.levels))


def _used(facts: Facts, agency_id: str, period: Period) -> list[dict[str, int]]:
    return facts.rows(
        """select procedure_code, count(*) as ever, max(received_us) as last_us,
             count(case when received_us >= $begin then 1 end) as in_period
           from dossier_fact where agency_id = $agency and received_us < $until
           group by procedure_code""",
        agency=agency_id,
        **span(facts, period).values,
    )


def _use(row: Mapping[str, object], used: Mapping[str, object]) -> Use:
    decision = {"decision_no": row["decision_no"] or ""}
    numbers = {name: used[name] for name in ("in_period", "ever", "last_us")}
    return Use(**{**row, **decision, **numbers})  # type: ignore[arg-type]  # columns by their names


def _cells(use: Use, facts: Facts) -> tuple[Cell, ...]:
    return (
        use.code,
        use.name,
        use.field,
        KIND_WORDS.get(use.kind, Words(use.kind, use.kind)),
        use.number,
        use.decision_no or None,
        _day(use.published_at, facts),
        use.in_period,
        use.ever,
        None
        if use.last_us is None
        else _day(datetime.fromtimestamp(use.last_us // 1_000_000, UTC), facts),
        use.state,
    )


def _day(at: datetime | None, facts: Facts) -> date | None:
    return None if at is None else at.astimezone(facts.zone).date()
