"""Whatever fails, and wherever: nothing half done is stored, and memory says what the disk says."""

import pytest
from sqlalchemy import select

from engine.dossiers.complete_step import complete_step
from engine.dossiers.components import Brought
from engine.dossiers.end_early import refuse, withdraw
from engine.dossiers.pauses import SupplementRequest, receive_supplement, request_supplement
from engine.dossiers.receive import Reception, receive
from engine.dossiers.send_back import send_back
from engine.dossiers.timeouts import let_time_pass
from engine.runtime.instance import Instance
from engine.store.database import Transaction
from engine.store.tables import (
    counter,
    dossier,
    dossier_component,
    execution,
    idempotency,
    journal,
    pause,
    step_run,
)
from engine.store.tables import timer as timer_table
from tests.engine.drawing import (
    OFFICER,
    component,
    draw,
    end,
    field,
    gateway,
    needs,
    start,
    step,
    sub,
    timer,
)
from tests.engine.invariants import assert_whole

TABLES = (counter, dossier, dossier_component, execution, idempotency, journal, pause, step_run)


class Broken(Exception):
    """The disk, the network, the program: whatever broke."""


def diagram():
    return draw(
        start(),
        step("A", needs("DON"), field("n", "number")),
        gateway("parallel", "F"),
        step("B", '<qt:produces code="TT" name="Tờ trình"/>'),
        timer("W", after="PT1H", on="B"),
        sub("P", start("S1"), step("C"), end("E1", None), flows=("S1 C", "C E1")),
        gateway("parallel", "J"),
        step("D"),
        *(end(), end("E2")),
        flows=("S A", "A F", "F B", "F P", "B J", "P J", "J D", "D E", "W E2"),
        head=component("DON"),
    )


@pytest.fixture
def begun(ward):
    """A dossier with two branches open and a timer waiting."""
    outcome = ward.received(diagram(), 2026, 3, 2, 8, 0, components=(Brought("DON"),))
    officer = ward.holder(*OFFICER)
    complete_step(ward.office, officer, outcome.opened[0].step_run_id, {"n": "1,5"})
    return ward, outcome, officer


def acts(ward, outcome, officer):
    """Every kind of act, each on the dossier as the fixture left it."""
    office = ward.office

    def run(element):
        return ward.run(outcome, element).step_run_id

    asked = SupplementRequest(("DON",), "Thiếu chữ ký", "NĐ 61/2018")
    return {
        "receive": lambda: receive(
            office,
            officer,
            Reception("T-01", "Trần Văn B", components=(Brought("DON"),)),
            key="k",
        ),
        "complete": lambda: complete_step(office, officer, run("B"), key="k"),
        "complete in a sub-process": lambda: complete_step(office, officer, run("C"), key="k"),
        "supplement": lambda: request_supplement(office, officer, run("B"), asked, key="k"),
        "refuse": lambda: refuse(office, officer, run("B"), "Không đủ điều kiện", key="k"),
        "withdraw": lambda: withdraw(office, officer, outcome.dossier_id, "Xin rút", key="k"),
    }


ACTS = ("receive", "complete", "complete in a sub-process", "supplement", "refuse", "withdraw")


def stored(ward):
    """Everything in the database, to be compared."""
    with ward.office.database.read() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in (*TABLES, timer_table)
        }


def fail_at(monkeypatch, place):
    """Have the place-th statement from now on fail; how many were tried is in the list."""
    tried = []
    execute = Transaction.execute

    def counted(self, statement, parameters=None):
        tried.append(statement)
        if len(tried) == place:
            raise Broken
        return execute(self, statement, parameters)

    monkeypatch.setattr(Transaction, "execute", counted)
    return tried


@pytest.mark.parametrize("kind", ACTS)
def test_a_failure_at_any_statement_leaves_everything_as_it_was(begun, monkeypatch, kind):
    ward, outcome, officer = begun
    act = acts(ward, outcome, officer)[kind]
    before, place = stored(ward), 0
    while True:
        place += 1
        with monkeypatch.context() as patched:
            fail_at(patched, place)
            try:
                act()
            except Broken:
                failed = True
            else:
                failed = False
        assert_whole(ward)
        if not failed:
            break
        assert stored(ward) == before
    assert place > 5
    assert stored(ward) != before


def test_a_failure_at_any_statement_of_going_back_and_of_coming_back(begun, monkeypatch):
    ward, outcome, officer = begun
    for element in ("C", "B"):
        complete_step(ward.office, officer, ward.run(outcome, element).step_run_id)

    def back():
        run = ward.run(outcome, "D").step_run_id
        return send_back(ward.office, officer, run, "B", "Sai số liệu", key="1")

    def ask():
        run = ward.run(outcome, "B").step_run_id
        asked = SupplementRequest(("DON",), "Thiếu chữ ký")
        return request_supplement(ward.office, officer, run, asked, key="2")

    def come():
        brought = (Brought("DON", "original", 2),)
        return receive_supplement(ward.office, officer, outcome.dossier_id, brought, key="3")

    for act in (back, ask, come):
        before, place, done = stored(ward), 0, False
        while not done:
            place += 1
            with monkeypatch.context() as patched:
                fail_at(patched, place)
                try:
                    act()
                    done = True
                except Broken:
                    pass
            assert_whole(ward)
            assert done or stored(ward) == before


def test_a_failure_at_any_statement_of_a_timer(begun, monkeypatch):
    ward, _, _ = begun
    ward.at(2026, 3, 2, 9, 0)
    before = stored(ward)
    for place in range(1, 40):
        with monkeypatch.context() as patched:
            fail_at(patched, place)
            done = let_time_pass(ward.office)
        assert_whole(ward)
        if done:
            break
        assert stored(ward) == before
    assert done == 1
    assert place > 5


def test_after_a_failure_the_same_key_is_free_and_the_act_can_be_repeated(begun, monkeypatch):
    ward, outcome, officer = begun
    run = ward.run(outcome, "B").step_run_id
    with monkeypatch.context() as patched:
        fail_at(patched, 6)
        with pytest.raises(Broken):
            complete_step(ward.office, officer, run, key="k")
    done = complete_step(ward.office, officer, run, key="k")
    assert complete_step(ward.office, officer, run, key="k") == done


def test_a_failure_holds_nobody_else_up(begun, monkeypatch):
    """What was held against other threads is released whichever way the act went."""
    ward, outcome, officer = begun
    run = ward.run(outcome, "B").step_run_id
    for place in range(2, 12):
        with monkeypatch.context() as patched:
            fail_at(patched, place)
            with pytest.raises(Broken):
                complete_step(ward.office, officer, run)
    for lock in ward.office._locks:
        assert lock.acquire(blocking=False)
        lock.release()


def test_a_failure_in_the_runtime_itself_leaves_memory_as_it_was(begun, monkeypatch):
    ward, outcome, officer = begun
    run = ward.run(outcome, "B").step_run_id
    before = stored(ward)
    complete = Instance.complete

    def break_after(self, token, data):
        complete(self, token, data)
        raise Broken

    monkeypatch.setattr(Instance, "complete", break_after)
    with pytest.raises(Broken):
        complete_step(ward.office, officer, run)
    monkeypatch.undo()
    assert stored(ward) == before
    assert_whole(ward)
    done = complete_step(ward.office, officer, run)
    assert done.opened == ()  # the other branch is still open
