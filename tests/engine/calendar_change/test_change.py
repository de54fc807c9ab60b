"""A change of the calendar is proposed, previewed, approved by a second person, and applied."""

from dataclasses import replace
from datetime import date

import pytest

from engine.calendar_change.change import (
    ApproverProposed,
    BeginFixed,
    CannotBeCounted,
    DecisionNeeded,
    NoSuchUnit,
    NotADraft,
    NothingChanged,
    OvertakenProposal,
    PreviewFirst,
    approve,
    changes,
    newest_edition,
    preview,
    propose,
    put_layer,
    withdraw,
)
from engine.calendar_change.reprojection import follow_calendars
from engine.dossiers.receive import Reception, receive
from engine.dossiers.refusals import ReasonNeeded
from engine.store.tables import calendar_change, dossier, step_run
from engine.working_calendar.layer import Level
from processes.errors import NotAllowed, NotFound
from tests.engine.calendar_change.test_follow_calendar import TWO_STEPS, officer
from tests.engine.calendar_changes import (
    DECISION,
    STORM,
    approved,
    changed,
    closure,
    layers_now,
    look,
    office_layer,
    proposed,
    unit_layer,
)
from tests.engine.offices import datetime_of
from tests.engine.working_calendars import refused

STORM_DAYS = office_layer(closure((3, 5), (3, 6)))


def test_a_preview_counts_and_lists_what_would_move(ward):
    ward.received(TWO_STEPS, 2026, 3, 4, 16)
    receive(ward.office, officer(ward), Reception("T-01", "Trần Văn Ba"))
    draft = proposed(ward, office_layer(closure((3, 6))))
    found = preview(ward.office, ward.actors["quantri"], draft.change_id)
    assert (found.open, found.moved, found.later, found.earlier) == (2, 2, 2, 0)
    assert (found.steps, found.promises, found.becomes_late, found.uncountable) == (0, 2, 0, 0)
    line = found.lines[0]
    assert (line.before, line.after) == (
        datetime_of(2026, 3, 11, 16),
        datetime_of(2026, 3, 12, 16),
    )
    assert line.effect == "later"
    assert look(ward, draft).preview == found
    assert {row.calendar_edition for row in ward.stored(dossier)} == {1}  # nothing has moved


def test_a_preview_says_what_becomes_late_and_what_is_late_no_longer(ward):
    ward.received(TWO_STEPS, 2026, 3, 2, 9)
    ward.at(2026, 3, 9, 10)  # an hour late
    draft = proposed(ward, STORM_DAYS)
    found = preview(ward.office, ward.actors["quantri"], draft.change_id)
    assert (found.no_longer_late, found.lines[0].effect) == (1, "no_longer_late")
    approve(ward.office, ward.actors["chutich"], draft.change_id, DECISION)
    follow_calendars(ward.office)
    back = proposed(ward, reason="Nhập nhầm ngày nghỉ", without=[(Level.OFFICE, "")])
    found = preview(ward.office, ward.actors["quantri"], back.change_id)
    assert (found.becomes_late, found.earlier) == (1, 1)


def test_who_proposed_does_not_approve(ward):
    draft = proposed(ward, STORM_DAYS)
    preview(ward.office, ward.actors["quantri"], draft.change_id)
    with refused(ApproverProposed):
        approve(ward.office, ward.actors["quantri"], draft.change_id, DECISION)


def test_nobody_approves_what_they_have_not_seen(ward):
    draft = proposed(ward, STORM_DAYS)
    with refused(PreviewFirst):
        approve(ward.office, ward.actors["chutich"], draft.change_id, DECISION)
    preview(ward.office, ward.actors["quantri"], draft.change_id)
    put_layer(ward.office, ward.actors["quantri"], draft.change_id, office_layer(closure((3, 6))))
    with refused(PreviewFirst):
        approve(ward.office, ward.actors["chutich"], draft.change_id, DECISION)


def test_an_approval_names_its_decision(ward):
    draft = proposed(ward, STORM_DAYS)
    preview(ward.office, ward.actors["quantri"], draft.change_id)
    for nothing in ("", "  ", "x" * 201):
        with refused(DecisionNeeded):
            approve(ward.office, ward.actors["chutich"], draft.change_id, nothing)


def test_a_proposal_overtaken_by_another_is_made_again(ward):
    first, second = proposed(ward, STORM_DAYS), proposed(ward, office_layer(closure((3, 9))))
    preview(ward.office, ward.actors["quantri"], second.change_id)
    approved(ward, first)
    with refused(OvertakenProposal):
        approve(ward.office, ward.actors["chutich"], second.change_id, DECISION)
    with refused(OvertakenProposal):
        preview(ward.office, ward.actors["quantri"], second.change_id)


def test_a_proposal_is_decided_once(ward):
    draft = proposed(ward, STORM_DAYS)
    withdraw(ward.office, ward.actors["quantri"], draft.change_id)
    with refused(NotADraft):
        withdraw(ward.office, ward.actors["quantri"], draft.change_id)
    done = approved(ward, proposed(ward, STORM_DAYS))
    with refused(NotADraft):
        approve(ward.office, ward.actors["chutich"], done.change_id, DECISION)
    with ward.office.database.read() as connection:
        listed = changes(connection, ward.agency_id)
    assert {each.state for each in listed} == {"applying", "withdrawn"}


def test_only_administrators_and_heads_change_the_calendar(ward):
    clerk = officer(ward)
    with pytest.raises(NotAllowed):
        propose(ward.office, clerk, (STORM_DAYS,), STORM)
    draft = proposed(ward, STORM_DAYS)
    for act in (preview, withdraw):
        with pytest.raises(NotAllowed):
            act(ward.office, clerk, draft.change_id)
    with pytest.raises(NotAllowed):
        approve(ward.office, clerk, draft.change_id, DECISION)
    stranger = replace(ward.actors["chutich"], agency_id="000.00.99.H29")
    with pytest.raises(NotFound):
        approve(ward.office, stranger, draft.change_id, DECISION)


def test_a_proposal_gives_its_reason_and_changes_something(ward):
    with pytest.raises(ReasonNeeded):
        proposed(ward, STORM_DAYS, reason="bão")
    with refused(NothingChanged):
        proposed(ward, *layers_now(ward))


def test_a_layer_of_a_unit_that_is_not_there_is_refused(ward):
    with refused(NoSuchUnit):
        proposed(ward, unit_layer("phong_khong_co", closure((3, 5))))


def test_the_first_day_of_a_calendar_is_what_readings_count_from(ward):
    country = layers_now(ward)[0]
    moved = replace(country, span=replace(country.span, first_day=date(2024, 1, 2)))
    inside = replace(
        moved, days=tuple(rule for rule in moved.days if rule.first > date(2024, 1, 2))
    )
    with refused(BeginFixed):
        proposed(ward, inside)


def test_a_calendar_that_ends_too_early_for_open_dossiers_is_not_approved(ward):
    outcome = ward.received(TWO_STEPS, 2026, 12, 28, 9)
    country = layers_now(ward)[0]
    span = replace(country.span, last_day=date(2026, 12, 31))
    days = tuple(rule for rule in country.days if rule.last <= span.last_day)
    draft = proposed(ward, replace(country, span=span, days=days), reason="Chỉ còn đến hết năm")
    found = preview(ward.office, ward.actors["quantri"], draft.change_id)
    assert (found.uncountable, found.uncounted) == (1, [outcome.code])
    with refused(CannotBeCounted):
        approve(ward.office, ward.actors["chutich"], draft.change_id, DECISION)


def test_each_rule_says_who_entered_it(ward):
    changed(ward, STORM_DAYS)
    country, office = layers_now(ward)
    assert {rule.entered_by for rule in country.days} == {"Lịch mẫu"}
    assert office.days[0].entered_by == "Quản trị hệ thống"
    changed(ward, office.with_day(closure((4, 7))), reason="Nghỉ thêm một ngày vì lũ")
    assert {rule.entered_by for rule in layers_now(ward)[1].days} == {"Quản trị hệ thống"}


def test_an_agency_keeps_its_calendar_to_itself(ward):
    changed(ward, STORM_DAYS)
    with ward.office.database.read() as connection:
        assert newest_edition(connection, ward.agency_id) == 2
        assert changes(connection, "000.00.99.H29") == ()
    assert {row.agency_id for row in ward.stored(calendar_change)} == {ward.agency_id}
    assert ward.stored(step_run) == []
