"""Acting on a dossier: it is taken in hand within one transaction, and once per key."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from engine.actor import Actor, system_actor
from engine.dossiers.answered import answered, keep, recall
from engine.dossiers.follow_calendar import edition_to_act_by
from engine.dossiers.in_hand import InHand
from engine.dossiers.live_dossier import load_live
from engine.dossiers.outcome import Outcome
from engine.dossiers.refusals import NoSuchDossier, NoSuchStep
from engine.dossiers.step_asked import Who, ask, read_step
from engine.legal_clock.kept_clock import clock_in
from engine.office import Office
from engine.store.database import Command, StaleState, Transaction
from engine.store.prepared import Prepared
from engine.store.tables import dossier
from processes.errors import RuleError

Work = Callable[[InHand], Outcome]
_DOSSIER = Prepared(
    select(dossier).where(
        dossier.c.agency_id == bindparam("of_agency"),
        dossier.c.dossier_id == bindparam("of_dossier"),
    )
)


def act_on_step(
    office: Office,
    actor: Actor,
    step_run_id: UUID,
    command: str,
    request: Mapping[str, Any],
    key: str | None,
    work: Work,
) -> Outcome:
    """Run an act on a step in one transaction, once per key."""
    return office.database.write(
        step_command(office, actor, step_run_id, command, request, key, work)
    )


def step_command(
    office: Office,
    who: Who,
    step_run_id: UUID,
    command: str,
    request: Mapping[str, Any],
    key: str | None,
    work: Work,
) -> Command[Outcome]:
    """An act on a step, to be run in one transaction, once per key."""

    def run(transaction: Transaction) -> Outcome:
        asked = ask(transaction, who, step_run_id, key)
        actor = asked.actor
        if asked.kept is not None:
            return answered(asked.kept, command, request)
        if asked.row is None:
            raise NoSuchStep

        def read() -> Any:
            return read_step(transaction, actor, step_run_id, key)

        hand = _take(office, transaction, actor, asked.row, read)
        hand.step = hand.row.part("step_")
        outcome = _work_or_repeat(hand, command, request, key, work)
        return keep(transaction, actor, command, request, key, hand.now, outcome)

    return run


def act_on_dossier(
    office: Office,
    actor: Actor,
    dossier_id: UUID,
    command: str,
    request: Mapping[str, Any],
    key: str | None,
    work: Work,
) -> Outcome:
    """Run an act on a dossier in one transaction, once per key."""
    return office.database.write(
        dossier_command(office, actor, dossier_id, command, request, key, work)
    )


def dossier_command(
    office: Office,
    actor: Actor,
    dossier_id: UUID,
    command: str,
    request: Mapping[str, Any],
    key: str | None,
    work: Work,
) -> Command[Outcome]:
    """An act on a dossier, to be run in one transaction, once per key."""

    def run(transaction: Transaction) -> Outcome:
        kept = recall(transaction, actor, command, request, key)
        if kept is not None:
            return kept
        hand = _take_dossier(office, transaction, actor, dossier_id)
        outcome = _work_or_repeat(hand, command, request, key, work)
        return keep(transaction, actor, command, request, key, hand.now, outcome)

    return run


def act_on_both(
    office: Office,
    actor: Actor,
    dossier_id: UUID,
    other_id: UUID,
    command: str,
    request: Mapping[str, Any],
    key: str | None,
    work: Callable[[InHand, InHand], Outcome],
) -> Outcome:
    """Run an act on two dossiers in one transaction, once per key; both are to be put down."""

    def run(transaction: Transaction) -> Outcome:
        kept = recall(transaction, actor, command, request, key)
        if kept is not None:
            return kept
        for each in sorted({dossier_id, other_id}):  # in one order: nobody waits in a circle
            office.hold(transaction, each)
        hand = _take_dossier(office, transaction, actor, dossier_id)
        other = _take_dossier(office, transaction, actor, other_id)

        def on_both(hand: InHand) -> Outcome:
            return work(hand, other)

        outcome = _work_or_repeat(hand, command, request, key, on_both)
        return keep(transaction, actor, command, request, key, hand.now, outcome)

    return office.database.write(run)


def _take_dossier(
    office: Office, transaction: Transaction, actor: Actor, dossier_id: UUID
) -> InHand:
    """The dossier of that id, in hand (NoSuchDossier)."""

    def read() -> Any:
        asked = {"of_agency": actor.agency_id, "of_dossier": dossier_id}
        return transaction.row(_DOSSIER, asked)

    row = read()
    if row is None:
        raise NoSuchDossier(dossier=dossier_id)
    return _take(office, transaction, actor, row, read)


def have_follow(office: Office, agency_id: str, dossier_id: UUID) -> None:
    """Have one dossier follow the calendar in force, where it does not yet."""

    def nothing_else(hand: InHand) -> Outcome:
        return hand.outcome(hand.row.version)

    system = system_actor(agency_id)
    act_on_dossier(office, system, dossier_id, "follow_calendar", {}, None, nothing_else)


def _take(
    office: Office, transaction: Transaction, actor: Actor, row: Any, read: Callable[[], Any]
) -> InHand:
    """The dossier, held against other threads; `read` reads its row again.

    Whoever waited for the hold has an old row in hand: the one in memory is newer then.
    """
    office.hold(transaction, row.dossier_id)
    key = (row.agency_id, row.dossier_id)
    transaction.if_undone(lambda: office.live.drop(key))
    version = office.version(transaction.reading, row.agency_id, row.version_id)
    live = office.live.get(key)
    if live is not None and live.version != row.version:
        row = read()
    if live is None or live.version != row.version:
        live = load_live(transaction, row, version)
    now = max(office.clock.now(), live.at)
    edition = office.edition(transaction.reading, row.agency_id)
    changes: dict[str, Any] = {}
    if row.calendar_edition != edition.number:
        edition, written = edition_to_act_by(office, transaction, row, now, edition)
        if written:
            live.version, live.at, row = row.version + 1, now, read()
        elif row.calendar_edition < edition.number:
            changes["calendar_edition"] = edition.number
    clock = clock_in(row)
    return InHand(
        office=office,
        transaction=transaction,
        actor=actor,
        now=now,
        row=row,
        version=version,
        calendar=edition.office,
        live=live,
        clock=clock,
        clock_as_read=clock,
        changes=changes,
        edition=edition,
    )


def _work_or_repeat(
    hand: InHand, command: str, request: Mapping[str, Any], key: str | None, work: Work
) -> Outcome:
    """Do the work; where its twin with the same key was faster meanwhile, look again."""
    try:
        return work(hand)
    except RuleError as refusal:
        if recall(hand.transaction, hand.actor, command, request, key) is not None:
            raise StaleState from refusal
        if _overtaken(hand):  # refused for what is no longer so: look again and say what is
            raise StaleState from refusal
        raise


def _overtaken(hand: InHand) -> bool:
    """Whether another command changed the dossier after this one had read it."""
    version = hand.transaction.execute(
        select(dossier.c.version).where(
            dossier.c.agency_id == hand.agency_id, dossier.c.dossier_id == hand.dossier_id
        )
    ).scalar_one()
    return bool(version != hand.row.version)
