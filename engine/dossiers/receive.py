"""Receiving a dossier: code, due time, checklist, first steps, one transaction."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, insert, select

from engine.actor import Actor
from engine.dossiers.answered import once
from engine.dossiers.components import Brought, component_rows
from engine.dossiers.in_hand import OPEN, InHand
from engine.dossiers.moving import move
from engine.dossiers.outcome import Outcome
from engine.dossiers.refusals import CannotReceive, NoSuchCase, NotInForce
from engine.journal import first_hash
from engine.ledger_clock import LedgerClock
from engine.office import Live, Office, Version
from engine.registers.reception_numbers import reception_numbers
from engine.runtime.instance import Instance
from engine.sealed_entries import APPLICANT_SEAL, SEAL, applicant_seal, seal_of
from engine.store.database import Transaction
from engine.store.prepared import Prepared, Row, Shape
from engine.store.tables import dossier, dossier_component, execution, procedure
from processes.data_entry import enter, is_storable, to_stored
from processes.errors import InvalidInput, NotFound
from processes.procedure import Case
from processes.search_key import search_key
from processes.step import NationalStatus

CHANNELS = ("counter", "online", "post")
_LONGEST_NAME = 300


class ApplicantNeeded(InvalidInput):
    """A dossier has an applicant."""

    code = "applicant.needed"
    vi = "Nhập họ tên người nộp hoặc tên tổ chức (tối đa 300 ký tự)."
    en = "Enter the name of the applicant (at most 300 characters)."


class InvalidContact(InvalidInput):
    """A contact detail that cannot be used."""

    code = "applicant.invalid_contact"
    vi = "{field_vi} “{value}” không hợp lệ. {hint_vi}"
    en = "{field_en} '{value}' is not valid. {hint_en}"


class UnknownChannel(InvalidInput):
    """Dossiers come by the counter, online or by post."""

    code = "channel.unknown"
    vi = "Hình thức nộp “{channel}” không hợp lệ: counter (trực tiếp), online, post (bưu chính)."
    en = "Channel '{channel}' is not valid: counter, online or post."


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the applicant; all optional."""

    identity_number: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Reception:
    """What the clerk enters at reception.

    procedure: code of the procedure; case: code, "" = the procedure's first case.
    """

    procedure: str
    applicant: str
    case: str = ""
    contact: Contact = field(default_factory=Contact)
    channel: str = "counter"
    data: Mapping[str, Any] = field(default_factory=dict)
    components: tuple[Brought, ...] = ()


def receive(
    office: Office, actor: Actor, reception: Reception, *, key: str | None = None
) -> Outcome:
    """Open a dossier: its clock starts now; the answer carries code and due time."""
    applicant = _applicant(reception)
    contact = _contact(reception.contact)
    if reception.channel not in CHANNELS:
        raise UnknownChannel(channel=reception.channel)
    request = {
        "procedure": reception.procedure,
        "case": reception.case,
        "channel": reception.channel,
        "applicant": applicant,
        "contact": contact,
        "data": dict(reception.data),
        "components": [[b.component, b.form, b.number] for b in reception.components],
    }

    def work(transaction: Transaction) -> Outcome:
        version = _version_in_force(office, transaction, actor, reception.procedure)
        return _open(office, transaction, actor, version, reception, applicant, contact)

    return once(office, actor, "receive", request, key, work)


def _open(
    office: Office,
    transaction: Transaction,
    actor: Actor,
    version: Version,
    reception: Reception,
    applicant: str,
    contact: dict[str, str],
) -> Outcome:
    case = _case(version, reception.case)
    values = enter(version.procedure.fields, reception.data)
    now = office.clock.now()
    edition = office.edition(transaction.reading, actor.agency_id)
    calendar = edition.office
    instance, progress = Instance.start(version.specification, values, now=now)
    _require_receiver(actor, version, [step.element_id for step in progress.opened])
    clock = None
    if case.limit is not None:
        clock = LedgerClock.start(calendar, now, case.limit, day_count=version.procedure.day_count)
    dossier_id = office.ids(now)
    unit = _receiving_unit(actor, version, progress.opened[0].element_id)
    local = calendar.local(now)
    numbers = reception_numbers(office, transaction, actor.agency_id, unit, local)
    row = _UNSTATED | {
        "agency_id": actor.agency_id,
        "dossier_id": dossier_id,
        "code": numbers.code,
        "procedure_id": version.procedure_id,
        "version_id": version.version_id,
        "case_code": case.code,
        "applicant": applicant,
        "applicant_contact": contact,
        "search": "",
        "channel": reception.channel,
        "receiving_unit": unit,
        "received_by": actor.account_id,
        "received_at": now,
        "original_due_at": clock.due_at(calendar) if clock else None,
        "due_at": clock.due_at(calendar) if clock else None,
        "clock": clock.to_data() if clock else None,
        "limit_ws": clock.budget if clock else None,
        "state": OPEN,
        "national_status": NationalStatus.RECEIVED.value,
        "data": to_stored(values),
        "version": 0,
        "head_hash": first_hash(dossier_id),
        "events": 0,
        "calendar_edition": edition.number,
        "register": numbers.register,
        "register_no": numbers.register_no,
    }
    row["search"] = search_key(f"{row['code']} {applicant} {contact.get('identity_number', '')}")
    transaction.change(_DOSSIER, row)
    this = {"agency_id": actor.agency_id, "dossier_id": dossier_id}
    transaction.change(_EXECUTION, {**this, "state": instance.encode()})
    components = component_rows(version.procedure, reception.components, actor, dossier_id, now)
    for component in components:
        transaction.change(_COMPONENT, component)
    present: dict[str, dict[str, int]] = {}
    for each in components:
        present.setdefault(each["component"], {})[each["form"]] = each["number"]
    live = Live(0, instance, dict(values), {}, now, present)
    transaction.if_undone(lambda: office.live.drop((actor.agency_id, dossier_id)))
    stored = Row(tuple(row.values()), _AS_ENTERED)
    hand = InHand(
        office, transaction, actor, now, stored, version, calendar, live, clock, edition=edition
    )
    move(hand, progress)
    hand.state_changed = False  # it was entered as it is
    return hand.put_down(
        "dossier.received",
        {
            "procedure": version.procedure.code,
            "version": version.number,
            "case": case.code,
            "channel": reception.channel,
            "register": [numbers.register, numbers.register_no],
            "data": sorted(values),
            SEAL: seal_of(row["data"]),
            APPLICANT_SEAL: applicant_seal(applicant, contact),
            "components": [[c["component"], c["form"], c["number"]] for c in components],
            "opened": [[step.element_id, str(step.step_run_id)] for step in hand.opened],
        },
    )


_UNSTATED: dict[str, Any] = {
    **dict.fromkeys(dossier.c.keys()),
    "paused_ws": 0,
    "supplements": 0,
    "supplements_allowed": 0,
    "extensions": 0,
}
_AS_ENTERED = Shape({name: (place, None) for place, name in enumerate(_UNSTATED)})
_DOSSIER = Prepared(insert(dossier), tuple(dossier.c.keys()))
_EXECUTION = Prepared(insert(execution), tuple(execution.c.keys()))
_COMPONENT = Prepared(
    insert(dossier_component),
    tuple(name for name in dossier_component.c.keys() if name != "reason"),  # noqa: SIM118
)
_IN_FORCE = Prepared(
    select(procedure.c.version_id).where(
        procedure.c.agency_id == bindparam("of_agency"), procedure.c.code == bindparam("of_code")
    )
)


def _version_in_force(office: Office, transaction: Transaction, actor: Actor, code: str) -> Version:
    if not is_storable(code):
        raise NotFound(what="quy trình")
    row = transaction.row(_IN_FORCE, {"of_agency": actor.agency_id, "of_code": code})
    if row is None:
        raise NotFound(what=f"quy trình {code}")
    if row.version_id is None:
        raise NotInForce(code=code)
    return office.version(transaction.reading, actor.agency_id, row.version_id)


def _case(version: Version, code: str) -> Case:
    cases = version.procedure.cases
    if not code and cases:
        return cases[0]
    found = version.procedure.case(code)
    if found is None:
        raise NoSuchCase(case=code, known=", ".join(f"{c.code} ({c.name})" for c in cases) or "–")
    return found


def _require_receiver(actor: Actor, version: Version, first: list[str]) -> None:
    assignments = [
        step.assignment
        for step in version.procedure.steps
        if step.element_id in first and step.assignment
    ]
    if not any(actor.holds(a.position, a.unit) for a in assignments):
        raise CannotReceive(position=", ".join(a.name for a in assignments) or "–")


def _receiving_unit(actor: Actor, version: Version, element_id: str) -> str | None:
    step = version.procedure.step(element_id)
    assignment = step.assignment if step else None
    if assignment is None:
        return None
    if assignment.unit is not None:
        return assignment.unit
    return next((u for u, p in sorted(actor.holdings) if p == assignment.position), None)


def _applicant(reception: Reception) -> str:
    name = " ".join(unicodedata.normalize("NFC", reception.applicant).split())
    if not name or len(name) > _LONGEST_NAME or not is_storable(name):
        raise ApplicantNeeded
    return name


_CHECKS = (
    (
        "identity_number",
        re.compile(r"[0-9]{9}|[0-9]{12}|[0-9]{10}(-[0-9]{3})?|[A-Z][0-9]{7,8}"),
        ("Số giấy tờ", "Identity number"),
        (
            "Căn cước gồm 12 chữ số, CMND 9 chữ số, mã số thuế 10 hoặc 13 chữ số.",
            "12 digits (citizen card), 9 (old card), 10 or 13 (tax code).",
        ),
    ),
    (
        "phone",
        re.compile(r"(\+84|0)[0-9]{9,10}"),
        ("Số điện thoại", "Phone number"),
        ("Ghi 10 chữ số bắt đầu bằng 0 hoặc +84.", "10 digits that begin with 0 or +84."),
    ),
    (
        "email",
        re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]{2,}"),
        ("Thư điện tử", "E-mail"),
        ("Ví dụ: ten@coquan.gov.vn.", "For example: name@agency.gov.vn."),
    ),
)


def _contact(contact: Contact) -> dict[str, str]:
    given = {
        "identity_number": contact.identity_number.replace(" ", "").strip().upper(),
        "address": " ".join(unicodedata.normalize("NFC", contact.address).split())[:500],
        "phone": re.sub(r"[ .]", "", contact.phone),
        "email": contact.email.strip(),
    }
    given = {name: "".join(filter(is_storable, value)) for name, value in given.items()}
    for name, shape, (vi, en), (hint_vi, hint_en) in _CHECKS:
        if given[name] and (len(given[name]) > 200 or not shape.fullmatch(given[name])):  # noqa: PLR2004
            raise InvalidContact(
                field=name,
                field_vi=vi,
                field_en=en,
                value=given[name][:60],
                hint_vi=hint_vi,
                hint_en=hint_en,
            )
    return {name: value for name, value in given.items() if value}
