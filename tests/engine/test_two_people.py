"""Two people on one dossier: exactly one wins, the other is told, and nothing breaks."""

import threading

import pytest
from sqlalchemy import select

from engine.dossier_file import dossier_file
from engine.dossiers.claim import claim
from engine.dossiers.complete_step import complete_step
from engine.dossiers.components import Brought, record_components
from engine.dossiers.pauses import suspend
from engine.dossiers.receive import Reception, receive
from engine.dossiers.refusals import HeldByOther
from engine.dossiers.send_back import send_back
from engine.journal import verify
from engine.office import Office
from engine.store.database import Database
from engine.store.tables import dossier, step_run
from processes.errors import Conflict, RuleError
from tests.engine.drawing import OFFICER, component, draw, end, gateway, start, step

ROUNDS = 100


def diagram():
    return draw(
        start(),
        *(step("A"), step("B"), end()),
        flows=("S A", "A B", "B E"),
        head=component("DON"),
    )


def at_once(*acts):
    """What each act answered or raised, all begun at the same moment."""
    answers = [None] * len(acts)
    begin = threading.Barrier(len(acts))

    def run(place, act):
        begin.wait()
        try:
            answers[place] = act()
        except Exception as error:  # noqa: BLE001 - told to the test
            answers[place] = error

    threads = [
        threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def failed(answers):
    return [answer for answer in answers if isinstance(answer, Exception)]


def assert_whole(ward, dossiers):
    with ward.office.database.read() as connection:
        count, breaks = verify(connection)
        assert breaks == ()
        events = connection.execute(select(dossier.c.events)).scalars().all()
        assert sum(events) == count
        assert len(events) == dossiers


@pytest.fixture
def offices(ward):
    """The ward's office and a second one: another process, with its own memory and connections."""
    database = Database(ward.office.database.url)
    yield ward, Office(database, ward.clock, ward.office.ids)
    database.close()


def test_of_two_who_complete_one_step_exactly_one_wins_a_hundred_times(ward):
    ward.publish(diagram())
    an, binh, *_ = ward.holders(*OFFICER)
    for _ in range(ROUNDS):
        outcome = receive(ward.office, an, Reception("T-01", "Lê Thị Hoa"))
        run = outcome.opened[0].step_run_id
        answers = at_once(
            lambda run=run: complete_step(ward.office, an, run),
            lambda run=run: complete_step(ward.office, binh, run),
        )
        (refused,) = failed(answers)
        assert isinstance(refused, Conflict)
        (won,) = [answer for answer in answers if answer is not refused]
        assert (won.version, [opened.element_id for opened in won.opened]) == (2, ["B"])
    with ward.office.database.read() as connection:
        states = connection.execute(select(step_run.c.element_id, step_run.c.state)).all()
    assert sorted(map(tuple, states)) == [("A", "completed")] * ROUNDS + [("B", "open")] * ROUNDS
    assert_whole(ward, ROUNDS)


def test_the_same_holds_between_two_processes(offices):
    ward, other = offices
    ward.publish(diagram())
    an, binh, *_ = ward.holders(*OFFICER)
    for _ in range(30):
        outcome = receive(ward.office, an, Reception("T-01", "Lê Thị Hoa"))
        run = outcome.opened[0].step_run_id
        answers = at_once(
            lambda run=run: complete_step(ward.office, an, run),
            lambda run=run: complete_step(other, binh, run),
        )
        (refused,) = failed(answers)
        assert isinstance(refused, Conflict)
    assert_whole(ward, 30)


def test_two_processes_take_turns_on_one_dossier(offices):
    """What one remembers is out of date as soon as the other has acted."""
    ward, other = offices
    diagram = draw(
        start(),
        *(step(f"A{number}") for number in range(8)),
        end(),
        flows=("S A0", *(f"A{n} A{n + 1}" for n in range(7)), "A7 E"),
    )
    ward.publish(diagram)
    officer = ward.holder(*OFFICER)
    run = receive(ward.office, officer, Reception("T-01", "Lê Thị Hoa")).opened[0].step_run_id
    for number in range(8):
        done = complete_step((ward.office, other)[number % 2], officer, run)
        run = done.opened[0].step_run_id if done.opened else None
    assert done.state == "returned"
    assert_whole(ward, 1)


def test_of_two_who_claim_a_step_one_holds_it(ward):
    ward.publish(diagram())
    an, binh, *_ = ward.holders(*OFFICER)
    for _ in range(20):
        outcome = receive(ward.office, an, Reception("T-01", "Lê Thị Hoa"))
        run = outcome.opened[0].step_run_id
        answers = at_once(
            lambda run=run: claim(ward.office, an, run),
            lambda run=run: claim(ward.office, binh, run),
        )
        (refused,) = failed(answers)
        assert isinstance(refused, HeldByOther)
        holder = an if answers[1] is refused else binh
        assert holder.name in refused.message("vi")
    assert_whole(ward, 20)


def test_different_acts_on_one_step_exclude_each_other(ward):
    ward.publish(diagram())
    officers = ward.holders(*OFFICER)
    for _ in range(20):
        outcome = receive(ward.office, officers[0], Reception("T-01", "Lê Thị Hoa"))
        run = outcome.opened[0].step_run_id
        run = complete_step(ward.office, officers[0], run).opened[0].step_run_id
        answers = at_once(
            lambda run=run: complete_step(ward.office, officers[0], run),
            lambda run=run: send_back(ward.office, officers[1], run, "A", "Sai số liệu"),
            lambda run=run: suspend(ward.office, officers[2], run, "Bão số 3 đến", "BLDS, 156"),
        )
        refused = failed(answers)
        assert len(refused) == 2
        assert all(isinstance(refusal, RuleError) for refusal in refused)
    assert_whole(ward, 20)


def test_those_on_different_branches_all_win(ward):
    branches = [f"B{number}" for number in range(4)]
    ward.publish(
        draw(
            start(),
            gateway("parallel", "F"),
            *map(step, branches),
            gateway("parallel", "J"),
            *(step("C"), end()),
            flows=(
                *("S F", "J C", "C E"),
                *(f"F {name}" for name in branches),
                *(f"{name} J" for name in branches),
            ),
        )
    )
    officers = ward.holders(*OFFICER)
    for _ in range(10):
        outcome = receive(ward.office, officers[0], Reception("T-01", "Lê Thị Hoa"))
        answers = at_once(
            *(
                lambda actor=officers[place % 3], run=opened.step_run_id: complete_step(
                    ward.office, actor, run
                )
                for place, opened in enumerate(outcome.opened)
            )
        )
        assert failed(answers) == []
        assert sum(len(answer.opened) for answer in answers) == 1
        assert [run.element_id for run in ward.file(outcome).open_steps] == ["C"]
    assert_whole(ward, 10)


def test_eight_at_once_on_one_dossier_all_get_their_turn(ward):
    """None gives up because others were faster."""
    outcome = ward.received(diagram())
    officers = ward.holders(*OFFICER)
    answers = at_once(
        *(
            lambda number=number: record_components(
                ward.office,
                officers[number % 3],
                outcome.dossier_id,
                (Brought("DON", "original", number + 1),),
            )
            for number in range(8)
        )
    )
    assert failed(answers) == []
    assert sorted(answer.version for answer in answers) == list(range(2, 10))
    assert_whole(ward, 1)


def test_a_reader_never_sees_half_an_act(ward):
    outcome = ward.received(diagram())
    officer = ward.holder(*OFFICER)
    stop = threading.Event()
    seen: set[tuple] = set()

    def read() -> None:
        while not stop.is_set():
            with ward.office.database.read() as connection:
                file = dossier_file(ward.office, connection, officer, outcome.dossier_id)
            seen.add((file.row.version, tuple(r.element_id for r in file.open_steps)))

    reader = threading.Thread(target=read)
    reader.start()
    run = outcome.opened[0].step_run_id
    for _ in range(15):
        run = complete_step(ward.office, officer, run).opened[0].step_run_id
        run = send_back(ward.office, officer, run, "A", "Sai số liệu").opened[0].step_run_id
    stop.set()
    reader.join()
    assert all(steps == (("A",) if version % 2 else ("B",)) for version, steps in seen)
