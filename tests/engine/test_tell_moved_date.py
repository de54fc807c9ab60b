"""That the citizen was told of a moved date is on record once, and asked for again when it moves."""

from dataclasses import replace
from uuid import UUID

import pytest

from engine.calendar_change.moved_promise import moved_promise
from engine.dossiers.components import NotYours
from engine.dossiers.tell_moved_date import NothingMoved, UnknownWay, tell_moved_date
from tests.engine.calendar_change.test_follow_calendar import STORM_DAYS, TWO_STEPS, broken
from tests.engine.calendar_changes import changed, closure, office_layer
from tests.engine.drawing import OFFICER
from tests.engine.working_calendars import refused


def promise_of(ward, outcome):
    with ward.office.database.read() as connection:
        return moved_promise(connection, ward.head, outcome.dossier_id)


def tell(ward, outcome, **how):
    stated = {"way": "phone", "words": "Bà Tám đồng ý", **how}
    return tell_moved_date(ward.office, ward.head, outcome.dossier_id, **stated)


def test_who_told_when_and_how_is_kept_and_done_again_it_comes_out_the_same(ward):
    outcome = ward.received(TWO_STEPS, 2026, 3, 4, 16)
    with refused(NothingMoved):
        tell(ward, outcome)
    changed(ward, STORM_DAYS)
    assert promise_of(ward, outcome).told is None
    with refused(UnknownWay):
        tell(ward, outcome, way="pigeon")
    ward.at(2026, 3, 5, 9)
    tell(ward, outcome)
    told = promise_of(ward, outcome).told
    assert (told.by, told.way, told.words) == (ward.head.account_id, "phone", "Bà Tám đồng ý")
    assert told.at == ward.office.clock.now()
    with refused(NothingMoved):
        tell(ward, outcome)
    assert ward.events(outcome)[-1] == "promise.told"
    assert broken(ward) == []


def test_another_change_has_to_be_told_again(ward):
    outcome = ward.received(TWO_STEPS, 2026, 3, 4, 16)
    changed(ward, STORM_DAYS)
    ward.at(2026, 3, 5, 9)
    tell(ward, outcome)
    changed(ward, office_layer(closure((3, 5), (3, 9), name="Bão kéo dài")))
    assert promise_of(ward, outcome).told is None


def test_who_does_not_handle_the_dossier_tells_nobody(ward):
    outcome = ward.received(TWO_STEPS, 2026, 3, 4, 16)
    changed(ward, STORM_DAYS)
    stranger = replace(ward.holder(*OFFICER), roles=frozenset(), holdings=frozenset())
    stranger = replace(stranger, account_id=UUID(int=9))
    with pytest.raises(NotYours):
        tell_moved_date(ward.office, stranger, outcome.dossier_id, "phone")
