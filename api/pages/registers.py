"""Registers of the office: the book of dossiers to print, documents in and out."""

from datetime import date
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from api.pages.frame import go, page, refused
from api.pages.visit import Entered, Posted, Visit, Visiting
from engine.forms.issued import books_printed
from engine.forms.issuing import issue_register
from engine.forms.register_book import period_of
from engine.registers.office_documents import (
    Direction,
    DocumentEntry,
    Urgency,
    register_document,
    registered_documents,
)
from processes.errors import InvalidInput, RuleError

router = APIRouter(prefix="/registers")
URGENCY_WORDS = {
    Urgency.NORMAL: ("Thường", "Normal"),
    Urgency.URGENT: ("Khẩn", "Urgent"),
    Urgency.VERY_URGENT: ("Thượng khẩn", "Very urgent"),
    Urgency.EXPRESS: ("Hỏa tốc", "Express"),
}
_SHOWN = 50


class BadDay(InvalidInput):
    """A day that cannot be read."""

    code = "day.unreadable"
    vi = "Chưa đọc được ngày “{text}”. Ghi ngày/tháng/năm, ví dụ 24/02/2026."
    en = "Cannot read the day '{text}'. Write it like 24/02/2026."


@router.get("")
def registers_page(seen: Visiting, direction: Direction = Direction.INCOMING) -> Response:
    return page(seen, "registers.html", nav="registers", **_context(seen, direction))


@router.post("/dossiers")
def print_page(seen: Visiting, form: Posted) -> Response:
    """Print the register of a period and show it; or the page again with what stands against it."""
    try:
        period = period_of(_day(form, "first"), _day(form, "last"))
        made = issue_register(seen.office, seen.actor, period, key=form.key)
    except RuleError as error:
        return _again(seen, form, error, Direction.INCOMING)
    return Response(status_code=303, headers={"Location": f"/forms/{made.issue_id}.pdf"})


@router.post("/documents")
def document_page(seen: Visiting, form: Posted) -> Response:
    direction = Direction(form.text("direction") or Direction.INCOMING)
    try:
        entry = DocumentEntry(
            correspondent=form.text("correspondent"),
            subject=form.text("subject"),
            symbol=form.text("symbol"),
            dated=_day(form, "dated") if form.text("dated") else None,
            urgency=Urgency(form.text("urgency") or Urgency.NORMAL),
            due_on=_day(form, "due_on") if form.text("due_on") else None,
        )
        made = register_document(seen.office, seen.actor, direction, entry, key=form.key)
    except RuleError as error:
        return _again(seen, form, error, direction)
    said = seen.t(f"Đã vào sổ, số {made.number_text}.", f"Registered under {made.number_text}.")
    return go(seen, f"/registers?direction={direction.value}", said)


def _again(seen: Visit, form: Entered, error: RuleError, direction: Direction) -> Response:
    context = _context(seen, direction)
    return refused(
        seen, error, "registers.html", form=form, here="/registers", nav="registers", **context
    )


def _context(seen: Visit, direction: Direction) -> dict[str, Any]:
    with seen.office.database.read() as connection:
        calendar = seen.office.calendar(connection, seen.actor.agency_id)
        today = calendar.local(seen.clock.now()).date()
        return {
            "direction": direction.value,
            "documents": registered_documents(
                connection, seen.actor, direction, today.year, most=_SHOWN
            ),
            "books": books_printed(connection, seen.actor, 10),
            "today": today,
            "local": calendar.local,
            "urgency_words": [
                (each.value, seen.t(*words)) for each, words in URGENCY_WORDS.items()
            ],
            "urgency_said": {each.value: seen.t(*words) for each, words in URGENCY_WORDS.items()},
        }


def _day(form: Entered, name: str) -> date:
    """A day as people or programs write it."""
    text = form.text(name).strip()
    try:
        if "/" in text:
            day, month, year = text.split("/")
            return date(int(year), int(month), int(day))
        return date.fromisoformat(text)
    except ValueError:
        raise BadDay(field=name, text=text[:40]) from None
