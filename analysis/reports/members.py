"""Which dossiers a report of a period counts, and in which cell each of them stands.

Every dossier is in exactly one cell of arrival (carried over, online, over the counter or by post)
and in exactly one of standing: ended early, on time or late, or running within or past its limit.
So the columns of form II.06a add up by construction, and the report checks it all the same.
Definition `06a/1`:
- counted: received before the end of the period, and not ended before it began;
- ended early, on time, late: by the verdict that was made when handling finished; what was refused,
  withdrawn or discontinued is on time where it was not late, as the form's note to column 9 says;
- waiting for a supplement at the end of the period: on time (same note), late if the request was
  made after the due time; while it waits it is carried over to the next period all the same;
- without a time limit: on time when ended, within the limit while running; told in a note;
- running: judged at the end of the period, with the clock stopped at the moment it stopped; one
  whose clock stands has no due time, and is late where its limit is used up: what it had first
  does not know of the pauses before this one.
Where the period is not over, its end is the moment up to which the facts know everything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from analysis.facts.facts import Facts
from analysis.period import Period

DEFINITION = "06a/1"

_EPOCH_US = 1_000_000
_MEMBER = """
with stopped as (
  select agency_id, dossier_id, max(since_us) as since_us,
    max(case when kind = 'supplement' then 1 else 0 end) as supplement
  from pause_fact
  where since_us < $until and (until_us is null or until_us >= $until)
  group by agency_id, dossier_id
),
known as (
  select d.*, s.since_us,
    case when d.finished_us < $until then d.finished_us end as ended_us,
    coalesce(d.due_us, d.original_due_us) as promised_us,
    coalesce(s.supplement, 0) as supplement
  from dossier_fact d
  left join stopped s on s.agency_id = d.agency_id and s.dossier_id = d.dossier_id
  where d.received_us < $until and (d.finished_us is null or d.finished_us >= $begin)
),
judged as (
  select *,
    ended_us is null and supplement = 1 as waits,
    coalesce(promised_us < coalesce(since_us, $until - 1), false)
      and not (due_us is null and extensions = 0 and coalesce(age_ws <= limit_ws, false)) as overdue
  from known
),
member as (
  select agency_id, dossier_id, code, procedure_code, coalesce(field, '') as field,
    coalesce(receiving_unit, '') as unit, cast(version_id as varchar) as version, channel,
    received_us, original_due_us, promised_us, ended_us, since_us, waits, extensions, apologies,
    supplements, late_ws, work_ws, limit_ws,
    case when ended_us is null then '' else coalesce(national_status, '') end as ended_as,
    promised_us is null and limit_ws is null as unlimited,
    ended_us is not null and coalesce(measure = 'late', false) as measured_late,
    case when received_us < $begin then 'carried' when channel = 'online' then 'online'
      else 'counter' end as arrival,
    case
      when ended_us is not null and result = 'late' then 'late'
      when ended_us is not null and result = 'early' and state <> 'closed' then 'early'
      when ended_us is not null then 'on_time'
      when waits and overdue then 'late'
      when waits then 'on_time'
      when overdue then 'overdue'
      else 'running' end as standing
  from judged
),
worked as (
  select agency_id, dossier_id, coalesce(unit, '') as unit, cast(person_id as varchar) as person,
    sum(coalesce(handling_ws, 0)) as handling_ws, max(started_us) as started_us
  from step_interval
  where started_us < $until and state <> 'cancelled' and person_id is not null
  group by agency_id, dossier_id, unit, person_id
),
handler as (
  select *, row_number() over (
    partition by agency_id, dossier_id order by handling_ws desc, started_us desc, person, unit
  ) as place
  from worked
),
handled as (
  select m.*, coalesce(h.unit, '') as handling_unit, coalesce(h.person, '') as officer
  from member m
  left join handler h
    on h.agency_id = m.agency_id and h.dossier_id = m.dossier_id and h.place = 1
)
"""

CELLS: Mapping[str, str] = MappingProxyType(
    {
        "received": "true",
        "online": "arrival = 'online'",
        "counter": "arrival = 'counter'",
        "carried": "arrival = 'carried'",
        "resolved": "standing in ('early', 'on_time', 'late')",
        "early": "standing = 'early'",
        "on_time": "standing = 'on_time'",
        "late": "standing = 'late'",
        "in_time": "standing in ('early', 'on_time')",
        "open": "standing in ('running', 'overdue')",
        "running": "standing = 'running'",
        "overdue": "standing = 'overdue'",
        "post": "arrival <> 'carried' and channel = 'post'",
        "refused": "ended_as = '3'",
        "withdrawn": "ended_as = '7'",
        "discontinued": "ended_as = '8'",
        "waits": "waits",
        "unlimited": "unlimited",
        "behind": "standing in ('late', 'overdue')",
        "apologised": "standing in ('late', 'overdue') and apologies > 0",
        "unapologised": "standing in ('late', 'overdue') and apologies = 0",
        "extended_while_stopped": "ended_us is null and since_us is not null and extensions > 0",
        "came": "arrival <> 'carried'",
        "ended": "ended_us is not null",
        "ended_late": "ended_us is not null and standing = 'late'",
        "ended_unlimited": "ended_us is not null and standing <> 'late' and unlimited",
        "ended_on_time": "ended_us is not null and standing <> 'late' and not unlimited",
        "complete": "ended_us is not null and supplements = 0",
        "came_and_ended": "ended_us is not null and arrival <> 'carried' and work_ws is not null",
        "on_time_766": (
            "case when ended_us is not null then not measured_late "
            "else supplements < 2 and standing in ('running', 'on_time') end"
        ),
    }
)
"""What a cell counts, by its name; the list behind a number asks the same."""

GROUPS: Mapping[str, str] = MappingProxyType(
    {
        "unit": "unit",
        "handling_unit": "handling_unit",
        "field": "field",
        "procedure": "procedure_code",
        "officer": "officer",
        "agency": "agency_id",
    }
)
"""By what dossiers are put together, and the column that says it.

unit received it; officer is who worked longest on it up to the end of the period, and
handling_unit is where that was. Empty where there is none.
"""
_HANDLED = frozenset({"handling_unit", "officer"})
_NARROWED = MappingProxyType({**GROUPS, "version": "version"})


@dataclass(frozen=True, slots=True)
class Only:
    """Which dossiers a report is about; None is all of them."""

    unit: str | None = None
    handling_unit: str | None = None
    field: str | None = None
    procedure: str | None = None
    officer: str | None = None
    agency: str | None = None
    version: str | None = None

    @property
    def condition(self) -> str:
        """In SQL, over members; its values are `values`."""
        named = [f"{_NARROWED[name]} = $only_{name}" for name in _NARROWED if name in self.names]
        return " and ".join(named or ["true"])

    @property
    def names(self) -> frozenset[str]:
        """What it restricts."""
        return frozenset(name for name in _NARROWED if getattr(self, name) is not None)

    @property
    def values(self) -> dict[str, str]:
        named = {name: getattr(self, name) for name in _NARROWED}
        return {f"only_{name}": value for name, value in named.items() if value is not None}


ALL = Only()


@dataclass(frozen=True, slots=True)
class Span:
    """A period as facts know it: microseconds from `begin_us` up to before `until_us`."""

    begin_us: int
    until_us: int

    @property
    def values(self) -> dict[str, int]:
        return {"begin": self.begin_us, "until": self.until_us}


def span(facts: Facts, period: Period) -> Span:
    """The period, cut off where the facts end; a period still to come counts nothing."""
    begin = _us(period.start)
    return Span(begin, max(begin, min(_us(period.end), facts.at_us + 1)))


def with_members(statement: str) -> str:
    """A statement over `member` or `handled`; it takes $begin and $until."""
    return _MEMBER + statement


def members_for(*groups: str) -> str:
    """The table to ask: who handled a dossier is only looked for where it matters."""
    return "handled" if _HANDLED.intersection(groups) else "member"


def numbers_of(cells: tuple[str, ...]) -> str:
    """The columns that count these cells."""
    counted = (f"count(case when {CELLS[cell]} then 1 end) as {cell}" for cell in cells)
    return ", ".join(counted)


def _us(at: datetime) -> int:
    return int(at.timestamp()) * _EPOCH_US
