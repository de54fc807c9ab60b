"""A closed period gives its numbers back, and names every later correction."""

from datetime import date

from hypothesis import given, settings

from analysis.period import Period
from analysis.reports.closed_figures import (
    KEPT_GROUPS,
    Moved,
    as_closed,
    differences,
    figures_to_close,
    recounted,
)
from analysis.reports.counted import counted
from analysis.reports.invariants import NUMBERED
from tests.analysis.made_facts import made_facts, number
from tests.analysis.reports.test_form_06a import LIVES, MARCH, MAY, at, dossier, stopped


def lives(given_lives):
    dossiers, pauses = [], []
    for n, (received, due, ended, channel, result, state, since, until, unit) in enumerate(
        given_lives
    ):
        more = {"finished_us": ended, "result": result} if ended and ended >= received else {}
        kept = {"state": state if more else "open", "channel": channel, "receiving_unit": unit}
        dossiers.append(dossier(n, received, due, **more) | kept)
        if since and since >= received:
            pauses.append(stopped(n, since, until if until and until > since else None))
    return made_facts(at_us=MAY, dossier_fact=dossiers, pause_fact=pauses)


@settings(max_examples=30)
@given(LIVES)
def test_the_dossiers_that_were_kept_give_the_numbers_back(given_lives):
    facts = lives(given_lives)
    kept = figures_to_close(facts, MARCH)
    for group in KEPT_GROUPS:
        shown = {
            row.key: {cell: row.numbers[cell] for cell in NUMBERED}
            for row in as_closed(kept.figures, group).rows
        }
        assert recounted(kept.members, group) == shown
        assert as_closed(kept.figures, group).total == dict(
            counted(facts, MARCH, group, cells=tuple(kept.figures["cells"])).total
        )
    assert not differences(kept.figures, kept.members, facts, MARCH)


def test_closing_twice_keeps_the_same_bytes():
    dossiers = [dossier(n, at(3, n + 1), at(3, n + 5)) for n in range(9)]
    one = figures_to_close(made_facts(at_us=MAY, dossier_fact=dossiers), MARCH)
    two = figures_to_close(made_facts(at_us=MAY, dossier_fact=dossiers[::-1]), MARCH)
    assert one == two


def test_corrections_are_told_by_dossier_and_by_number():
    first = [dossier(1, at(3, 2), at(3, 6)), dossier(2, at(3, 3)), dossier(3, at(3, 4))]
    kept = figures_to_close(made_facts(at_us=MAY, dossier_fact=first), MARCH)
    later = [
        dossier(1, at(3, 2), at(3, 6), finished_us=at(3, 5), result="early"),
        dossier(3, at(3, 4)),
        dossier(4, at(2, 20)),
    ]
    found = differences(
        kept.figures, kept.members, made_facts(at_us=MAY, dossier_fact=later), MARCH
    )
    assert found.moved == (
        Moved(str(number(1)), "H-0001", ("counter", "overdue"), ("counter", "early")),
        Moved(str(number(2)), "H-0002", ("counter", "running"), ("", "")),
        Moved(str(number(4)), "H-0004", ("", ""), ("carried", "running")),
    )
    assert found.total == {
        "counter": (3, 2),
        "carried": (0, 1),
        "resolved": (0, 1),
        "early": (0, 1),
        "open": (3, 2),
        "overdue": (1, 0),
    }


def test_a_closed_period_is_not_touched_by_what_came_after_it():
    one = dossier(1, at(3, 2), at(4, 20))
    kept = figures_to_close(made_facts(at_us=at(4, 1), dossier_fact=[one]), MARCH)
    ended = one | {"finished_us": at(4, 10), "result": "early", "state": "finished"}
    now = made_facts(at_us=MAY, dossier_fact=[ended, dossier(2, at(4, 5))])
    assert not differences(kept.figures, kept.members, now, MARCH)
    april = Period(date(2026, 4, 1), date(2026, 4, 30))
    assert counted(now, april, "unit").total["resolved"] == 1
