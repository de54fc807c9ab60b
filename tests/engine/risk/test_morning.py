"""The head's morning list: what of their units presses today, by holder, nobody else's."""

from dataclasses import replace

import pytest

from engine.actor import Role
from engine.dossiers.claim import claim
from engine.dossiers.complete_step import LateReason, complete_step
from engine.risk.morning import NOBODY, at_risk, in_whose_hands, led_by, place_of
from processes.errors import NotAllowed
from tests.engine.drawing import OFFICER, draw, end, start, step
from tests.engine.offices import datetime_of, stranger
from tests.engine.risk.pasts import TWO_STEPS, one

TONIGHT = datetime_of(2026, 3, 4, 23, 59)


@pytest.fixture
def led(ward):
    """A head of the office, in whose unit twelve steps lie: half of them press by tonight."""
    ward.publish(TWO_STEPS)
    officers = ward.holders(*OFFICER)
    for number in range(12):
        ward.at(2026, 3, 2 if number % 2 else 4, 8, number)
        outcome = one(ward)
        if number % 3 == 0:
            claim(ward.office, officers[1], outcome.opened[0].step_run_id)
    ward.at(2026, 3, 4, 9, 0)
    head = replace(officers[0], roles=officers[0].roles | {Role.HEAD})
    return ward, head, officers


def listed(ward, head, **asked):
    with ward.office.database.read() as connection:
        return at_risk(connection, led_by(connection, head, ward.clock.now()), TONIGHT, **asked)


def test_it_shows_what_is_not_safe_until_tonight_the_most_pressing_first(led):
    ward, head, _ = led
    rows = listed(ward, head)
    assert len(rows) == 6
    keys = [(row.safe_at, row.step_run_id.bytes) for row in rows]
    assert keys == sorted(keys)
    assert all(row.safe_at <= TONIGHT for row in rows)


def test_the_pages_together_are_the_list(led):
    ward, head, _ = led
    pages, after = [], None
    while page := listed(ward, head, most=2, after=after):
        pages.extend(page)
        after = place_of(page[-1])
    assert tuple(pages) == listed(ward, head)


def test_it_says_in_whose_hands_how_much_is(led):
    ward, head, officers = led
    with ward.office.database.read() as connection:
        hands = in_whose_hands(connection, led_by(connection, head, ward.clock.now()), TONIGHT)
    assert {each.holder: each.number for each in hands} == {None: 4, officers[1].name: 2}
    assert len(listed(ward, head, holder=NOBODY)) == 4
    assert len(listed(ward, head, holder=officers[1].account_id)) == 2
    assert listed(ward, head, holder=officers[0].account_id) == ()


def test_what_is_done_is_gone_from_it(led):
    ward, head, officers = led
    first = next(row for row in listed(ward, head) if row.holder_id is None)
    late = LateReason("overload", "Nhiều hồ sơ quá")
    complete_step(ward.office, officers[0], first.step_run_id, late=late)
    assert first.step_run_id not in {row.step_run_id for row in listed(ward, head)}


def test_other_units_and_other_agencies_see_nothing_of_it(led):
    ward, head, _ = led
    elsewhere = replace(head, holdings=frozenset({("dia_chinh", "chuyen_vien")}))
    for other in (elsewhere, stranger(head), replace(head, holdings=frozenset())):
        assert listed(ward, other) == ()


def test_it_is_for_heads(led):
    ward, _, officers = led
    with pytest.raises(NotAllowed):
        listed(ward, officers[1])


def test_a_step_of_no_unit_is_led_where_its_people_are(led):
    ward, head, officers = led
    anywhere = draw(
        start(),
        step("A", lane=("chuyen_vien", None), limit="1 working_hour"),
        end(),
        flows=("S A", "A E"),
        code="T-09",
    )
    ward.publish(anywhere)
    free, held = one(ward, "T-09"), one(ward, "T-09")
    claim(ward.office, officers[1], held.opened[0].step_run_id)
    seen = {row.dossier_id for row in listed(ward, head)}
    assert {free.dossier_id, held.dossier_id} <= seen
