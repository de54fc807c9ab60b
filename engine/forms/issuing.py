"""Issuing a form: checked, drawn, numbered and kept, or nothing at all.

The PDF is drawn before the transaction, with the number that comes next; the transaction draws that
number, enters number, facts and bytes and writes the journal. Where somebody else was faster, all
is done again with what is so now. A form that says what was issued before is not issued again: the
kept one is given out. One that says something else needs leave, gets a new number and names the old
one; the journal has both.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select

from engine.actor import Actor
from engine.answered_once import Asked, do_once
from engine.calendar import Calendar
from engine.dossiers.acting import act_on_dossier, have_follow
from engine.dossiers.in_hand import InHand
from engine.dossiers.outcome import Outcome
from engine.forms import press
from engine.forms.catalogue import Template, template_for
from engine.forms.content import Content
from engine.forms.issued import Issued, issued_by_act, issued_form, last_issued
from engine.forms.kinds import SAID, FormKind
from engine.forms.legible import legible_form
from engine.forms.making import make
from engine.forms.refusals import FormDiffers, NotDrafted
from engine.forms.register_book import Period, register_content
from engine.forms.scene import read_scene
from engine.forms.unbroken import require_unbroken
from engine.forms.word_draft import DRAFTED, word_draft
from engine.forms.words import number_words
from engine.office import Office
from engine.registers.reception_numbers import register_settings_in_force
from engine.store.database import Command, StaleState, Transaction
from engine.store.numbers import next_number
from engine.store.tables import counter, form_issue, form_pdf
from processes.errors import NotAllowed

ISSUED = "form.issued"
_ATTEMPTS = 8
_BEFOREHAND = 3  # attempts that draw before the transaction; then nobody is let in between
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Draft:
    """A form that has all but its place in the record.

    seen: the version of the dossier that it shows. last: the one of its kind issued before.
    """

    kind: FormKind
    content: Content
    template: Template
    series: str
    number: int
    number_text: str
    at: datetime
    seen: int
    last: Issued | None

    @property
    def matter_sha256(self) -> bytes:
        return hashlib.sha256(self.content.spelt_matter()).digest()

    def numbered(self, number: int) -> "Draft":
        """The same with another number."""
        text = number_words(number, self.number_text.partition("/")[2])
        content = Content({**self.content.facts, "number": text}, self.content.about)
        return replace(self, content=content, number=number, number_text=text)

    @property
    def again(self) -> Issued | None:
        """The form that was issued and says the same."""
        if self.last is not None and self.last.matter_sha256 == self.matter_sha256:
            return self.last
        return None


def preview(
    office: Office, actor: Actor, dossier_id: UUID, kind: FormKind, given: Mapping[str, str]
) -> list[bytes]:
    """The form's pages as pictures, marked as a preview, without a number; nothing is kept."""
    with office.database.read() as connection:
        draft = _draft(office, connection, actor, dossier_id, kind, given)
    facts = {**draft.content.facts, "number": f"…/{draft.number_text.partition('/')[2]}"}
    return press.pictures(draft.template.source, legible_form(facts))


def issue(
    office: Office,
    actor: Actor,
    dossier_id: UUID,
    kind: FormKind,
    given: Mapping[str, str],
    *,
    replacing: bool = False,
    key: str | None = None,
) -> Issued:
    """Issue the form, or give out the one that was issued and says the same.

    replacing: leave to issue another one where an earlier one says something else.
    Errors: those of the kind's check, NoTemplate, FormDiffers, FormFailed, FormTooCostly.
    """
    _require_staff(actor)
    request = {"dossier": str(dossier_id), "kind": kind.value, "given": dict(given)}
    for attempt in range(_ATTEMPTS):
        with office.database.read() as connection:
            draft = _draft(office, connection, actor, dossier_id, kind, given)
        if draft.again is not None:
            return draft.again
        _require_leave(draft, replacing=replacing)
        drawn = Pressed.of(draft) if attempt < _BEFOREHAND else None
        act = _putting(draft, drawn)
        try:
            outcome = act_on_dossier(office, actor, dossier_id, "issue_form", request, key, act)
        except _Overtaken:
            have_follow(office, actor.agency_id, dossier_id)
            continue
        with office.database.read() as connection:
            found = issued_by_act(connection, actor.agency_id, dossier_id, outcome.version)
        if found is not None:
            return found
    raise StaleState


def draft_document(
    office: Office, actor: Actor, dossier_id: UUID, kind: FormKind, given: Mapping[str, str]
) -> bytes:
    """The form as a Word document without a number, to be edited; nothing is kept (NotDrafted)."""
    if kind not in DRAFTED:
        raise NotDrafted(form_vi=SAID[kind].vi, form_en=SAID[kind].en)
    with office.database.read() as connection:
        draft = _draft(office, connection, actor, dossier_id, kind, given)
    return word_draft(kind, draft.content.facts, draft.at)


def issue_register(
    office: Office, actor: Actor, period: Period, *, key: str | None = None
) -> Issued:
    """Issue the register of a period; what it says the same of is given out as it was.

    Errors: RegisterPeriod, RegisterIncomplete, NoTemplate, FormFailed, FormTooCostly.
    """
    _require_staff(actor)
    request = {"book": period.book, "first": str(period.first), "last": str(period.last)}
    asked = Asked(actor, "issue_register", request, key)
    for attempt in range(_ATTEMPTS):
        try:
            made = do_once(office, asked, partial(_prepare_book, office, actor, period, attempt))
        except _Overtaken:
            continue
        with office.database.read() as connection:
            return issued_form(connection, actor, made)
    raise StaleState


def _prepare_book(office: Office, actor: Actor, period: Period, attempt: int) -> Command[UUID]:
    """Read and draw the register; the command that enters it."""
    at = office.clock.now()
    with office.database.read() as connection:
        calendar = office.calendar(connection, actor.agency_id)
        content = register_content(connection, actor, calendar, period, at)
        draft = _numbered(
            office, connection, actor, FormKind.REGISTER, content, calendar, at, None, None, 0
        )
    again = draft.again
    drawn = Pressed.of(draft) if attempt < _BEFOREHAND and again is None else None
    issue_id = office.ids(at)

    def enter(transaction: Transaction) -> UUID:
        if again is not None:
            return again.issue_id
        _enter(transaction, actor, draft, drawn, issue_id, None, None)
        return issue_id

    return enter


@dataclass(frozen=True, slots=True)
class Pressed:
    """A draft with the bytes that were drawn of it."""

    draft: Draft
    pdf: bytes

    @classmethod
    def of(cls, draft: Draft) -> "Pressed":
        drawn = legible_form(draft.content.facts)
        return cls(draft, press.pdf(draft.template.source, drawn, draft.at))


class _Overtaken(Exception):
    """Between drawing and entering somebody else acted or drew the number."""


def _draft(
    office: Office,
    connection: Connection,
    actor: Actor,
    dossier_id: UUID,
    kind: FormKind,
    given: Mapping[str, str],
) -> Draft:
    at = office.clock.now()
    scene = read_scene(office, connection, actor, dossier_id, at)
    if kind is FormKind.CONTROL_SLIP:
        require_unbroken(connection, actor.agency_id, dossier_id)
    content = make(kind, scene, given)
    calendar, row = scene.file.calendar, scene.file.row
    unit = row.receiving_unit
    return _numbered(
        office, connection, actor, kind, content, calendar, at, dossier_id, unit, row.version
    )


def _numbered(
    office: Office,
    connection: Connection,
    actor: Actor,
    kind: FormKind,
    content: Content,
    calendar: Calendar,
    at: datetime,
    dossier_id: UUID | None,
    unit: str | None,
    seen: int,
) -> Draft:
    """The draft with its template, the number that comes next, and what it would replace."""
    day: date = calendar.local(at).date()
    template = template_for(connection, actor.agency_id, kind, unit, day)
    settings = register_settings_in_force(office, connection, actor.agency_id)
    series = f"form/{kind.value}/{day.year}"
    number = _next(connection, actor.agency_id, series)
    text = number_words(number, settings.symbols.get(kind.value, SAID[kind].symbol))
    last = last_issued(connection, actor.agency_id, kind, dossier_id, content.about)
    draft = Draft(kind, content, template, series, number, text, at, seen, last)
    replaced = ""
    if last is not None and not SAID[kind].grows and draft.again is None:
        replaced = f"Thay thế phiếu số {last.number_text}"
    facts = {
        **content.facts,
        "number": text,
        "form": template.form,
        "basis": template.basis,
        "replaces": replaced,
    }
    return replace(draft, content=Content(facts, content.about))


def _next(connection: Connection, agency_id: str, series: str) -> int:
    last = connection.execute(
        select(counter.c.last).where(counter.c.agency_id == agency_id, counter.c.series == series)
    ).scalar_one_or_none()
    return int(last or 0) + 1


def _require_leave(draft: Draft, *, replacing: bool) -> None:
    """Another content under the same name is never silent (FormDiffers)."""
    last, said = draft.last, SAID[draft.kind]
    if last is None or replacing or said.grows:
        return
    changed = [
        name
        for name, fact in draft.content.matter.items()
        if Content(last.facts).matter.get(name) != fact
    ]
    raise FormDiffers(
        form_vi=said.vi,
        form_en=said.en,
        number=last.number_text,
        what_vi=", ".join(changed[:_SHOWN]),
    )


def _putting(draft: Draft, drawn: Pressed | None) -> Callable[[InHand], Outcome]:
    """The act that enters the form, if all is still as it was drawn."""

    def work(hand: InHand) -> Outcome:
        if hand.row.version != draft.seen:
            raise _Overtaken
        issue_id = hand.office.ids(draft.at)
        version = hand.row.version + 1
        entered = _enter(
            hand.transaction, hand.actor, draft, drawn, issue_id, hand.dossier_id, version
        )
        return put_down_form(hand, journal_entry(entered, issue_id))

    return work


def put_down_form(hand: InHand, body: Mapping[str, Any]) -> Outcome:
    """Write on the journal that a form was issued; nothing else of the dossier changes."""
    return hand.put_down(ISSUED, body)


def journal_entry(entered: Pressed, issue_id: UUID) -> dict[str, Any]:
    """What the journal says of an issued form: enough to tell any other bytes from these."""
    draft = entered.draft
    body = {
        "form": draft.kind.value,
        "issue": str(issue_id),
        "number": draft.number_text,
        "template": draft.template.template,
        "template_sha256": draft.template.sha256.hex(),
        "facts_sha256": hashlib.sha256(draft.content.spelt()).hexdigest(),
        "pdf_sha256": hashlib.sha256(entered.pdf).hexdigest(),
    }
    if draft.last is not None and not SAID[draft.kind].grows:
        body["replaces"] = draft.last.number_text
    return body


def _enter(
    transaction: Transaction,
    actor: Actor,
    draft: Draft,
    drawn: Pressed | None,
    issue_id: UUID,
    dossier_id: UUID | None,
    version: int | None,
) -> Pressed:
    """Draw the number and keep the form as it was drawn, or draw it now where it was not.

    _Overtaken where another number came than the one that is printed.
    """
    number = next_number(transaction, actor.agency_id, draft.series)
    if drawn is None:
        drawn = Pressed.of(draft.numbered(number))
    draft, pdf = drawn.draft, drawn.pdf
    if number != draft.number:
        raise _Overtaken
    digest = hashlib.sha256(pdf).digest()
    transaction.execute(
        insert(form_issue),
        {
            "agency_id": actor.agency_id,
            "issue_id": issue_id,
            "kind": draft.kind.value,
            "about": draft.content.about,
            "template": draft.template.template,
            "template_sha256": draft.template.sha256,
            "series": draft.series,
            "number": draft.number,
            "number_text": draft.number_text,
            "dossier_id": dossier_id,
            "dossier_version": version,
            "facts": dict(draft.content.facts),
            "matter_sha256": draft.matter_sha256,
            "pdf_sha256": digest,
            "pdf_size": len(pdf),
            "replaces": draft.last.issue_id if draft.last else None,
            "issued_at": draft.at,
            "issued_by": actor.account_id,
        },
    )
    transaction.execute(
        insert(form_pdf), {"agency_id": actor.agency_id, "sha256": digest, "pdf": pdf}
    )
    return drawn


def _require_staff(actor: Actor) -> None:
    if not actor.holdings:
        raise NotAllowed(who="cán bộ giữ vị trí trong cơ quan / officers who hold a position")
