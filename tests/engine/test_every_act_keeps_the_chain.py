"""Whatever an office does, in whatever order, its books agree: a walk at random, from a seed."""

import random
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.dossiers.claim import claim, hand_over, release
from engine.dossiers.complete_step import LateReason, complete_step
from engine.dossiers.components import Brought, record_components, waive_component
from engine.dossiers.end_early import discontinue, refuse, withdraw
from engine.dossiers.extend import extend
from engine.dossiers.late_cause import LateCause
from engine.dossiers.pauses import (
    SupplementRequest,
    receive_supplement,
    request_supplement,
    resume,
    suspend,
)
from engine.dossiers.receive import Reception, receive
from engine.dossiers.return_result import return_result
from engine.dossiers.send_back import earlier_steps, send_back
from engine.dossiers.timeouts import let_time_pass
from engine.store.tables import dossier
from processes.component import Copies, CopyForm
from processes.data_field import FieldType
from processes.errors import RuleError
from tests.engine.drawing import CLERK, draw, end, gateway, start, step, sub, timer
from tests.engine.invariants import assert_whole
from tests.engine.offices import BPMN

WHY = "Lý do ghi trong sổ"


def timed():
    """What the real procedures do not draw: timers, a sub-process, branches that end apart."""
    return draw(
        start(),
        gateway("parallel", "F"),
        *(step("A"), step("B", clock="other_unit"), step("D"), step("E2", status="9")),
        timer("V", limit="4 working_hour", on="A", interrupting=False),
        timer("W", after="PT6H", on="P"),
        sub("P", start("S1"), step("C1"), step("C2"), end("E1", None), flows=("S1 C1", "C1 C2", "C2 E1")),
        step("L"),
        gateway("inclusive", "J"),
        *(end(), end("E3", "extra"), timer("X", limit="1 working_hour")),
        flows=(
            *("S F", "F A", "F B", "F P", "A J", "B J", "P J", "W L", "L J"),
            *("J X", "X E2", "E2 E", "V D", "D E3"),
        ),
        code="T-99",
    )


def short():
    """What ends with handling finished, so that the result is returned by an act of its own."""
    return draw(
        start(),
        *(step("A", lane=CLERK), step("B"), end(status="9")),
        flows=("S A", "A B", "B E"),
        code="T-98",
    )


class Walk:
    """An office at work: every act that a person or time could do next, one at random."""

    def __init__(self, ward, seed):
        self.ward = ward
        self.chance = random.Random(seed)
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.acted_on = None
        real = sorted((BPMN / "procedures").glob("*.bpmn"))
        files = [path.read_bytes() for path in self.chance.sample(real, 4)]
        self.versions = [self._version(data) for data in (*files, timed(), short())]

    def _version(self, data):
        record = self.ward.publish(data)
        with self.ward.office.database.read() as connection:
            return self.ward.office.version(connection, self.ward.agency_id, record.version_id)

    def step(self):
        act = self.chance.choice(ACTS)
        self.acted_on = None
        try:
            done = act(self)
        except RuleError as refusal:
            self.refused[refusal.code] += 1
        else:
            if done is not None:
                self.done[act.__name__] += 1
        if self.acted_on is not None:
            assert_whole(self.ward, self.acted_on)

    # What there is to act on

    def some_dossier(self, *states):
        query = select(dossier).where(dossier.c.state.in_(states)).order_by(dossier.c.code)
        with self.ward.office.database.read() as connection:
            rows = connection.execute(query).all()
        if not rows:
            return None
        row = self.chance.choice(rows)
        self.acted_on = row.dossier_id
        return row

    def some_run(self, *states):
        """An open step, with somebody who holds its position (most of the time)."""
        row = self.some_dossier(*(states or ("open", "finished")))
        file = None if row is None else self.ward.file(row)
        if file is None or not file.open_steps:
            return None, None, None
        run = self.chance.choice(file.open_steps)
        holders = self.ward.holders(run.position, run.unit)
        if run.holder_id and self.chance.random() < 0.9:
            holders = [a for a in holders if a.account_id == run.holder_id] or holders
        if self.chance.random() < 0.03:
            holders = [self.ward.actors[login] for login in sorted(self.ward.actors)]
        return file, run, self.chance.choice(holders)

    def entries(self, fields):
        return {f.code: self.entry(f) for f in fields if f.required or self.chance.random() < 0.7}

    def entry(self, field):
        return {
            FieldType.CHOICE: lambda: self.chance.choice(field.options).value,
            FieldType.BOOLEAN: lambda: self.chance.random() < 0.5,
            FieldType.NUMBER: lambda: self.chance.randrange(100),
            FieldType.DATE: lambda: f"2026-03-{self.chance.randrange(1, 29):02d}",
            FieldType.TEXT: lambda: "Nội dung",
        }[field.type]()

    def papers(self, procedure):
        return tuple(
            Brought(c.code, copies.form.value, copies.number)
            for c in procedure.components
            for copies in (c.copies or [Copies(CopyForm.PLAIN)])
            if self.chance.random() < 0.95
        )


def reception(walk):
    version = walk.chance.choice(walk.versions)
    procedure = version.procedure
    first = procedure.steps[0].assignment
    stated = Reception(
        procedure.code,
        "Lê Thị Hoa",
        case=walk.chance.choice(procedure.cases).code,
        data=walk.entries(procedure.fields),
        components=walk.papers(procedure),
    )
    return receive(walk.ward.office, walk.ward.holder(first.position, first.unit), stated)


def completion(walk):
    file, run, actor = walk.some_run()
    if run is None:
        return None
    spec = file.version.procedure.step(run.element_id)
    late = LateReason(walk.chance.choice(list(LateCause)).value, WHY)
    key = f"{walk.chance.random()}" if walk.chance.random() < 0.3 else None
    data = walk.entries(spec.fields)
    done = complete_step(walk.ward.office, actor, run.step_run_id, data, late, key=key)
    if key:
        again = complete_step(walk.ward.office, actor, run.step_run_id, data, late, key=key)
        assert again == done
    return done


def taking_up(walk):
    _, run, actor = walk.some_run()
    return run and claim(walk.ward.office, actor, run.step_run_id)


def giving_back(walk):
    _, run, actor = walk.some_run()
    return run and release(walk.ward.office, actor, run.step_run_id)


def handing_over(walk):
    _, run, actor = walk.some_run()
    if run is None:
        return None
    to = walk.chance.choice(walk.ward.holders(run.position, run.unit))
    return hand_over(walk.ward.office, actor, run.step_run_id, to, WHY)


def going_back(walk):
    file, run, actor = walk.some_run()
    if run is None:
        return None
    with walk.ward.office.database.read() as connection:
        earlier = earlier_steps(walk.ward.office, connection, actor, run.step_run_id)
    targets = [element for element, _ in earlier]
    if not targets or walk.chance.random() < 0.1:
        targets = [s.element_id for s in file.version.procedure.steps]
    target = walk.chance.choice(targets)
    return send_back(walk.ward.office, actor, run.step_run_id, target, WHY)


def asking(walk):
    file, run, actor = walk.some_run()
    if run is None:
        return None
    codes = tuple(c.code for c in file.version.procedure.components)[:2]
    return request_supplement(
        walk.ward.office, actor, run.step_run_id, SupplementRequest(codes, WHY)
    )


def coming_back(walk):
    file, run, actor = walk.some_run("paused")
    return run and receive_supplement(
        walk.ward.office, actor, file.row.dossier_id, walk.papers(file.version.procedure)
    )


def suspending(walk):
    _, run, actor = walk.some_run()
    return run and suspend(walk.ward.office, actor, run.step_run_id, WHY, WHY)


def resuming(walk):
    file, run, actor = walk.some_run("paused")
    return run and resume(walk.ward.office, actor, file.row.dossier_id, WHY)


def bringing(walk):
    file, run, actor = walk.some_run("open", "paused")
    return run and record_components(
        walk.ward.office, actor, file.row.dossier_id, walk.papers(file.version.procedure)
    )


def waiving(walk):
    file, run, _ = walk.some_run()
    if run is None or not file.version.procedure.components:
        return None
    code = walk.chance.choice(file.version.procedure.components).code
    return waive_component(walk.ward.office, walk.ward.head, file.row.dossier_id, code, WHY)


def extending(walk):
    file, run, _ = walk.some_run()
    if run is None or file.row.due_at is None:
        return None
    to = walk.ward.calendar.add(max(file.row.due_at, walk.ward.clock.now()), 8 * 3600)
    return extend(walk.ward.office, walk.ward.head, file.row.dossier_id, to, WHY)


def ending_early(walk):
    if walk.chance.random() < 0.6:
        return None  # else too little ever comes to its end
    file, run, actor = walk.some_run("open", "paused")
    if run is None:
        return None
    if walk.chance.random() < 0.4:
        return refuse(walk.ward.office, actor, run.step_run_id, WHY)
    end_it = walk.chance.choice((withdraw, discontinue))
    return end_it(walk.ward.office, actor, file.row.dossier_id, WHY)


def returning(walk):
    row = walk.some_dossier("finished", "finished", "returned")
    clerk = walk.ward.holder("can_bo_mot_cua", "mot_cua")
    return row and return_result(walk.ward.office, clerk, row.dossier_id)


def time_passing(walk):
    minutes = walk.chance.choice((1, 10, 45, 240, 1440))
    seconds = walk.chance.random() * 60 if walk.chance.random() < 0.5 else 0
    walk.ward.clock.advance(timedelta(minutes=minutes, seconds=seconds))
    let_time_pass(walk.ward.office)
    return minutes


def restarting(walk):
    walk.ward.forget()
    return True


ACTS = (
    reception,
    *(completion,) * 14,
    *(taking_up, giving_back, handing_over),
    *(going_back,) * 2,
    *(asking, coming_back, coming_back, suspending, resuming, resuming),
    *(bringing, waiving, extending, ending_early, returning),
    *(time_passing,) * 3,
    restarting,
)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_books_agree_after_every_act(ward, seed):
    walk = Walk(ward, seed)
    for _ in range(8):
        reception(walk)
    for _ in range(500):
        walk.step()
    assert_whole(ward)
    assert {act.__name__ for act in ACTS} == set(walk.done), (walk.done, walk.refused)
    states = Counter(row.state for row in ward.stored(dossier))
    assert {"open", "closed", "returned"} <= set(states)
    assert not [code for code in walk.refused if code.startswith("runtime.")]
