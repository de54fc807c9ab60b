"""Form 06 of 2018, 07 of 2025: the register of dossiers of a year, or of a part of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, and_, select

from engine.actor import Actor
from engine.calendar import Calendar
from engine.forms.content import Content
from engine.forms.kinds import FormKind
from engine.forms.refusals import RegisterIncomplete, RegisterPeriod
from engine.forms.scene import head_facts, read_letterhead
from engine.store.tables import dossier, form_issue, procedure, unit

KIND = FormKind.REGISTER
MOST_LINES = 2_000
_SHOWN = 5
_WAYS = {
    "counter": "Trực tiếp",
    "post": "Bưu chính",
    "online": "Trực tuyến",
}


@dataclass(frozen=True, slots=True)
class Period:
    """A part of one year's register, both days counted. book: as dossiers have it."""

    book: str
    first: date
    last: date


def period_of(first: date, last: date, identity_code: str = "") -> Period:
    """The part of the register; within one year, for the book is opened anew each year."""
    if last < first:
        raise RegisterPeriod(why_vi="ngày cuối trước ngày đầu", why_en="it ends before it begins")
    if first.year != last.year:
        raise RegisterPeriod(
            why_vi="mỗi năm một quyển sổ, chọn ngày trong cùng một năm",
            why_en="each year has its own book, choose days of one year",
        )
    book = f"{first.year}/{identity_code}" if identity_code else f"{first.year}"
    return Period(book, first, last)


def register_content(
    connection: Connection, actor: Actor, calendar: Calendar, period: Period, at: datetime
) -> Content:
    """The lines of the register; RegisterIncomplete where a number is missing between them."""
    rows = _rows(connection, actor.agency_id, calendar, period)
    if not rows:
        raise RegisterPeriod(why_vi="kỳ này không có hồ sơ", why_en="it has no dossiers")
    if len(rows) > MOST_LINES:
        raise RegisterPeriod(
            why_vi=f"có {len(rows)} hồ sơ, mỗi lần in tối đa {MOST_LINES}; chọn kỳ ngắn hơn",
            why_en=f"it has {len(rows)} dossiers, at most {MOST_LINES} are printed at a time",
        )
    _require_continuous(period.book, [row.register_no for row in rows])
    receipts = _receipts(connection, actor.agency_id)
    names = _units(connection, actor.agency_id)
    local = calendar.local(at)
    facts = {
        **head_facts(KIND, read_letterhead(connection, actor.agency_id), local),
        "volume": period.book,
        "period": f"Từ ngày {period.first:%d/%m/%Y} đến ngày {period.last:%d/%m/%Y}",
        "count": str(len(rows)),
        "lines": [_line(row, calendar, names, receipts) for row in rows],
    }
    return Content(facts, f"{period.book} {period.first.isoformat()}/{period.last.isoformat()}")


def _rows(
    connection: Connection, agency_id: str, calendar: Calendar, period: Period
) -> Sequence[Any]:
    start = datetime.combine(period.first, time.min, calendar.tz)
    after = datetime.combine(period.last + timedelta(days=1), time.min, calendar.tz)
    return connection.execute(
        select(
            *(dossier.c[name] for name in _COLUMNS),
            procedure.c.name.label("procedure_name"),
        )
        .join(
            procedure,
            and_(
                procedure.c.agency_id == dossier.c.agency_id,
                procedure.c.procedure_id == dossier.c.procedure_id,
            ),
        )
        .where(
            dossier.c.agency_id == agency_id,
            dossier.c.received_at >= start,
            dossier.c.received_at < after,
            dossier.c.register == period.book,
        )
        .order_by(dossier.c.register_no)
        .limit(MOST_LINES + 1)
    ).all()


_COLUMNS = (
    "dossier_id",
    "code",
    "applicant",
    "applicant_contact",
    "channel",
    "receiving_unit",
    "register_no",
    "received_at",
    "original_due_at",
    "returned_at",
    "outcome",
    "state",
)


def _require_continuous(book: str, numbers: Sequence[int]) -> None:
    missing = sorted(set(range(numbers[0], numbers[-1] + 1)) - set(numbers))
    if missing or len(set(numbers)) != len(numbers):
        shown = ", ".join(map(str, missing[:_SHOWN])) or "–"
        raise RegisterIncomplete(book=book, missing=shown)


def _receipts(connection: Connection, agency_id: str) -> Mapping[Any, Mapping[str, Any]]:
    """What the newest receipt of a dossier says: number of sets, how the result is returned."""
    rows = connection.execute(
        select(form_issue.c.dossier_id, form_issue.c.facts)
        .where(
            form_issue.c.agency_id == agency_id,
            form_issue.c.kind == FormKind.RECEIPT.value,
        )
        .order_by(form_issue.c.number)
    )
    return {row.dossier_id: row.facts for row in rows}


def _units(connection: Connection, agency_id: str) -> dict[str, str]:
    rows = connection.execute(select(unit.c.code, unit.c.name).where(unit.c.agency_id == agency_id))
    return {row.code: row.name for row in rows}


def _line(
    row: Any,
    calendar: Calendar,
    names: Mapping[str, str],
    receipts: Mapping[Any, Mapping[str, Any]],
) -> list[str]:
    def day(at: datetime | None) -> str:
        return f"{calendar.local(at):%d/%m/%Y}" if at else ""

    contact, receipt = row.applicant_contact, receipts.get(row.dossier_id, {})
    reached = ", ".join(filter(None, (contact.get("address"), contact.get("phone"))))
    ended = {"refused": "Từ chối", "withdrawn": "Rút hồ sơ", "discontinued": "Dừng giải quyết"}
    return [
        str(row.register_no),
        row.code,
        row.procedure_name,
        receipt.get("sets", "01"),
        row.applicant,
        reached,
        names.get(row.receiving_unit or "", ""),
        day(row.received_at),
        day(row.original_due_at),
        day(row.returned_at),
        receipt.get("returned_by", _WAYS.get(row.channel, "")),
        "",
        ended.get(row.outcome or "", ""),
    ]
