"""Quick entry: a matter settled while the applicant waits, received and finished in one go.

Nothing is left out: the dossier is received, each step on its way is completed, and the result is
returned, by the very commands that would do so one at a time, with their checks and their events,
in one transaction. Where one of them refuses, nothing has happened. The way is the diagram's: what
is entered decides it, and whoever enters must be entitled to every step that comes.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select

from engine.actor import Actor
from engine.dossiers.answered import once
from engine.dossiers.complete_step import completion
from engine.dossiers.in_hand import FINISHED, RETURNED
from engine.dossiers.outcome import OpenedStep, Outcome
from engine.dossiers.receive import Reception, receiving
from engine.dossiers.return_result import returning
from engine.office import Office
from engine.store.database import Transaction
from engine.store.tables import dossier
from processes.errors import InvalidInput, Unmet
from processes.procedure import Case, Procedure
from processes.time_limit import Unit

_MOST_STEPS = 100
_NOTHING = (None, "", False, "false")


class NotSameDay(Unmet):
    """The procedure gives no same-day result in this case."""

    code = "quick_entry.not_same_day"
    vi = "Trường hợp “{case}” không có thời hạn trong ngày nên không trả kết quả ngay được."
    en = "Case '{case}' has no same-day limit, so its result cannot be returned at once."


class NotFinishedAtOnce(Unmet):
    """After all steps of the actor, something else is still waited for."""

    code = "quick_entry.not_finished"
    vi = (
        "Chưa trả kết quả ngay được: quy trình còn chờ {waiting}. Hãy tiếp nhận theo cách thường; "
        "chưa có gì được ghi."
    )
    en = (
        "The result cannot be returned at once: the procedure still waits for {waiting}. Receive "
        "it the usual way; nothing was written."
    )


class NotOnTheWay(InvalidInput):
    """Something is entered at a step that the dossier does not come by."""

    code = "quick_entry.not_on_the_way"
    vi = (
        "Đã nhập “{field}” ở bước “{step}”, nhưng với nội dung đã chọn hồ sơ không đi qua bước "
        "này. Xem lại lựa chọn hoặc xóa ô đó; chưa có gì được ghi."
    )
    en = (
        "'{field}' is entered at step '{step}', which the dossier does not come by with what was "
        "chosen. Choose again or empty it; nothing was written."
    )


@dataclass(frozen=True, slots=True)
class QuickEntry:
    """A reception, and what is entered at the steps on its way, by element id."""

    reception: Reception
    entries: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def allows_quick_entry(case: Case) -> bool:
    """Whether the version gives the result on the same day."""
    return case.limit is not None and case.limit.unit is Unit.SAME_DAY


def may_enter_quickly(actor: Actor, procedure: Procedure) -> bool:
    """Whether a page offers it: a same-day case, and every step is the actor's.

    The engine asks for less: the steps on the way that a dossier goes.
    """
    own = all(
        step.assignment is not None and actor.holds(step.assignment.position, step.assignment.unit)
        for step in procedure.steps
    )
    return own and bool(procedure.steps) and any(map(allows_quick_entry, procedure.cases))


def enter_quickly(
    office: Office, actor: Actor, entry: QuickEntry, *, key: str | None = None
) -> Outcome:
    """Receive, complete every step on the way and return the result: all of it or nothing.

    Errors: NotSameDay, NotFinishedAtOnce, NotOnTheWay, and whatever receiving, completing a step
    (not one's own step, the same hands, missing components or signatures, entries) and returning
    refuse.
    """
    read = receiving(office, actor, entry.reception)
    request = {**read.request, "steps": {step: dict(data) for step, data in entry.entries.items()}}

    def work(transaction: Transaction) -> Outcome:
        outcome, gone = read.work(transaction), set[str]()
        _require_same_day(office, transaction, actor, outcome, entry.reception)
        for _ in range(_MOST_STEPS):
            if not outcome.opened:
                break
            gone |= {step.element_id for step in outcome.opened}
            outcome = _complete_all(office, transaction, actor, outcome, entry.entries)
        if outcome.state == FINISHED:
            outcome = returning(office, actor, outcome.dossier_id)(transaction)
        if outcome.state != RETURNED:
            raise NotFinishedAtOnce(waiting=_waited_for(outcome))
        _require_on_the_way(_procedure_of(office, transaction, actor, outcome), entry.entries, gone)
        return outcome

    return once(office, actor, "quick_entry", request, key, work)


def _complete_all(
    office: Office,
    transaction: Transaction,
    actor: Actor,
    outcome: Outcome,
    entries: Mapping[str, Mapping[str, Any]],
) -> Outcome:
    """Complete what the last act opened; what that opens in turn is in the answer."""
    opened: list[OpenedStep] = []
    for step in outcome.opened:
        data = entries.get(step.element_id, {})
        outcome = completion(office, actor, step.step_run_id, data)(transaction)
        opened += outcome.opened
    return replace(outcome, opened=tuple(opened))


def _require_same_day(
    office: Office,
    transaction: Transaction,
    actor: Actor,
    outcome: Outcome,
    reception: Reception,
) -> None:
    """The case that was received is one of the same day."""
    procedure = _procedure_of(office, transaction, actor, outcome)
    case = procedure.case(reception.case) if reception.case else procedure.cases[0]
    if case is None or not allows_quick_entry(case):
        raise NotSameDay(case=case.name if case else reception.case)


def _require_on_the_way(
    procedure: Procedure, entries: Mapping[str, Mapping[str, Any]], gone: AbstractSet[str]
) -> None:
    """Nothing that somebody entered is dropped; a box left empty or as it was is no entry."""
    for element, data in entries.items():
        step = procedure.step(element)
        if element in gone:
            continue
        known = {field.code: field for field in step.fields} if step else {}
        for code, value in data.items():
            field = known.get(code)
            if value in _NOTHING or (field is not None and value == field.default):
                continue
            raise NotOnTheWay(
                field=field.name if field else code, step=step.name if step else element
            )


def _procedure_of(
    office: Office, transaction: Transaction, actor: Actor, outcome: Outcome
) -> Procedure:
    version_id = transaction.execute(
        select(dossier.c.version_id).where(
            dossier.c.agency_id == actor.agency_id, dossier.c.dossier_id == outcome.dossier_id
        )
    ).scalar_one()
    return office.version(transaction.reading, actor.agency_id, version_id).procedure


def _waited_for(outcome: Outcome) -> str:
    names = ", ".join(step.name for step in outcome.opened)
    return names or "một sự kiện, một thời điểm hoặc việc của người khác"
