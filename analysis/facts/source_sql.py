"""What is read of the engine's tables for the facts, in the dialect of either database.

Columns keep the names of the engine; `analysis.facts.office` makes the facts of them. SQLite tells
the kind of a column by its first rows only, so that there the first row of an answer is one that
says the kinds (`told`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from engine.store.snapshot import Snapshot

Selected = Mapping[str, str]
"""Name of a column and the expression that it is read by."""

_RUN_TEXTS: Selected = {
    name: f"r.{name}"
    for name in (
        *("dossier_id", "step_run_id", "version_id", "element_id", "name", "unit", "position"),
        *("state", "calendar_version", "result", "late_cause", "sent_back_from"),
    )
} | {"person_id": "coalesce(r.completed_by, r.holder_id)"}
_RUN_NUMBERS: Selected = {
    name: f"r.{name}"
    for name in (
        *("attempt", "enabled_at", "started_at", "ended_at", "c_enabled", "c_started", "c_ended"),
        *("waiting_ws", "handling_ws", "paused_ws", "paused_us", "limit_ws", "due_at", "late_ws"),
        *("month", "paused_since"),
    )
}
_DOSSIER_TEXTS: Selected = {
    name: f"d.{name}"
    for name in (
        *("dossier_id", "code", "version_id", "case_code", "channel", "receiving_unit", "state"),
        *("national_status", "outcome", "result", "measure"),
    )
}
_DOSSIER_NUMBERS: Selected = {
    name: f"d.{name}"
    for name in (
        *("received_at", "original_due_at", "due_at", "finished_at", "returned_at", "limit_ws"),
        *("late_ws", "paused_ws", "supplements", "extensions", "calendar_edition", "events"),
    )
}
_APOLOGIES = (
    "case when d.extensions > 0 then (select count(*) from journal j where"
    " j.agency_id = d.agency_id and j.dossier_id = d.dossier_id and j.kind = 'dossier.extended')"
    " else 0 end"
)
"""How many apologies with a new date the dossier's journal tells of."""
_PAUSE_TEXTS: Selected = {"procedure_code": "p.code"} | {
    name: f"s.{name}"
    for name in ("dossier_id", "kind", "charged_to", "stage", "asked_by", "components")
}
_PAUSE_NUMBERS: Selected = {name: f"s.{name}" for name in ("since", "until", "paused_ws")}


@dataclass(frozen=True, slots=True)
class Ended:
    """What ended in some months: yyyymm, both included, and their moments in microseconds."""

    first: int
    last: int
    from_us: int
    to_us: int


NOT_ENDED = Ended(0, 0, 0, 0)
"""What has not ended."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which dossiers are read: of one agency or of all (None), and of those:

    touched: these, and what has not ended of all others; None: all. part: only what ended then, or
    has not; None: all. SQLite does not know how many rows an agency has, and would look for each of
    them by an index: with a plus before a column, which tells it not to go by that, it reads the
    table as it lies, or takes the index of what has not ended.
    """

    agency_id: str | None = None
    touched: Sequence[str] | None = None
    part: Ended | None = None

    def of(self, alias: str, *, is_sqlite: bool) -> list[str]:
        """The conditions for rows of a table, r step runs, d dossiers, s pauses, others: those
        that meet one are read, and none meets two.
        """
        agency, plus = of_agency(self.agency_id).format(alias), "+" if is_sqlite else ""
        everywhere = f"{plus}{agency}" if self.agency_id else agency
        ends = {"r": "ended_at", "d": "finished_at", "s": "until"}.get(alias)
        if ends is None:
            return [agency]
        if self.part is None and self.touched is None:
            return [everywhere]
        if self.part is not None and self.part is not NOT_ENDED:
            within = f"{alias}.{ends} >= {self.part.from_us} and {alias}.{ends} < {self.part.to_us}"
            if alias == "r":  # it has an index
                within = f"r.month >= {self.part.first} and r.month <= {self.part.last}"
            return [f"{agency} and {within}"]
        still = f"{everywhere} and {alias}.{ends} is null"
        if alias == "r":  # the same runs: of them there is an index
            still += " and r.state = 'open'"
        if not self.touched:
            return [still]
        among = of_dossiers(self.touched, is_sqlite=is_sqlite).format(alias)
        return [still, f"{agency} and {among} and {plus}{alias}.{ends} is not null"]


@dataclass(frozen=True, slots=True)
class Source:
    """Statements for one database. Rows bear their agency where several are read."""

    is_sqlite: bool

    def told(self, snapshot: Snapshot, sql: str) -> pa.Table:
        """What one of these statements answers, without the row that says the kinds."""
        table = snapshot.table(sql)
        return table.slice(1) if self.is_sqlite else table

    def step_runs(self, scope: Scope, only: Collection[str] | None = None) -> str:
        """Runs of steps. only: the columns that are wanted."""
        texts, numbers = (
            {name: column for name, column in every.items() if only is None or name in only}
            for every in (_RUN_TEXTS, _RUN_NUMBERS)
        )
        return self._select(scope, "r", texts, numbers, "from step_run r")

    def dossiers(self, scope: Scope) -> str:
        """Dossiers, of their clocks when they stopped and since when and what was used, and as
        JSON every pause of theirs: also of steps that others do (tax, a council).
        """
        numbers = {f"clock_{name}": self._clock(name) for name in ("running", "used", "stopped")}
        pauses = f"case when d.clock like '%pauses%' then {self._clock_text('pauses')} end"
        return self._select(
            scope,
            "d",
            {**_DOSSIER_TEXTS, "pauses": pauses},
            {**_DOSSIER_NUMBERS, **numbers, "apologies": _APOLOGIES},
            "from dossier d",
        )

    def pauses(self, scope: Scope) -> str:
        """Pauses that somebody began: supplements and suspensions."""
        of_procedure = (
            "from pause s join dossier d on d.agency_id = s.agency_id"
            " and d.dossier_id = s.dossier_id join procedure p"
            " on p.agency_id = d.agency_id and p.procedure_id = d.procedure_id"
        )
        return self._select(scope, "s", _PAUSE_TEXTS, _PAUSE_NUMBERS, of_procedure)

    def calendars(self, scope: Scope) -> str:
        """Which calendar each edition of an office's calendars is for the office itself."""
        version = (
            "json_extract(e.versions, '$.\"\"')" if self.is_sqlite else "e.versions::json ->> ''"
        )
        return self._select(
            scope, "e", {"version": version}, {"edition": "e.number"}, "from calendar_edition e"
        )

    def versions(self, scope: Scope) -> str:
        """Versions of procedures, and when they were put in force."""
        return self._select(
            scope,
            "v",
            {"procedure_code": "p.code", "field": "p.field", "version_id": "v.version_id"},
            {"published_at": "v.published_at"},
            "from procedure_version v join procedure p"
            " on p.agency_id = v.agency_id and p.procedure_id = v.procedure_id",
        )

    def _select(
        self, scope: Scope, alias: str, texts: Selected, numbers: Selected, tables: str
    ) -> str:
        if scope.agency_id is None:
            texts = {**texts, "agency_id": f"{alias}.agency_id"}
        columns = {**texts, **numbers}
        picked = ", ".join(f"{expression} as {name}" for name, expression in columns.items())
        conditions = scope.of(alias, is_sqlite=self.is_sqlite)
        selects = [f"select {picked} {tables} where {each}" for each in conditions]
        if self.is_sqlite:
            told = (f"{0 if name in numbers else repr('')} as {name}" for name in columns)
            selects.insert(0, f"select {', '.join(told)}")
        return " union all ".join(selects)

    def _clock(self, name: str) -> str:
        if self.is_sqlite:
            return f"json_extract(d.clock, '$.{name}')"
        return f"cast(d.clock::json ->> '{name}' as bigint)"

    def _clock_text(self, name: str) -> str:
        return self._clock(name) if self.is_sqlite else f"d.clock::json ->> '{name}'"


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
