"""What a clerk types at the desk is kept for that clerk, masked in lists, and goes in time."""

from datetime import timedelta
from uuid import UUID

import pytest

from engine.dossiers.drafts import DraftTooLarge
from engine.dossiers.receive import ApplicantNeeded, Reception, receive
from engine.reception.drafts import (
    KEPT_FOR,
    drop_reception_draft,
    purge_reception_drafts,
    reception_draft_of,
    reception_drafts,
    save_reception_draft,
)
from engine.store.tables import reception_draft
from processes.errors import NotFound
from tests.engine.drawing import CLERK, draw, end, start, step

ONE, TWO = UUID(int=1), UUID(int=2)
TYPED = [("applicant", "Nguyễn Văn An"), ("identity_number", "001085012345"), ("data:x", "a")]


@pytest.fixture
def people(ward):
    lan, minh, *_ = ward.holders(*CLERK)
    return ward, lan, minh


def listed(ward, actor):
    with ward.office.database.read() as connection:
        return reception_drafts(connection, actor, ward.clock.now())


def typed(ward, actor, draft_id=ONE):
    with ward.office.database.read() as connection:
        return reception_draft_of(connection, actor, draft_id, ward.clock.now())


def test_what_was_typed_is_found_again_and_replaced_by_the_next(people):
    ward, lan, _ = people
    save_reception_draft(ward.office, lan, ONE, "T-01", TYPED)
    ward.forget()
    assert typed(ward, lan) == ("T-01", TYPED)
    save_reception_draft(ward.office, lan, ONE, "T-01", TYPED[:1])
    assert typed(ward, lan) == ("T-01", TYPED[:1])
    assert len(ward.stored(reception_draft)) == 1


def test_the_list_masks_names_and_shows_the_latest_first(people):
    ward, lan, _ = people
    save_reception_draft(ward.office, lan, ONE, "T-01", TYPED)
    ward.at(2026, 3, 3, 9)
    save_reception_draft(ward.office, lan, TWO, "T-02", [("phone", "0912345678")])
    assert [(d.procedure, d.applicant) for d in listed(ward, lan)] == [
        ("T-02", ""),
        ("T-01", "N. V. An"),
    ]


def test_a_draft_is_its_clerk_s_alone(people):
    ward, lan, minh = people
    save_reception_draft(ward.office, lan, ONE, "T-01", TYPED)
    assert listed(ward, minh) == ()
    with pytest.raises(NotFound):
        typed(ward, minh)
    with pytest.raises(NotFound):
        save_reception_draft(ward.office, minh, ONE, "T-01", [("applicant", "X")])
    drop_reception_draft(ward.office, minh, ONE)
    assert typed(ward, lan) == ("T-01", TYPED)
    drop_reception_draft(ward.office, lan, ONE)
    drop_reception_draft(ward.office, lan, ONE)
    assert listed(ward, lan) == ()


def test_drafts_go_after_a_week(people):
    ward, lan, _ = people
    save_reception_draft(ward.office, lan, ONE, "T-01", TYPED)
    begun = ward.clock.now()
    ward.clock.set(begun + KEPT_FOR - timedelta(microseconds=1))
    assert len(listed(ward, lan)) == 1
    assert ward.office.database.write(lambda t: purge_reception_drafts(t, ward.clock.now())) == 0
    ward.clock.set(begun + KEPT_FOR)
    assert listed(ward, lan) == ()
    with pytest.raises(NotFound):
        typed(ward, lan)
    save_reception_draft(ward.office, lan, TWO, "T-01", TYPED)
    assert [row.draft_id for row in ward.stored(reception_draft)] == [TWO]


def test_a_draft_goes_with_its_reception_and_stays_where_that_is_refused(people):
    ward, lan, _ = people
    ward.publish(draw(start(), step("A", lane=CLERK), end(), flows=("S A", "A E")))
    save_reception_draft(ward.office, lan, ONE, "T-01", TYPED)
    with pytest.raises(ApplicantNeeded):
        receive(ward.office, lan, Reception("T-01", " ", draft=ONE))
    assert len(listed(ward, lan)) == 1
    receive(ward.office, lan, Reception("T-01", "Nguyễn Văn An", draft=ONE))
    assert listed(ward, lan) == ()


def test_a_clerk_has_at_most_fifty_and_the_oldest_goes(people):
    ward, lan, _ = people
    for number in range(1, 52):
        ward.clock.set(ward.clock.now() + timedelta(seconds=1))
        save_reception_draft(ward.office, lan, UUID(int=number), "T-01", TYPED)
    kept = {draft.draft_id for draft in listed(ward, lan)}
    assert kept == {UUID(int=number) for number in range(2, 52)}


@pytest.mark.parametrize("fields", [[("a", "x" * 40_001)], [("a", "")] * 501])
def test_more_than_any_form_holds_is_no_draft(people, fields):
    ward, lan, _ = people
    with pytest.raises(DraftTooLarge):
        save_reception_draft(ward.office, lan, ONE, "T-01", fields)


def test_what_no_database_keeps_is_left_out(people):
    ward, lan, _ = people
    save_reception_draft(ward.office, lan, ONE, "T-01", [("applicant", "A\x00n\ud800")])
    assert typed(ward, lan) == ("T-01", [("applicant", "An")])
