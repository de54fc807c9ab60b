"""What is read of the engine's tables for the facts, in the dialect of either database.

Columns keep the names of the engine; `analysis.facts.office` makes the facts of them. SQLite tells
the kind of a column by its first rows only, so that there the first row of an answer is one that
says the kinds (`told`); ids, and what is seldom different, come from it several in one column
(`analysis.facts.packed`).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from analysis.facts.packed import apart, few_in_one, ids_in_one
from engine.store.snapshot import Snapshot

Selected = Mapping[str, str]
"""Name of a column and the expression that it is read by."""

_RUN_IDS: Selected = {name: f"r.{name}" for name in ("dossier_id", "step_run_id")}
_RUN_WORDS: Selected = {
    name: f"r.{name}"
    for name in (
        *("version_id", "element_id", "name", "unit", "position"),
        *("state", "calendar_version", "result", "late_cause", "sent_back_from"),
    )
} | {"person_id": "coalesce(r.completed_by, r.holder_id)"}
"""What many runs say alike."""
_RUN_NUMBERS: Selected = {
    name: f"r.{name}"
    for name in (
        *("enabled_at", "started_at", "ended_at", "c_enabled", "c_started", "c_ended", "due_at"),
        *("waiting_ws", "handling_ws", "paused_ws", "paused_us", "late_ws", "month"),
        "paused_since",
    )
}
_RUN_FEW_NUMBERS: Selected = {name: f"r.{name}" for name in ("attempt", "limit_ws")}
_DOSSIER_TEXTS: Selected = {
    name: f"d.{name}"
    for name in (
        *("version_id", "case_code", "channel", "receiving_unit", "state"),
        *("national_status", "outcome", "result", "measure"),
    )
}
_DOSSIER_NUMBERS: Selected = {
    name: f"d.{name}"
    for name in (
        *("received_at", "original_due_at", "due_at", "finished_at", "returned_at"),
        *("late_ws", "paused_ws", "events"),
    )
}
_DOSSIER_FEW_NUMBERS: Selected = {
    name: f"d.{name}" for name in ("limit_ws", "supplements", "extensions", "calendar_edition")
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
        return apart(table.slice(1)) if self.is_sqlite else table

    def pieces(self, snapshot: Snapshot, sql: str, rows: int) -> Iterator[pa.Table]:
        """The same, so many rows or a few thousand more at a time."""
        held: list[pa.RecordBatch] = []
        batches = snapshot.pieces(sql)
        if self.is_sqlite:
            held.append(next(batches).slice(1))
        for batch in batches:
            held.append(batch)
            if sum(each.num_rows for each in held) >= rows:
                yield self._whole(held)
                held = []
        if sum(each.num_rows for each in held):
            yield self._whole(held)

    def _whole(self, batches: list[pa.RecordBatch]) -> pa.Table:
        table = pa.Table.from_batches(batches)
        return apart(table) if self.is_sqlite else table

    def step_runs(self, scope: Scope, only: Collection[str] | None = None) -> str:
        """Runs of steps. only: the columns that are wanted."""
        ids, texts, few, numbers = (
            {name: column for name, column in every.items() if only is None or name in only}
            for every in (_RUN_IDS, _RUN_WORDS, _RUN_FEW_NUMBERS, _RUN_NUMBERS)
        )
        told = self._fewer(ids, texts, few)
        return self._select(scope, "r", told, numbers, "from step_run r")

    def dossiers(self, scope: Scope) -> str:
        """Dossiers, of their clocks when they stopped and since when and what was used, and as
        JSON every pause of theirs: also of steps that others do (tax, a council).
        """
        numbers = {f"clock_{name}": self._clock(name) for name in ("running", "used", "stopped")}
        pauses = f"case when d.clock like '%pauses%' then {self._clock_text('pauses')} end"
        few = self._fewer({"dossier_id": "d.dossier_id"}, _DOSSIER_TEXTS, _DOSSIER_FEW_NUMBERS)
        return self._select(
            scope,
            "d",
            {**few, "code": "d.code", "pauses": pauses},
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
        """Which calendar each edition is for the office itself and for its units (JSON), and since
        when.
        """
        version, versions = "json_extract(e.versions, '$.\"\"')", "json(e.versions)"
        if not self.is_sqlite:
            version, versions = "e.versions::json ->> ''", "e.versions::text"
        return self._select(
            scope,
            "e",
            {"version": version, "versions": versions},
            {"edition": "e.number", "since": "e.since"},
            "from calendar_edition e",
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

    def _fewer(self, ids: Selected, texts: Selected, numbers: Selected) -> Selected:
        """Ids that are never null, and what is seldom different, as few columns on SQLite."""
        if not self.is_sqlite:
            return {**ids, **texts, **numbers}
        told = [ids_in_one(ids)] if ids else []
        told += [few_in_one(texts, numbers)] if texts or numbers else []
        return dict(told)

    def _select(
        self, scope: Scope, alias: str, texts: Selected, numbers: Selected, tables: str
    ) -> str:
        if scope.agency_id is None:
            texts = {**texts, "agency_id": f"{alias}.agency_id"}
        columns = {**texts, **numbers}
        picked = ", ".join(f'{expression} as "{name}"' for name, expression in columns.items())
        conditions = scope.of(alias, is_sqlite=self.is_sqlite)
        selects = [f"select {picked} {tables} where {each}" for each in conditions]
        if self.is_sqlite:
            told = (f'{0 if name in numbers else repr("")} as "{name}"' for name in columns)
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
