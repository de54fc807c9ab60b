"""Every measure says the same, to the last digit, from SQLite, from PostgreSQL and from the lake."""

from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date

import pytest

from analysis.comparison.durations import compare_dossiers
from analysis.comparison.on_time import compare_on_time
from analysis.comparison.ranking import ranked
from analysis.comparison.side import Side
from analysis.comparison.ways import compare_ways
from analysis.facts.facts import Facts, facts_of
from analysis.facts.office import office_facts
from analysis.lake.reading import current_facts, lake_facts
from analysis.lake.refresh import refresh
from analysis.period import Period
from analysis.queues.causes import Cause, waiting_causes
from analysis.queues.scope import Scope
from analysis.queues.step_limit import step_limit
from analysis.queues.utilisation import utilisation
from analysis.rate import Rate
from analysis.reports.counted import counted
from analysis.reports.three_shares import on_time
from analysis.survival.observed import Picked, curves
from api.measure_rows import plain, table
from api.measures import MEASURES, MeasureName
from api.opening_hours import hours_of
from engine.move import move
from engine.office import Office
from engine.store.database import Database
from tests.api.test_demo import DOSSIERS, END, START, life_of
from tests.engine.offices import open_ward

PLAYED = Period(START.date(), END.date())
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
TO_COME = Period(date(2026, 4, 15), date(2026, 12, 31))
LONG_AGO = Period(date(2001, 1, 1), date(2001, 1, 1))


@dataclass(frozen=True)
class Sources:
    """One office, read in each way; scopes: what to ask of it."""

    facts: dict[str, Facts]
    office: Office
    agency_id: str
    scopes: tuple[Scope, ...]


@pytest.fixture(scope="module")
def sources(sqlite_files, postgresql_server, tmp_path_factory):
    """Played for two months; its lake was refreshed in the middle of them and at their end."""
    folder = tmp_path_factory.mktemp("everywhere")
    url, lake = sqlite_files.fresh(folder), folder / "lake"
    ward = open_ward(url)
    for progress in life_of(ward, seed=3).play(DOSSIERS, START, END):
        if progress == DOSSIERS // 2:
            refresh(ward.office.database, ward.agency_id, lake, ward.clock.now())
    ward.office.database.close()
    there = postgresql_server.empty()
    move(url, there)
    here, moved = Database(url), Database(there)
    ward.clock.set(END)
    with ExitStack() as stack:
        facts = {
            "sqlite": office_facts(here, ward.agency_id, END),
            "postgresql": office_facts(moved, ward.agency_id, END),
            "lake and what changed since": current_facts(here, ward.agency_id, lake, END),
        }
        refresh(here, ward.agency_id, lake.with_name("anew"), END)
        facts["lake"] = lake_facts(lake.with_name("anew"))
        for each in facts.values():
            stack.enter_context(each)
        office = Office(here, ward.clock, ward.office.ids)
        yield Sources(facts, office, ward.agency_id, _scopes(facts["sqlite"]))
    here.close()
    moved.close()
    postgresql_server.drop(there)


def _scopes(facts):
    """The busiest step, its procedure and its unit, by themselves and together, over periods."""
    (busy,) = facts.rows(
        "select procedure_code, element_id, unit from step_interval where unit is not null "
        "group by 1, 2, 3 order by count(*) desc, 1, 2, 3 limit 1"
    )
    code, element, unit = busy["procedure_code"], busy["element_id"], busy["unit"]
    narrowed = (
        {},
        {"procedure_code": code},
        {"unit": unit},
        {"procedure_code": code, "element_id": element, "unit": unit},
    )
    whole = [Scope.of(period) for period in (MARCH, TO_COME, LONG_AGO)]
    return (*(Scope.of(PLAYED, **names) for names in narrowed), *whole)


def told(sources, measure):
    """What each source answers, in the words of JSON, to be the same."""
    return {name: measure(facts) for name, facts in sources.facts.items()}


def assert_same(sources, measure):
    answers = told(sources, measure)
    assert len(answers) == 4
    for name, answer in answers.items():
        assert answer == answers["sqlite"], name
    return answers["sqlite"]


@pytest.mark.parametrize("name", list(MeasureName))
def test_a_measure_is_the_same_wherever_it_is_read(sources, name):
    something = False
    for scope in sources.scopes:
        if scope.element_id and not MEASURES[name].of_steps:
            continue

        def measured(facts, scope=scope):
            hours = hours_of(sources.office, sources.agency_id, facts)
            rows = list(MEASURES[name].rows(facts, scope, hours))
            return [plain(row) for row in rows], table(rows)

        rows, _ = assert_same(sources, measured)
        something = something or bool(rows)
    assert something or name in _RARE


@pytest.mark.parametrize("name", list(MeasureName))
@pytest.mark.parametrize("column", ["procedure_code", "version_id", "element_id"])
def test_what_is_asked_of_a_part_is_what_facts_of_that_part_alone_say(sources, name, column):
    """Of people it is not: they are kept busy by all that there is."""
    if name in _OF_ALL or (column == "element_id" and not MEASURES[name].of_steps):
        return
    whole = sources.facts["sqlite"]
    (part,) = whole.rows(
        f"select cast({column} as varchar) as value, any_value(procedure_code) as code "
        "from step_interval group by 1 order by count(*) desc, 1 limit 1"
    )
    narrowed = {column: part["value"]}
    if column == "element_id":
        if name in _LEARNT_FROM_DOSSIERS:
            return
        narrowed["procedure_code"] = part["code"]
    hours = hours_of(sources.office, sources.agency_id, whole)
    asked = list(MEASURES[name].rows(whole, Scope.of(PLAYED, **narrowed), hours))
    with part_of(whole, narrowed) as alone:
        said = list(MEASURES[name].rows(alone, Scope.of(PLAYED), hours))
        if column == "element_id" and name is MeasureName.LIMITS:
            said = [each for each in said if each.element_id]
    assert plain(asked) == plain(said)


@pytest.mark.parametrize("column", ["procedure_code", "version_id", "element_id", "unit"])
def test_the_causes_of_the_parts_are_those_of_the_whole(sources, column):
    facts = sources.facts["sqlite"]
    hours = hours_of(sources.office, sources.agency_id, facts)
    whole = waiting_causes(facts, Scope.of(PLAYED), hours)
    values = facts.rows(
        f"select distinct cast({column} as varchar) as value from step_interval "
        f"where {column} is not null"
    )
    scopes = [Scope.of(PLAYED, **{column: row["value"]}) for row in values]
    parts = [each for scope in scopes for each in waiting_causes(facts, scope, hours)]
    for cause in Cause:
        known = sum(each.parts[cause] for each in whole if column != "unit" or each.unit)
        assert sum(each.parts[cause] for each in parts) == known
    posts = [utilisation(facts, scope, hours) for scope in scopes]
    assert sum(post.runs for each in posts for post in each) == sum(each.runs for each in parts)


_OF_ALL = {MeasureName.CAUSES, MeasureName.POSITIONS, MeasureName.AT_RISK}
_LEARNT_FROM_DOSSIERS = {MeasureName.ATTRIBUTION, MeasureName.CURVE}


def part_of(facts, narrowed):
    """Only the dossiers, or runs of steps, that are so."""
    where = " and ".join(f"cast({name} as varchar) = ${name}" for name in narrowed)
    of_step = "element_id" in narrowed
    runs = facts.arrow(f"select * from step_interval where {where}", **narrowed)
    if of_step:
        return facts_of({"step_interval": runs}, facts.at_us, facts.fresh_us, facts.zone)
    dossiers = facts.arrow(f"select * from dossier_fact where {where}", **narrowed)
    mine = f"dossier_id in (select dossier_id from dossier_fact where {where})"
    tables = {
        name: facts.arrow(f"select * from {name} where {mine}", **narrowed)
        for name in ("pause_fact", "missing_component")
    }
    tables |= {"step_interval": runs, "dossier_fact": dossiers}
    tables["required_component"] = facts.arrow("select * from required_component")
    return facts_of(tables, facts.at_us, facts.fresh_us, facts.zone)


_RARE = {MeasureName.OUTLIERS, MeasureName.DRIFT}
"""Of forty dossiers there may be none."""


def test_what_only_pages_ask_is_the_same_too(sources):
    before, now = (Scope.of(period) for period in (MARCH, Period(date(2026, 4, 1), END.date())))
    first, other = (
        Side(name, Picked(from_us=scope.start_us, to_us=scope.end_us))
        for name, scope in (("before", before), ("now", now))
    )
    (busy,) = sources.facts["sqlite"].rows(
        "select procedure_code as code, cast(version_id as varchar) as version from dossier_fact "
        "group by 1, 2 order by count(*) desc, 1, 2 limit 1"
    )
    versions = [
        replace(side, picked=replace(side.picked, version_id=busy["version"]))
        for side in (first, other)
    ]
    for a, b in ((first, other), versions):
        for compare in (compare_on_time, compare_dossiers, compare_ways):
            assert_same(
                sources, lambda facts, compare=compare, a=a, b=b: plain(compare(facts, a, b))
            )
    assert_same(sources, lambda facts: plain(on_time(facts, PLAYED)))
    assert_same(sources, lambda facts: plain(step_limit(facts, Scope.of(PLAYED), 3600)))
    for group in ("unit", "handling_unit", "field", "procedure", "officer", "agency"):
        assert_same(sources, lambda facts, group=group: plain(counted(facts, PLAYED, group)))
    for of in ("procedure", "step"):
        assert_same(sources, lambda facts, of=of: [_drawn(each) for each in curves(facts, of)])
    rows = assert_same(sources, lambda facts: [plain(each) for each in ranked(_by_unit(facts))])
    assert rows


def _drawn(curve):
    of = curve.curve
    return curve.procedure_code, curve.element_id, of.times.tolist(), of.survival.tolist()


def _by_unit(facts):
    rows = counted(facts, PLAYED, "unit").rows
    told = [(row.key, row.numbers) for row in rows]
    return [(key, Rate(n["resolved"] - n["late"], n["resolved"])) for key, n in told]
