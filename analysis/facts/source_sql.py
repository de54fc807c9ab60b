"""What is read of the engine's tables for the facts, in the dialect of either database.

Columns keep the names of the engine; `analysis.facts.office` makes the facts of them. SQLite tells
the kind of a column by its first rows only, so that there a text that is null is told as `NOTHING`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

NOTHING = "\x01"
"""A text that stands for none."""

_RUN = (
    *("r.agency_id", "r.dossier_id", "r.step_run_id", "p.code as procedure_code"),
    *("r.version_id", "r.element_id", "r.name", "r.attempt", "r.unit", "r.position"),
    *("coalesce(r.completed_by, r.holder_id) as person_id", "r.state", "r.enabled_at"),
    *("r.started_at", "r.ended_at", "r.c_enabled", "r.c_started", "r.c_ended"),
    *("r.calendar_version", "r.waiting_ws", "r.handling_ws", "r.paused_ws", "r.paused_us"),
    *("r.limit_ws", "r.due_at", "r.late_ws", "r.result", "r.late_cause", "r.sent_back_from"),
    *("r.month", "r.paused_since"),
)
_RUN_NONE = ("unit", "position", "person_id", "result", "late_cause", "sent_back_from")
_DOSSIER = (
    *("d.agency_id", "d.dossier_id", "d.code", "p.code as procedure_code", "p.field"),
    *("d.version_id", "d.case_code", "d.channel", "d.receiving_unit", "d.received_at"),
    *("d.original_due_at", "d.due_at", "d.finished_at", "d.returned_at", "d.state"),
    *("d.national_status", "d.outcome", "d.result", "d.measure", "d.limit_ws", "d.late_ws"),
    *("d.paused_ws", "d.supplements", "d.extensions", "d.calendar_edition", "d.events"),
)
_DOSSIER_NONE = ("receiving_unit", "outcome", "result", "measure")


@dataclass(frozen=True, slots=True)
class Scope:
    """Which dossiers are read: of one agency or of all (None), and of those:

    touched: these, and what has not ended of all others; None: all. part: only what ended in a
    month, (yyyymm, from, until) with moments in microseconds; 0 as yyyymm: what has not ended.
    """

    agency_id: str | None = None
    touched: Sequence[str] | None = None
    part: tuple[int, int, int] | None = None
    is_sqlite: bool = False

    def of(self, alias: str) -> str:
        """The condition for rows of a table: r step runs, d dossiers, s pauses, others."""
        conditions = [of_agency(self.agency_id).format(alias)]
        ends = {"r": "ended_at", "d": "finished_at", "s": "until"}.get(alias)
        if ends is not None and self.touched is not None:
            among = of_dossiers(self.touched, is_sqlite=self.is_sqlite).format(alias)
            conditions.append(f"({alias}.{ends} is null or {among})")
        if ends is not None and self.part is not None:
            month, begin, end = self.part
            within = f"{alias}.{ends} >= {begin} and {alias}.{ends} < {end}"
            if alias == "r":
                within = f"r.month = {month}"  # it has an index
            conditions.append(within if month else f"{alias}.{ends} is null")
        return " and ".join(conditions)


@dataclass(frozen=True, slots=True)
class Source:
    """Statements for one database."""

    is_sqlite: bool

    def step_runs(self, scope: Scope) -> str:
        return (
            f"select {self._columns(_RUN, _RUN_NONE)} from step_run r join procedure p"  # noqa: S608
            " on p.agency_id = r.agency_id and p.procedure_id = r.procedure_id"
            f" where {scope.of('r')}"
        )

    def dossiers(self, scope: Scope) -> str:
        """Dossiers, and of their clocks when they stopped and since when and what was used."""
        clock = ", ".join(
            f"{self._number('d.clock', name)} as clock_{name}"
            for name in ("running", "used", "stopped")
        )
        return (
            f"select {self._columns(_DOSSIER, _DOSSIER_NONE)}, {clock} from dossier d"  # noqa: S608
            " join procedure p on p.agency_id = d.agency_id and p.procedure_id = d.procedure_id"
            f" where {scope.of('d')}"
        )

    def apologies(self, scope: Scope) -> str:
        """How many apologies with a new date each dossier's journal tells of."""
        return (
            "select j.agency_id, j.dossier_id, count(*) as n from dossier d join journal j"  # noqa: S608
            " on j.agency_id = d.agency_id and j.dossier_id = d.dossier_id"
            f" where d.extensions > 0 and j.kind = 'dossier.extended' and {scope.of('d')}"
            " group by j.agency_id, j.dossier_id"
        )

    def pauses(self, scope: Scope) -> str:
        """Pauses that somebody began: supplements and suspensions."""
        return (
            "select s.agency_id, s.dossier_id, p.code as procedure_code, s.kind, s.charged_to,"  # noqa: S608
            " s.stage, s.since, s.until, s.paused_ws, s.asked_by, s.components"
            f" from pause s {self._procedure_of('s')} where {scope.of('s')}"
        )

    def clock_pauses(self, scope: Scope) -> str:
        """Every pause of the clocks of dossiers: also of steps that others do (tax, a council)."""
        if self.is_sqlite:
            each, at = "json_each(d.clock, '$.pauses') e", "json_extract(e.value, '$[{}]')"
        else:
            each, at = "json_array_elements(d.clock::json -> 'pauses') e(value)", "e.value ->> {}"
        texts = {"kind": 0, "charged_to": 4}
        moments = {"since": 1, "until": 2}
        picked = [f"coalesce({at.format(n)}, '') as {name}" for name, n in texts.items()]
        picked += [f"cast({at.format(n)} as bigint) as {name}" for name, n in moments.items()]
        return (
            "select d.agency_id, d.dossier_id, p.code as procedure_code, d.calendar_edition,"  # noqa: S608
            f" {', '.join(picked)} from dossier d join procedure p"
            " on p.agency_id = d.agency_id and p.procedure_id = d.procedure_id"
            f" cross join {'' if self.is_sqlite else 'lateral '}{each}"
            f" where d.clock like '%pauses%' and {scope.of('d')}"
        )

    def calendars(self, scope: Scope) -> str:
        """Which calendar each edition of an office's calendars is for the office itself."""
        version = (
            "json_extract(e.versions, '$.\"\"')" if self.is_sqlite else "e.versions::json ->> ''"
        )
        return (
            f"select e.agency_id, e.number as edition, {version} as version"  # noqa: S608
            f" from calendar_edition e where {scope.of('e')}"
        )

    def published(self, scope: Scope) -> str:
        """Versions of procedures that were ever put in force."""
        return (
            "select v.agency_id, p.code as procedure_code, v.version_id from procedure_version v"  # noqa: S608
            " join procedure p on p.agency_id = v.agency_id and p.procedure_id = v.procedure_id"
            f" where v.published_at is not null and {scope.of('v')}"
        )

    def _procedure_of(self, alias: str) -> str:
        return (
            f"join dossier d on d.agency_id = {alias}.agency_id"
            f" and d.dossier_id = {alias}.dossier_id join procedure p"
            " on p.agency_id = d.agency_id and p.procedure_id = d.procedure_id"
        )

    def _columns(self, columns: Sequence[str], none: Sequence[str]) -> str:
        if not self.is_sqlite:
            return ", ".join(columns)
        named = {each.rpartition(" as ")[2].rpartition(".")[2]: each for each in columns}
        for name in none:
            named[name] = f"coalesce({named[name].partition(' as ')[0]}, char(1)) as {name}"
        return ", ".join(named.values())

    def _number(self, document: str, name: str) -> str:
        if self.is_sqlite:
            return f"json_extract({document}, '$.{name}')"
        return f"cast({document}::json ->> '{name}' as bigint)"


def of_agency(agency_id: str | None) -> str:
    """A condition: rows of one agency, or of all; `{0}` is the table's alias."""
    return "1 = 1" if agency_id is None else f"{{0}}.agency_id = {literal(agency_id)}"


def of_dossiers(ids: Sequence[str], *, is_sqlite: bool) -> str:
    """A condition: rows of these dossiers, written as UUIDs are."""
    if not ids:
        return "1 = 0"
    spelt = (each.replace("-", "") for each in ids) if is_sqlite else ids
    return f"{{0}}.dossier_id in ({', '.join(map(literal, spelt))})"


def literal(value: str) -> str:
    """A text within a statement."""
    return "'" + value.replace("'", "''") + "'"


KINDS: Mapping[str, str] = {"citizen_supplement": "supplement", "citizen_payment": "payment"}
"""Kinds of pauses whose name in the facts is shorter than that of the engine."""
