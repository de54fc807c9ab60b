"""Settings of the reminder ladder: what follows is seen before saving; a decision is undone."""

import json
from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from api.pages.frame import go, page, refused
from api.pages.visit import Entered, Posted, Visit, Visiting
from engine.accounts import names
from engine.actor import Role
from engine.reminders.consequences import DAYS, consequences
from engine.reminders.contact import set_contact
from engine.reminders.cost import spent
from engine.reminders.ladder_history import decided, set_ladder, undo_ladder
from engine.reminders.ladder_settings import (
    Audience,
    LadderSettings,
    Way,
    read_settings,
    require_sense,
    settings_of,
)
from engine.reminders.people import people_of
from engine.reminders.rungs import Rung
from processes.errors import NotAllowed, RuleError

router = APIRouter(prefix="/reminders/settings")
_HERE = "/reminders/settings"
_TEMPLATE = "reminder_settings.html"
_HISTORY = 20
RUNGS = {
    Rung.PART_USED: ("Đã dùng một phần thời hạn", "A part of the time is used"),
    Rung.DAY_BEFORE: ("Còn một ngày làm việc", "One working day left"),
    Rung.DUE: ("Đến hạn", "Due"),
    Rung.OVERDUE: ("Quá hạn một ngày làm việc", "A working day overdue"),
    Rung.OWED: (
        "Hồ sơ tới ngày cuối: phải có kết quả hoặc xin lỗi, hẹn lại",
        "The dossier's last day: the result or an apology is owed",
    ),
}
AUDIENCES = {
    Audience.HOLDER: ("Người đang giữ", "Holder"),
    Audience.SUBSTITUTE: ("Người thay thế", "Substitute"),
    Audience.HEAD: ("Lãnh đạo đơn vị", "Head of the unit"),
    Audience.OFFICE: ("Lãnh đạo khác", "Other heads"),
}
KINDS = {"email": ("Thư điện tử", "E-mails"), "text": ("Tin nhắn", "Text messages")}
WAYS = {
    Way.PAGE: ("Trang", "Page"),
    Way.EMAIL: ("Thư điện tử", "E-mail"),
    Way.TEXT: ("Tin nhắn", "Text message"),
}


@router.get("")
def settings_page(seen: Visiting) -> Response:
    with seen.office.database.read() as connection:
        shown = _shown(seen, connection)
    return page(seen, _TEMPLATE, nav="reminders", **shown)


@router.post("/preview")
def preview_page(seen: Visiting, form: Posted) -> Response:
    """The same form with what it would have sent; nothing is saved."""
    try:
        wanted = read_settings(stated(form))
        with seen.office.database.read() as connection:
            calendar = seen.office.calendar(connection, seen.actor.agency_id)
            require_sense(wanted, calendar, seen.clock.now())
            shown = _shown(seen, connection, wanted)
    except NotAllowed:
        raise
    except RuleError as error:
        return _again(seen, form, error)
    return page(seen, _TEMPLATE, nav="reminders", form=form, here=_HERE, **shown)


@router.post("/save")
def save_page(seen: Visiting, form: Posted) -> Response:
    """Saved as they were previewed; what was changed since is previewed first."""
    try:
        wanted = read_settings(stated(form))
        if form.text("previewed") != _tag(wanted):
            return preview_page(seen, form)
        set_ladder(seen.office, seen.actor, stated(form), form.text("reason"), seen=_seen(form))
    except NotAllowed:
        raise
    except RuleError as error:
        return _again(seen, form, error)
    return go(seen, _HERE, seen.t("Đã lưu thiết lập nhắc việc.", "The settings are saved."))


@router.post("/undo")
def undo_page(seen: Visiting, form: Posted) -> Response:
    number = form.text("number")
    wanted = int(number) if number.isascii() and number.isdigit() else -1
    try:
        undo_ladder(seen.office, seen.actor, wanted, form.text("reason"), seen=_seen(form))
    except NotAllowed:
        raise
    except RuleError as error:
        return _again(seen, form, error)
    return go(seen, _HERE, seen.t("Đã dùng lại thiết lập cũ.", "The earlier settings count again."))


@router.post("/contact")
def contact_page(seen: Visiting, form: Posted) -> Response:
    """Where an officer is reached outside of the product."""
    email, phone = form.text("email").strip(), form.text("phone").strip()
    try:
        set_contact(seen.office, seen.actor, form.text("login"), email, phone)
    except NotAllowed:
        raise
    except RuleError as error:
        return _again(seen, form, error)
    return go(seen, f"{_HERE}#contacts", seen.t("Đã ghi địa chỉ.", "The address is kept."))


def stated(form: Entered) -> dict[str, Any]:
    """The form as settings are stated."""
    chosen = {tuple(each.split(":")) for each in form.texts("way")}
    on, webhooks = form.texts("on"), form.texts("webhook")
    quiet = [form.text("quiet_from"), form.text("quiet_to")]
    return {
        "rungs": {
            rung.value: {
                who.value: ways
                for who in Audience
                if (ways := [w.value for w in Way if (rung.value, who.value, w.value) in chosen])
            }
            for rung in Rung
        },
        "off": [rung.value for rung in Rung if rung.value not in on],
        "webhooks": webhooks,
        "part_percent": _number(form.text("part_percent")),
        "quiet": bool(form.text("quiet")),
        "quiet_hours": quiet if any(quiet) else None,
        "digest": bool(form.text("digest")),
        "digest_at": form.text("digest_at") or None,
        "text_cost": _number(form.text("text_cost")),
        "text_cap": _number(form.text("text_cap")),
        "month_cap": _number(form.text("month_cap")) if form.text("month_cap").strip() else None,
        "citizen_texts": bool(form.text("citizen_texts")),
    }


def _number(text: str) -> Any:
    """A whole number as people write it; what is none is left to be refused."""
    plain = text.strip().replace(".", "").replace(" ", "")
    return int(plain) if plain.removeprefix("-").isdecimal() and plain.isascii() else text


def _seen(form: Entered) -> int:
    number = _number(form.text("decision"))
    return number if isinstance(number, int) else -1


def _tag(settings: LadderSettings) -> str:
    return json.dumps(settings.to_data(), sort_keys=True)


def _again(seen: Visit, form: Entered, error: RuleError) -> Response:
    with seen.office.database.read() as connection:
        shown = _shown(seen, connection)
    return refused(seen, error, _TEMPLATE, form=form, here=_HERE, nav="reminders", **shown)


def _shown(seen: Visit, connection: Any, wanted: LadderSettings | None = None) -> dict[str, Any]:
    """The page; with what would follow where settings were previewed."""
    actor, now = seen.actor, seen.clock.now()
    decisions = decided(connection, actor)
    in_force = settings_of(connection, actor.agency_id)
    calendar = seen.office.calendar(connection, actor.agency_id)
    today = calendar.local(now).date()
    first, last = (int(f"{day:%Y%m%d}") for day in (today - timedelta(days=DAYS), today))
    compared = None
    if wanted is not None:
        compared = [
            consequences(connection, actor, now, calendar, in_force, each)
            for each in (in_force, wanted)
        ]
    return {
        "settings": in_force,
        "compared": compared,
        "spent": spent(connection, actor, first, last),
        "kinds": KINDS,
        "previewed": "" if wanted is None else _tag(wanted),
        "decisions": decisions[:_HISTORY],
        "decision": decisions[0].number,
        "officers": people_of(connection, actor.agency_id, now).people,
        "people": names(connection, actor.agency_id),
        "local": calendar.local,
        "rungs": RUNGS,
        "audiences": AUDIENCES,
        "ways": WAYS,
        "is_admin": Role.ADMIN in actor.roles,
    }
