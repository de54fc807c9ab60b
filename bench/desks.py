"""An office with one big desk and many small ones, and the real dossiers that are then copied.

Everything is received at the big desk. Each handling desk has a procedure of its own, whose second
step it does; of its dossiers some still wait at the big desk, others have come on.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from bench.doors import APPLICANT
from bench.office import START, found_with, open_office, people
from bench.procedure import COMPONENT, LANES, diagram, entries, procedure_code
from engine.clock import SetClock
from engine.dossiers.claim import claim
from engine.dossiers.complete_step import complete_step
from engine.dossiers.components import Brought
from engine.dossiers.pauses import suspend
from engine.dossiers.receive import Reception, receive
from engine.dossiers.timeouts import let_time_pass
from processes.step import Assignment

CHAIN = 6
BIG, SMALL = LANES[0].position, "ban_01"
_DESKS = tuple(f"ban_{number:02d}" for number in range(1, 41))
_OF_A_DESK = 12  # real dossiers; half of them come on to it
_DAYS = (  # Thursday: late by now; Friday, but late enough that nothing is due while it is measured
    START - timedelta(days=4),
    START - timedelta(days=3) + timedelta(hours=2),
)


@dataclass(frozen=True, slots=True)
class Model:
    """A real dossier as it stands: its open step waits at the desk; due_at: of the step."""

    dossier_id: UUID
    desk: str
    due_at: datetime | None
    paused: bool


def found_desks(url: str) -> None:
    """The office, its officers and procedures; nothing received yet."""
    lanes = (LANES[0], *map(_assignment, _DESKS), LANES[2])
    drawn = [diagram(CHAIN, (LANES[0], _assignment(d), LANES[2]), f"-{d}") for d in _DESKS]
    found_with(url, lanes, drawn)


def _assignment(desk: str) -> Assignment:
    return Assignment(desk, desk, f"Chuyên viên bàn {desk[-2:]}")


def receive_models(url: str) -> list[Model]:
    """Real dossiers of the two days before START, in the order in which they were received.

    Of each desk one is claimed at the big desk, one claimed at its own and one suspended; the
    late ones were escalated when their time had come.
    """
    clock = SetClock(START)
    office = open_office(url, clock)
    officers = people(office)
    chance = random.Random(0)
    moments = sorted(
        (_DAYS[chance.randrange(2)] + timedelta(seconds=chance.randrange(4 * 3600)), desk, number)
        for desk in _DESKS
        for number in range(_OF_A_DESK)
    )
    models = []
    for at, desk, number in moments:
        clock.set(at.astimezone(UTC))
        big, own = officers[BIG], officers[desk]
        reception = Reception(
            procedure_code(CHAIN, f"-{desk}"),
            APPLICANT,
            components=(Brought(COMPONENT, "original", 1),),
        )
        outcome = receive(office, big, reception)
        (step,) = outcome.opened
        comes_on = number % 2 == 1
        if comes_on:
            entered = entries(1, CHAIN, chance)
            (step,) = complete_step(office, big, step.step_run_id, entered).opened
        if number in (0, 1):
            claim(office, own if comes_on else big, step.step_run_id)
        if number == 3:
            suspend(office, own, step.step_run_id, "Bão số 3, đóng cửa", "BLDS, Điều 156")
        due = None if number == 3 else step.due_at
        models.append(Model(outcome.dossier_id, desk if comes_on else BIG, due, number == 3))
    clock.set(START.astimezone(UTC))
    while let_time_pass(office):
        pass
    office.database.close()
    return models


def shares(models: Sequence[Model], dossiers: int, small: int) -> list[int]:
    """How often each model is copied, so that there are so many dossiers, the models included.

    Half of the copies stand at the big desk; the small desk has `small` steps in all.
    """
    at = {desk: [m for m in models if m.desk == desk] for desk in (BIG, SMALL)}
    others = len(models) - len(at[BIG]) - len(at[SMALL])
    copies = dossiers - len(models)
    of_small = small - len(at[SMALL])
    of_big = copies // 2
    left = {BIG: (of_big, len(at[BIG])), SMALL: (of_small, len(at[SMALL]))}
    rest = (copies - of_big - of_small, others)
    if min(of_small, rest[0]) < 0:
        raise ValueError(f"{dossiers} dossiers are too few for this office")
    found = []
    for model in models:
        kind = model.desk if model.desk in left else ""
        number, of = left.get(kind, rest)
        own = number // of
        found.append(own)
        if kind:
            left[kind] = (number - own, of - 1)
        else:
            rest = (number - own, of - 1)
    return found
