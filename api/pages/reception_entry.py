"""What the desk's form says, as the engine takes it; what is wrong with it, all at once."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from api.pages.frame import Faults, Wrong, wrong_of
from api.pages.visit import Entered, Visit
from engine.dossiers.components import Brought
from engine.dossiers.contact import Contact, JudgedContact, judge_contact
from engine.dossiers.receive import ApplicantNeeded, Reception
from processes.birth_date import require_born
from processes.data_entry import enter
from processes.data_field import DataField, FieldType
from processes.errors import RuleError
from processes.procedure import Procedure

CONTACT = ("identity_number", "phone", "email", "address")
_LONGEST_NUMBER = 4
_NO_NUMBER = -1  # what is no number of copies is refused by the engine, in its words
_TICKS = ("tick:", "extra:")  # of papers that are asked for, and of others


def contact_of(form: Entered) -> Contact:
    """How to reach the applicant, as typed."""
    return Contact(**{name: form.text(name) for name in CONTACT})


def data_of(procedure: Procedure, form: Entered) -> dict[str, str]:
    """The entries; a box that is not ticked says no."""
    data = form.starting("data:")
    for field in procedure.fields:
        if field.type is FieldType.BOOLEAN:
            data.setdefault(field.code, "false")
    return data


def reception_of(procedure: Procedure, form: Entered, code: str) -> Reception:
    """The reception that the form asks for."""
    return Reception(
        procedure=code,
        applicant=form.text("applicant"),
        case=form.text("case"),
        contact=contact_of(form),
        channel=form.text("channel", "counter"),
        data=data_of(procedure, form),
        components=ticked(form) if form.text("ticks") else brought(form),
        confirmed=form.text("confirmed") == "true",
        draft=draft_of(form),
    )


def draft_of(form: Entered) -> UUID | None:
    """Which draft the form is kept as."""
    try:
        return UUID(form.text("draft"))
    except ValueError:
        return None


def brought(form: Entered) -> tuple[Brought, ...]:
    """The numbers of copies entered as `copies:<component>:<form>`; an empty one is none."""
    found = []
    for key, typed in form.starting("copies:").items():
        component, _, kind = key.rpartition(":")
        found.append(Brought(component, kind, _number(typed)))
    return tuple(item for item in found if item.number or not form.text("ticks"))


def ticked(form: Entered) -> tuple[Brought, ...]:
    """What is ticked, in the number that stands beside it, or else that is asked for."""
    numbers = form.starting("copies:")
    asked = {key: value for prefix in _TICKS for key, value in form.starting(prefix).items()}
    found = []
    for key, needed in asked.items():
        component, _, kind = key.rpartition(":")
        found.append(Brought(component, kind, _number(numbers.get(key, "")) or _number(needed)))
    return tuple(found)


def _number(typed: str) -> int:
    text = typed.strip() or "0"
    readable = text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER
    return int(text) if readable else _NO_NUMBER


def today_of(seen: Visit) -> date:
    """The office's day."""
    with seen.office.database.read() as connection:
        calendar = seen.office.calendar(connection, seen.actor.agency_id)
    return calendar.local(seen.clock.now()).date()


def born_of(procedure: Procedure, data: Mapping[str, str]) -> date | None:
    """The applicant's date of birth, where the form asks for it: "Ngày sinh người nộp"."""
    for field in procedure.fields:
        if field.type is FieldType.DATE and field.code in _BORN:
            try:
                value = enter((field,), {field.code: data.get(field.code, "")})[field.code]
            except RuleError:
                return None
            return value if isinstance(value, date) else None
    return None


_BORN = ("ngay_sinh_nguoi_nop", "ngay_sinh_chu_ho_so")


def judged_of(seen: Visit, procedure: Procedure, form: Entered) -> JudgedContact:
    """What the contact comes down to."""
    born = born_of(procedure, form.starting("data:"))
    return judge_contact(contact_of(form), today_of(seen), born)


def require_faultless(seen: Visit, procedure: Procedure, form: Entered) -> None:
    """Refuse with everything that is wrong, each at its field (Faults).

    Doubts are among it until they are confirmed.
    """
    judged, today, data = judged_of(seen, procedure, form), today_of(seen), data_of(procedure, form)
    found: list[RuleError] = [] if form.text("applicant").strip() else [ApplicantNeeded()]
    found += judged.faults
    found += [fault for field in procedure.fields for fault in _faults_of(field, data, today)]
    wrong: list[Wrong] = [each for fault in found for each in wrong_of(seen, fault)]
    if form.text("confirmed") != "true":
        wrong += [(doubt.field, doubt.message(seen.language)) for doubt in judged.doubts]
    if wrong:
        raise Faults(wrong)


def _faults_of(field: DataField, data: Mapping[str, str], today: date) -> list[RuleError]:
    raw = data.get(field.code)
    try:
        values = enter((field,), {} if raw is None else {field.code: raw})
        require_born((field,), values, today)
    except RuleError as error:
        return [error]
    return []
