"""Dossiers still being handled, of every agency in a lake: roll-ups know only what has ended.

Read from the files of what has not ended, each agency as of its own last refresh. A clock stands
where a dossier with a limit has no due time: a supplement is waited for, or only others work.
"""

from dataclasses import dataclass
from pathlib import Path

from analysis.facts.facts import connected
from analysis.lake.changed import of_fact
from analysis.lake.layout import NOT_ENDED, LakeFile
from analysis.lake.publishing import published
from analysis.lake.reading import view

_COUNTED = """
select d.agency_id as agency_id,
  count(case when not d.stands and coalesce(d.due_us >= k.at_us, true) then 1 end) as within,
  count(case when d.due_us < k.at_us then 1 end) as overdue,
  count(case when d.stands then 1 end) as paused
from (select *, due_us is null and limit_ws is not null as stands from dossier_fact) d
join known k on k.agency_id = d.agency_id
where d.finished_us is null and ($procedure = '' or d.procedure_code = $procedure)
group by d.agency_id order by d.agency_id
"""


@dataclass(frozen=True, slots=True)
class OpenOf:
    """Of one agency: within the limit (or without one), past it, with the clock stopped."""

    agency_id: str
    within: int
    overdue: int
    paused: int

    @property
    def total(self) -> int:
        return self.within + self.overdue + self.paused


def open_now(lake: Path, procedure: str | None = None) -> tuple[OpenOf, ...]:
    """Each agency that has any, in the order of their codes (NoLake)."""
    lists = published(lake)
    files = [file for each in lists for file in each.files]
    with connected(lake) as connection:
        view(connection, "dossier_fact", lake, _not_ended(files))
        connection.execute("create table known (agency_id varchar, at_us bigint)")
        connection.executemany(
            "insert into known values (?, ?)", [(each.agency_id, each.fresh_us) for each in lists]
        )
        rows = connection.execute(_COUNTED, {"procedure": procedure or ""}).fetchall()
    return tuple(OpenOf(*row) for row in rows)


def _not_ended(files: list[LakeFile]) -> list[LakeFile]:
    return [file for file in of_fact(files, "dossier_fact") if file.part == NOT_ENDED]
