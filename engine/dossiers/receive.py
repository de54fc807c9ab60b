"""Receiving a dossier: code, due time, checklist, first steps, one transaction."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, select

from engine.actor import Actor
from engine.dossiers.answered import once
from engine.dossiers.components import Brought, component_rows
from engine.dossiers.contact import Contact, recorded_contact, require_contact
from engine.dossiers.in_hand import OPEN, InHand
from engine.dossiers.moving import move
from engine.dossiers.outcome import Outcome
from engine.dossiers.refusals import CannotReceive, NoSuchCase, NotInForce
from engine.journal import first_hash
from engine.legal_clock.ledger_clock import LedgerClock
from engine.office import Live, Office, Version
from engine.proofs.sealed_entries import APPLICANT_SEAL, SEAL, applicant_seal, seal_of
from engine.reception.applicants import remember_applicant
from engine.reception.drafts import forget_draft
from engine.registers.reception_numbers import reception_numbers
from engine.runtime.instance import Instance
from engine.store.database import Transaction
from engine.store.prepared import Prepared, Row, Shape
from engine.store.tables import dossier, dossier_component, execution, procedure
from processes.birth_date import require_born
from processes.contact_entry import InvalidContact
from processes.data_entry import enter, is_storable, to_stored
from processes.errors import InvalidInput, NotFound
from processes.procedure import Case
from processes.search_key import search_key
from processes.step import NationalStatus

__all__ = [
    "ApplicantNeeded",
    "Contact",
    "InvalidContact",
    "Reception",
    "UnknownChannel",
    "receive",
    "receiving",
]

CHANNELS = ("counter", "online", "post")
_LONGEST_NAME = 300


class ApplicantNeeded(InvalidInput):
    """A dossier has an applicant."""

    code = "applicant.needed"
    vi = "Nhập họ tên người nộp hoặc tên tổ chức (tối đa 300 ký tự)."
    en = "Enter the name of the applicant (at most 300 characters)."


class UnknownChannel(InvalidInput):
    """Dossiers come by the counter, online or by post."""

    code = "channel.unknown"
    vi = "Hình thức nộp “{channel}” không hợp lệ: counter (trực tiếp), online, post (bưu chính)."
    en = "Channel '{channel}' is not valid: counter, online or post."


@dataclass(frozen=True, slots=True)
class Reception:
    """What the clerk enters at reception.

    procedure: code of the procedure; case: code, "" = the procedure's first case. confirmed:
    somebody compared the unlikely entries with the papers; programs that cannot ask say so.
    recorded: it was received before and stands in the record, so nothing is judged again.
    draft: what it was typed as; forgotten with the reception.
    """

    procedure: str
    applicant: str
    case: str = ""
    contact: Contact = field(default_factory=Contact)
    channel: str = "counter"
    data: Mapping[str, Any] = field(default_factory=dict)
    components: tuple[Brought, ...] = ()
    confirmed: bool = True
    recorded: bool = False
    draft: UUID | None = None


@dataclass(frozen=True, slots=True)
class Receiving:
    """A reception that was read: what is asked for, and the work that opens the dossier."""

    request: Mapping[str, Any]
    work: Callable[[Transaction], Outcome]


def receive(
    office: Office, actor: Actor, reception: Reception, *, key: str | None = None
) -> Outcome:
    """Open a dossier: its clock starts now; the answer carries code and due time."""
    read = receiving(office, actor, reception)
    return once(office, actor, "receive", read.request, key, read.work)


def receiving(office: Office, actor: Actor, reception: Reception) -> Receiving:
    """`receive` as work within a transaction.

    Errors: ApplicantNeeded, UnknownChannel; the work's: NotFound, NotInForce, InvalidContact,
    DoubtfulContact, NoSuchCase, CannotReceive, BornInFuture, those of entries and components.
    """
    applicant = _applicant(reception)
    if reception.channel not in CHANNELS:
        raise UnknownChannel(channel=reception.channel)
    request = {
        "procedure": reception.procedure,
        "case": reception.case,
        "channel": reception.channel,
        "applicant": applicant,
        "contact": recorded_contact(reception.contact),
        "data": dict(reception.data),
        "components": [[b.component, b.form, b.number] for b in reception.components],
    }

    def work(transaction: Transaction) -> Outcome:
        version = _version_in_force(office, transaction, actor, reception.procedure)
        contact = _contact(office, transaction, actor, reception)
        return _open(office, transaction, actor, version, reception, applicant, contact)

    return Receiving(request, work)


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
    if not reception.recorded:
        require_born(version.procedure.fields, values, calendar.local(now).date())
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
    remember_applicant(transaction, actor.agency_id, dossier_id, contact)
    if reception.draft is not None:
        forget_draft(transaction, actor, reception.draft)
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


def _contact(
    office: Office, transaction: Transaction, actor: Actor, reception: Reception
) -> dict[str, str]:
    stated = recorded_contact(reception.contact)
    if reception.recorded or not stated:
        return stated
    calendar = office.calendar(transaction.reading, actor.agency_id)
    today = calendar.local(office.clock.now()).date()
    return require_contact(reception.contact, today, confirmed=reception.confirmed)
