"""The working calendar: a year at a glance, its rules, and proposals to change them."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from api.pages.calendar_year import months, rules_of_year, weeks_of
from api.pages.frame import address, go, page, refused
from api.pages.visit import Entered, Posted, Visit, Visiting, id_of
from engine.accounts import names
from engine.actor import Role
from engine.calendar_change.change import (
    APPLYING,
    DRAFT,
    approve,
    change,
    changes,
    newest_edition,
    preview,
    withdraw,
)
from engine.calendar_change.edit import edit_layer, own_draft
from engine.calendar_change.reprojection import left_to_follow
from engine.units import unit_names
from engine.working_calendar.editions import layers_of
from engine.working_calendar.layer import DayRule, Layer, Level, RuleKind, WeekRule
from engine.working_calendar.office_hours import (
    NoDateGiven,
    UnreadableCalendar,
    WeekPattern,
    read_sessions,
)
from processes.errors import NotAllowed, RuleError

router = APIRouter(prefix="/calendar")

EDITORS = (Role.ADMIN, Role.HEAD)
KINDS = {
    RuleKind.HOLIDAY: ("L", "Nghỉ lễ", "Holiday"),
    RuleKind.SUBSTITUTE: ("B", "Nghỉ bù", "Substitute holiday"),
    RuleKind.SWAPPED: ("H", "Nghỉ hoán đổi", "Swapped day off"),
    RuleKind.MAKE_UP: ("+", "Làm bù", "Make-up day"),
    RuleKind.CLOSURE: ("Đ", "Nghỉ đột xuất", "Ad-hoc closure"),
    RuleKind.HOURS: ("G", "Giờ riêng trong ngày", "Special hours"),
}
LEVELS = {
    Level.COUNTRY: ("Cả nước", "Country"),
    Level.CITY: ("Tỉnh, thành phố", "Province or city"),
    Level.OFFICE: ("Cơ quan", "Office"),
    Level.UNIT: ("Đơn vị", "Unit"),
}


@router.get("")
def calendar_page(seen: Visiting, year: str = "", unit: str = "") -> Response:
    return page(seen, "calendar.html", nav="calendar", **_shown(seen, year, unit))


@router.post("/days")
def add_day_page(seen: Visiting, form: Posted) -> Response:
    def edit(layer: Layer) -> Layer:
        return layer.with_day(_day_rule(form))

    return _edited(seen, form, edit)


@router.post("/days/remove")
def remove_day_page(seen: Visiting, form: Posted) -> Response:
    first = form.text("first")
    return _edited(seen, form, lambda layer: layer.without_day(_date(first)))


@router.post("/days/confirm")
def confirm_day_page(seen: Visiting, form: Posted) -> Response:
    """An expected day is decided now: the document that says so is its basis."""

    def edit(layer: Layer) -> Layer:
        return layer.confirming(_date(form.text("first")), " ".join(form.text("basis").split()))

    words = seen.t("Xác nhận ngày dự kiến ", "An expected day is confirmed: ")
    return _edited(seen, form, edit, words + form.text("first"))


@router.post("/hours")
def hours_page(seen: Visiting, form: Posted) -> Response:
    def edit(layer: Layer) -> Layer:
        days = {day: read_sessions(*_hours(form.text(f"hours_{day}"))) for day in range(7)}
        pattern = WeekPattern.of(_date(form.text("valid_from")), days)
        return layer.with_week(WeekRule(pattern, form.text("basis")))

    return _edited(seen, form, edit)


@router.get("/changes/{change_id}")
def change_page(seen: Visiting, change_id: str) -> Response:
    known = id_of(change_id)
    return page(seen, "calendar_change.html", nav="calendar", **_change_shown(seen, known))


@router.get("/changes/{change_id}/progress")
def progress_page(seen: Visiting, change_id: str) -> Response:
    """The part of the page that tells how far the change is applied."""
    known = id_of(change_id)
    return page(seen, "calendar_progress.html", nav="calendar", **_change_shown(seen, known))


@router.post("/changes/{change_id}/preview")
def preview_page(seen: Visiting, form: Posted, change_id: str) -> Response:
    known = id_of(change_id)

    def act() -> str:
        found = preview(seen.office, seen.actor, known)
        return seen.t(
            f"Đã xem trước: {found.moved} trong {found.open} hồ sơ đang mở thay đổi.",
            f"Previewed: {found.moved} of {found.open} open dossiers change.",
        )

    return _decided(seen, form, known, act)


@router.post("/changes/{change_id}/approve")
def approve_page(seen: Visiting, form: Posted, change_id: str) -> Response:
    known = id_of(change_id)

    def act() -> str:
        approve(seen.office, seen.actor, known, form.text("decision_no"))
        return seen.t("Đã duyệt. Hồ sơ đang mở được dời hạn.", "Approved. Open dossiers follow.")

    return _decided(seen, form, known, act)


@router.post("/changes/{change_id}/withdraw")
def withdraw_page(seen: Visiting, form: Posted, change_id: str) -> Response:
    known = id_of(change_id)

    def act() -> str:
        withdraw(seen.office, seen.actor, known)
        return seen.t("Đã rút đề xuất.", "The proposal is withdrawn.")

    return _decided(seen, form, known, act)


def _edited(
    seen: Visit, form: Entered, edit: Callable[[Layer], Layer], reason: str = ""
) -> Response:
    """The draft with the edit in it, or the page again with what stood against it.

    reason: of a draft that is begun, where the form asks for none.
    """
    try:
        level, _, unit = form.text("level", "office").partition(":")
        key = (_level(level), unit)
        change_id = edit_layer(seen.office, seen.actor, key, edit, form.text("reason", reason))
    except NotAllowed:
        raise
    except RuleError as error:
        year, unit = form.text("year"), form.text("unit")
        here = address("/calendar", year=year, unit=unit)
        shown = _shown(seen, year, unit)
        return refused(seen, error, "calendar.html", form=form, here=here, nav="calendar", **shown)
    said = seen.t(
        "Đã ghi vào đề xuất. Xem trước rồi trình duyệt; lịch chưa đổi.",
        "Kept in the proposal. Preview it and have it approved; the calendar has not changed.",
    )
    return go(seen, f"/calendar/changes/{change_id}", said)


def _decided(seen: Visit, form: Entered, change_id: UUID, act: Callable[[], str]) -> Response:
    here = f"/calendar/changes/{change_id}"
    try:
        said = act()
    except NotAllowed:
        raise
    except RuleError as error:
        shown = _change_shown(seen, change_id)
        return refused(
            seen, error, "calendar_change.html", form=form, here=here, nav="calendar", **shown
        )
    return go(seen, here, said)


def _shown(seen: Visit, year: str, unit: str) -> dict[str, Any]:
    agency_id = seen.actor.agency_id
    with seen.office.database.read() as connection:
        number = newest_edition(connection, agency_id)
        edition = seen.office.edition_numbered(connection, agency_id, number)
        layers = layers_of(connection, agency_id, number)
        units = unit_names(connection, agency_id)
        draft = own_draft(connection, seen.actor)
        proposals = changes(connection, agency_id, 10)
        people = names(connection, agency_id)
    unit = unit if unit in units else ""
    counted = edition.calendar_of(unit)
    today = counted.local(seen.clock.now()).date()
    asked = int(year) if year.isascii() and year.isdigit() and len(year) == 4 else today.year  # noqa: PLR2004
    shown_year = min(max(asked, counted.first_day.year), counted.last_day.year)
    return {
        "edition": edition,
        "counted": counted,
        "year": shown_year,
        "today": today,
        "unit": unit,
        "units": units,
        "months": months(counted, shown_year, today, layers, unit),
        "weeks": weeks_of(counted, shown_year),
        "rules": rules_of_year(layers, shown_year, unit),
        "open_years": [y for y in counted.undecided_years if y in (today.year, today.year + 1)],
        "next_missing": counted.last_day.year <= today.year,
        "draft": draft,
        "proposals": proposals,
        "people": people,
        "local": counted.local,
        "may_edit": not seen.actor.roles.isdisjoint(EDITORS),
        "kinds": KINDS,
        "levels": LEVELS,
    }


def _change_shown(seen: Visit, change_id: UUID) -> dict[str, Any]:
    agency_id = seen.actor.agency_id
    with seen.office.database.read() as connection:
        proposal = change(connection, agency_id, change_id)
        before = layers_of(connection, agency_id, proposal.base)
        left = 0
        if proposal.state == APPLYING and proposal.edition is not None:
            left = left_to_follow(connection, agency_id, proposal.edition)
        people = names(connection, agency_id)
        units = unit_names(connection, agency_id)
        calendar = seen.office.calendar(connection, agency_id)
    return {
        "proposal": proposal,
        "added": _beyond(proposal.layers, before),
        "removed": _beyond(before, proposal.layers),
        "left": left,
        "people": people,
        "units": units,
        "local": calendar.local,
        "is_draft": proposal.state == DRAFT,
        "is_own": proposal.proposed_by == seen.actor.account_id,
        "may_edit": not seen.actor.roles.isdisjoint(EDITORS),
        "kinds": KINDS,
        "levels": LEVELS,
    }


def _beyond(layers: tuple[Layer, ...], others: tuple[Layer, ...]) -> list[tuple[Layer, Any]]:
    """Rules that only the first have, each with its layer."""
    known = {layer.key: {*layer.days, *layer.weeks} for layer in others}
    return [
        (layer, rule)
        for layer in layers
        for rule in (*layer.weeks, *layer.days)
        if rule not in known.get(layer.key, set())
    ]


def _day_rule(form: Entered) -> DayRule:
    first = _date(form.text("first"))
    hours, instead = form.text("hours"), form.text("in_place_of")
    return DayRule(
        first,
        _date(form.text("last")) if form.text("last") else first,
        _kind(form.text("kind")),
        " ".join(form.text("name").split()),
        " ".join(form.text("basis").split()),
        read_sessions(*_hours(hours)) if hours.strip() else None,
        _date(instead) if instead else None,
    )


def _hours(text: str) -> list[str]:
    """Sessions apart by commas, such as “07:30-11:30, 13:00-17:00”; none: closed."""
    return [
        part.strip().replace(" ", "") for part in text.replace(";", ",").split(",") if part.strip()
    ]


def _date(text: str) -> date:
    """As a browser sends it, or as people write it: 03/09/2026."""
    parts = text.strip().split("/")
    try:
        if len(parts) == 3:  # noqa: PLR2004
            return date(int(parts[2]), int(parts[1]), int(parts[0]))
        return date.fromisoformat(text.strip())
    except ValueError as unreadable:
        raise NoDateGiven(given=text.strip()[:40]) from unreadable


def _kind(text: str) -> RuleKind:
    try:
        return RuleKind(text)
    except ValueError as unknown:
        raise UnreadableCalendar(detail=text[:40]) from unknown


def _level(text: str) -> Level:
    try:
        return Level(text)
    except ValueError as unknown:
        raise UnreadableCalendar(detail=text[:40]) from unknown
