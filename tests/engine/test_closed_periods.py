"""A closed period is kept with its hash; it is opened again by two people, never silently."""

from datetime import date

import pytest
from sqlalchemy import update

from engine.accounts import actors
from engine.closed_periods import (
    CLOSERS,
    Figures,
    NothingToAgreeTo,
    PeriodIsClosed,
    PeriodNotOver,
    ReopeningAsked,
    SecondPersonNeeded,
    agree_to_reopen,
    ask_to_reopen,
    close_period,
    closing,
    closing_in_force,
    closings,
)
from engine.dossiers.reason import ReasonNeeded
from engine.store.tables import period_closing
from processes.errors import NotAllowed

MARCH = (date(2026, 3, 1), date(2026, 3, 31))


def figures(ward, received=12):
    return Figures("06a/1", ward.clock.now(), {"total": [received]}, b"\x00\x01members")


def read(ward, of):
    with ward.office.database.read() as connection:
        return of(connection)


@pytest.fixture
def closers(ward):
    """Two people who may close periods."""
    with ward.office.database.read() as connection:
        people = actors(connection, ward.agency_id, ward.clock.now()).values()
    return [each for each in people if each.roles.intersection(CLOSERS)][:2]


@pytest.fixture
def head(closers):
    return closers[0]


@pytest.fixture
def other(closers):
    return closers[1]


@pytest.fixture
def closed(ward, head):
    ward.at(2026, 4, 1, 8, 0)
    return close_period(ward.office, head, "06a", *MARCH, lambda: figures(ward))


def test_what_was_closed_is_read_back_with_who_when_and_a_hash_that_fits(ward, head, closed):
    of = read(ward, lambda c: closing(c, head, closed))
    assert (of.first, of.last, of.edition, of.definition) == (*MARCH, 1, "06a/1")
    assert (of.figures, of.members) == ({"total": [12]}, b"\x00\x01members")
    assert (of.closed_by, of.closed_at) == (head.name, ward.clock.now())
    assert of.intact
    assert of.in_force


@pytest.mark.parametrize(
    "changed", [{"figures": {"total": [13]}}, {"members": b"other"}, {"definition": "06a/2"}]
)
def test_whoever_changes_closed_figures_in_the_tables_is_seen(ward, head, closed, changed):
    ward.office.database.write(
        lambda transaction: transaction.execute(update(period_closing).values(**changed))
    )
    assert not read(ward, lambda c: closing(c, head, closed)).intact


def test_a_period_that_runs_cannot_be_closed(ward, head):
    ward.at(2026, 3, 31, 23, 59)
    with pytest.raises(PeriodNotOver, match="31/03/2026"):
        close_period(ward.office, head, "06a", *MARCH, lambda: figures(ward))


def test_a_closed_period_is_closed_once(ward, head, closed):
    with pytest.raises(PeriodIsClosed):
        close_period(ward.office, head, "06a", *MARCH, lambda: figures(ward, 13))
    with pytest.raises(PeriodIsClosed):
        close_period(ward.office, head, "06a", *MARCH, lambda: pytest.fail("counted in vain"))


def test_under_one_key_it_is_closed_once_and_counted_once(ward, head):
    ward.at(2026, 4, 1, 8, 0)
    first = close_period(ward.office, head, "06a", *MARCH, lambda: figures(ward), key="k")
    again = close_period(
        ward.office, head, "06a", *MARCH, lambda: pytest.fail("counted again"), key="k"
    )
    assert first == again


def test_it_is_opened_again_for_a_reason_and_by_two_people(ward, head, other, closed):
    with pytest.raises(NothingToAgreeTo):
        agree_to_reopen(ward.office, other, closed)
    with pytest.raises(ReasonNeeded):
        ask_to_reopen(ward.office, head, closed, "  ")
    ask_to_reopen(ward.office, head, closed, "Sót hồ sơ trực tuyến")
    with pytest.raises(ReopeningAsked):
        ask_to_reopen(ward.office, other, closed, "Tôi cũng thấy sót")
    with pytest.raises(SecondPersonNeeded):
        agree_to_reopen(ward.office, head, closed)
    assert read(ward, lambda c: closing_in_force(c, head, "06a", *MARCH)).closing_id == closed
    agree_to_reopen(ward.office, other, closed)
    assert read(ward, lambda c: closing_in_force(c, head, "06a", *MARCH)) is None
    with pytest.raises(NothingToAgreeTo):
        agree_to_reopen(ward.office, other, closed)
    of = read(ward, lambda c: closing(c, head, closed))
    assert (of.reopening.asked_by, of.reopening.agreed_by) == (head.name, other.name)


def test_closing_anew_makes_another_edition_and_keeps_the_first(ward, head, other, closed):
    ask_to_reopen(ward.office, head, closed, "Sót hồ sơ trực tuyến")
    agree_to_reopen(ward.office, other, closed)
    anew = close_period(ward.office, head, "06a", *MARCH, lambda: figures(ward, 13))
    all_of_them = read(ward, lambda c: closings(c, head, "06a"))
    assert [(each.closing_id, each.edition, each.figures) for each in all_of_them] == [
        (anew, 2, {"total": [13]}),
        (closed, 1, {"total": [12]}),
    ]
    assert all(each.intact for each in all_of_them)


def test_staff_neither_close_nor_reopen(ward, closed):
    clerk = ward.holder("can_bo_mot_cua", "mot_cua")
    for act in (
        lambda: close_period(ward.office, clerk, "06a", *MARCH, lambda: figures(ward)),
        lambda: ask_to_reopen(ward.office, clerk, closed, "Lý do chính đáng"),
        lambda: agree_to_reopen(ward.office, clerk, closed),
    ):
        with pytest.raises(NotAllowed):
            act()
