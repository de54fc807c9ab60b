"""Two people, or eight, on one step at one moment: one wins, the others are told, nothing breaks.

QUYTRINH_RACES=10000 runs so many races on each kind of database; a few are enough in CI.
"""

import os
import time
from collections import Counter

from sqlalchemy import delete, select

from engine.dossiers.claim import claim
from engine.dossiers.complete_step import complete_step
from engine.dossiers.outcome import Outcome
from engine.dossiers.refusals import AlreadyEnded, HeldByOther
from engine.dossiers.send_back import send_back
from engine.journal import verify
from engine.runtime.instance import NotOpen
from engine.store.tables import dossier, idempotency, journal, step_run
from tests.engine.drawing import OFFICER
from tests.faults.acts import REASON
from tests.faults.at_once import at_once
from tests.faults.condition import require_sound
from tests.faults.permit import open_run, receive_permit

RACES = int(os.environ.get("QUYTRINH_RACES", "30"))
LOST = (AlreadyEnded, HeldByOther, NotOpen)
"""What the slower ones may be told: each names the step, and who has it or when it ended."""


def ready(ward):
    """A dossier that stands at B."""
    outcome = receive_permit(ward)
    run = open_run(ward, outcome, "A")
    return complete_step(ward.office, ward.holder(run.position, run.unit), run.step_run_id)


def run_of(outcome, element):
    return next(step.step_run_id for step in outcome.opened if step.element_id == element)


def kinds(ward, outcome):
    query = select(journal.c.kind).where(journal.c.dossier_id == outcome.dossier_id)
    with ward.office.database.read() as connection:
        return list(connection.execute(query.order_by(journal.c.seq)).scalars())


def one_wins(answers):
    won = [answer for answer in answers if isinstance(answer, Outcome)]
    lost = [answer for answer in answers if not isinstance(answer, Outcome)]
    assert len(won) == 1, answers
    assert all(isinstance(answer, LOST) for answer in lost), answers
    return won[0]


def complete_by(ward, run, actors, keys):
    return [
        lambda a=a, k=k: complete_step(ward.office, a, run, {"ghi_chu": "đủ"}, key=k)
        for a, k in zip(actors, keys, strict=True)
    ]


def two_complete(ward, people):
    outcome = ready(ward)
    run = run_of(outcome, "B")
    one_wins(at_once(complete_by(ward, run, people[:2], ("a", "b"))))
    return outcome, ["step.completed"]


def eight_complete(ward, people):
    outcome = ready(ward)
    run = run_of(outcome, "B")
    actors = (people * 8)[:8]
    one_wins(at_once(complete_by(ward, run, actors, [f"{outcome.code} {n}" for n in range(8)])))
    return outcome, ["step.completed"]


def one_clicks_eight_times(ward, people):
    """The same key: all are told the same."""
    outcome = ready(ward)
    run, key = run_of(outcome, "B"), f"{outcome.code} nhấn"
    answers = at_once(complete_by(ward, run, people[:1] * 8, [key] * 8))
    assert isinstance(answers[0], Outcome), answers
    assert all(answer == answers[0] for answer in answers)
    return outcome, ["step.completed"]


def two_claim(ward, people):
    outcome = ready(ward)
    run = run_of(outcome, "B")
    one_wins(at_once([lambda a=a: claim(ward.office, a, run) for a in people[:2]]))
    return outcome, ["step.claimed"]


def one_completes_one_sends_back(ward, people):
    outcome = ready(ward)
    run = run_of(outcome, "C")
    officer = ward.holder(*OFFICER)
    complete_step(ward.office, officer, run_of(outcome, "B"))
    chief = next(a for a in ward.actors.values() if a.holds("truong_phong", "van_phong"))
    outcome = complete_step(ward.office, chief, run)
    last = run_of(outcome, "D")
    others = [person for person in people if person != officer][:1]
    answers = at_once(
        [
            lambda: complete_step(ward.office, others[0], last, {"y_kien": "dong_y"}),
            lambda: send_back(ward.office, people[-1], last, "A", REASON),
        ]
    )
    won = one_wins(answers)
    kind = "step.completed" if won.outcome == "done" else "step.sent_back"
    return outcome, ["step.completed", "step.completed", kind]


RACE = (
    two_complete,
    eight_complete,
    one_clicks_eight_times,
    two_claim,
    one_completes_one_sends_back,
)


def test_of_all_who_act_at_once_one_wins_and_nothing_is_harmed(permit_ward):
    ward = permit_ward
    people = ward.holders(*OFFICER)[:4]
    begun, run = time.perf_counter(), Counter()
    for number in range(RACES):
        race = RACE[number % len(RACE)]
        outcome, expected = race(ward, people)
        run[race.__name__] += 1
        assert kinds(ward, outcome) == ["dossier.received", "step.completed", *expected]
        forget_keys(ward)
    seconds = time.perf_counter() - begun
    with ward.office.database.read() as connection:
        _, breaks = verify(connection)
        harmed = [row for row in connection.execute(select(dossier)) if row.version != row.events]
    assert (breaks, harmed) == ((), [])
    if RACES <= 1000:
        require_sound(ward.office)
    print(f"{dict(run)}: {RACES} races, 0 dossiers harmed, {seconds:.0f} s")  # noqa: T201  a figure, shown by pytest -rP


def forget_keys(ward):
    """Keys are each officer's own and are kept: the races use them again."""
    ward.office.database.write(lambda t: t.execute(delete(idempotency)))


def test_of_two_commands_in_one_group_the_bad_one_fails_alone(sqlite_permits):
    """They wait for the one writer together, and each has a savepoint of its own."""
    ward = sqlite_permits
    people = ward.holders(*OFFICER)
    outcomes = [ready(ward) for _ in range(4)]
    runs = [run_of(outcome, "B") for outcome in outcomes]
    acts = [
        lambda n=n, run=run: complete_step(
            ward.office, people[0], run, {"ghi_chu": "đủ"} if n % 2 else {"không có": 1}
        )
        for n, run in enumerate(runs)
    ]
    answers = at_once(acts * 2)
    done = [answer for answer in answers if isinstance(answer, Outcome)]
    assert {answer.dossier_id for answer in done} == {outcomes[n].dossier_id for n in (1, 3)}
    with ward.office.database.read() as connection:
        states = dict(
            connection.execute(
                select(step_run.c.step_run_id, step_run.c.state).where(
                    step_run.c.step_run_id.in_(runs)
                )
            ).all()
        )
    assert [states[run] for run in runs] == ["open", "completed", "open", "completed"]
    require_sound(ward.office)
