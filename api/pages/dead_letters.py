"""What could not be delivered: for administrators to see, send again or give up."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from api.pages.frame import go, page, refused
from api.pages.visit import Entered, Posted, Visit, Visiting, id_of
from engine.delivery.dead_letters import DeadLetter, Traffic, dead_letters, discard, retry, traffic
from processes.errors import NotAllowed, RuleError

router = APIRouter(prefix="/letters")


@router.get("")
def letters_page(seen: Visiting) -> Response:
    return page(seen, "dead_letters.html", nav="letters", **_shown(seen))


@router.post("/retry")
def retry_all_page(seen: Visiting, form: Posted) -> Response:
    number = retry(seen.office, seen.actor, key=form.key)
    return go(seen, "/letters", _again(seen, number))


@router.post("/{letter_id}/retry")
def retry_page(seen: Visiting, form: Posted, letter_id: str) -> Response:
    known = id_of(letter_id)
    return _act(seen, form, lambda: _again(seen, retry(seen.office, seen.actor, known)))


@router.post("/{letter_id}/discard")
def discard_page(seen: Visiting, form: Posted, letter_id: str) -> Response:
    known: UUID = id_of(letter_id)

    def act() -> str:
        discard(seen.office, seen.actor, known, form.text("reason"))
        return seen.t("Đã bỏ hẳn thư này.", "The letter is given up.")

    return _act(seen, form, act)


def _act(seen: Visit, form: Entered, act: Callable[[], str]) -> Response:
    """Do it, or the page again with what stood against it."""
    try:
        said = act()
    except NotAllowed:
        raise
    except RuleError as error:
        shown = _shown(seen)
        return refused(
            seen, error, "dead_letters.html", form=form, here="/letters", nav="letters", **shown
        )
    return go(seen, "/letters", said)


def _again(seen: Visit, number: int) -> str:
    return seen.t(f"{number} thư sẽ được gửi lại.", f"Letters that go out again: {number}.")


def _shown(seen: Visit) -> dict[str, Any]:
    with seen.office.database.read() as connection:
        letters: tuple[DeadLetter, ...] = dead_letters(connection, seen.actor)
        numbers: Traffic = traffic(connection, seen.actor)
        calendar = seen.office.calendar(connection, seen.actor.agency_id)
    return {"letters": letters, "numbers": numbers, "local": calendar.local}
