"""Reminders (nhắc việc): what is not read, and the person's own calendar feed."""

import secrets
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from api.pages.frame import go, page
from api.pages.visit import Posted, Visit, Visiting, id_of
from engine.actor import Role
from engine.reminders.calendar_feed import make_feed, revoke_feed, since
from engine.reminders.messages import HELD
from engine.reminders.notices import mark_read, notices
from engine.reminders.rungs import Rung
from engine.reminders.wording import OWED, OWED_KINDS, SAID

router = APIRouter(prefix="/reminders")


@router.get("")
def reminders_page(seen: Visiting) -> Response:
    return _drawn(seen, None)


@router.post("/read")
def read_all_page(seen: Visiting, _form: Posted) -> Response:
    mark_read(seen.office, seen.actor)
    return go(seen, "/reminders", seen.t("Đã đánh dấu đã đọc.", "Marked as read."))


@router.post("/{notice_id}/read")
def read_page(seen: Visiting, _form: Posted, notice_id: str) -> Response:
    mark_read(seen.office, seen.actor, id_of(notice_id))
    return go(seen, "/reminders")


@router.post("/feed")
def feed_page(seen: Visiting, _form: Posted) -> Response:
    """Shown once, on the answer itself: the address is a secret, and no cookie carries it."""
    secret = make_feed(seen.office, seen.actor, secrets.token_urlsafe)
    return _drawn(seen, str(seen.request.url_for("calendar_feed", secret=secret)))


@router.post("/feed/revoke")
def revoke_page(seen: Visiting, _form: Posted) -> Response:
    revoke_feed(seen.office, seen.actor)
    said = seen.t("Địa chỉ lịch cũ không dùng được nữa.", "The calendar's address is void.")
    return go(seen, "/reminders", said)


def _drawn(seen: Visit, feed: str | None) -> Response:
    with seen.office.database.read() as connection:
        rows = notices(connection, seen.actor)
        calendar = seen.office.calendar(connection, seen.actor.agency_id)
        made_at = since(connection, seen.actor)
    return page(
        seen,
        "reminders.html",
        nav="inbox",
        here="/reminders",
        rows=rows,
        said=lambda row: _said(seen, row),
        local=calendar.local,
        feed=feed,
        may_set=not seen.actor.roles.isdisjoint((Role.ADMIN, Role.HEAD)),
        made_at=made_at,
    )


def _said(seen: Visit, row: Any) -> str:
    if row.kind == HELD:
        return seen.t(
            "Tin nhắn hôm đó đã tới mức chi phí cho phép; các tin sau bị giữ lại.",
            "Text messages reached the day's cost cap; later ones are held.",
        )
    for owes, kind in OWED_KINDS.items():
        if row.kind == kind:
            vi, en = OWED[owes]
            return seen.t(f"Hồ sơ {vi}.", f"The dossier {en}.")
    vi, en = SAID[Rung(row.kind)]
    return seen.t(f"Bước “{row.step}” {vi}.", f"The step '{row.step}' {en}.")
