"""Cost of an act after so many loops: back through a gateway, and sent back by the next officer.

One dossier for each number of loops; the last acts before that number are timed in turn, one of
each dossier, so that whatever else the machine does falls on all alike. In a process of its own:
`python -m bench.loops`.
"""

import random
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from bench import child
from bench.databases import Databases
from bench.machine import load
from bench.office import AGENCY, found_with, open_office, people
from bench.procedure import LANES, TEXT_BYTES
from bench.spread import Spread, quantile, spreads
from engine.actor import Actor
from engine.dossiers.complete_step import complete_step
from engine.dossiers.receive import Reception, receive
from engine.dossiers.send_back import send_back
from engine.journal import verify
from engine.office import Office
from engine.store.tables import dossier, step_run
from processes.data_field import DataField, FieldType, Option
from processes.diagram import NodeKind
from processes.procedure import Case, Outcome, Procedure, ProcedureKind
from processes.step import NationalStatus, StepSpec
from processes.time_limit import TimeLimit, Unit
from processes.writing import Arrow, End, Gateway, Plan, Start, write

LOOPS = (10, 100, 1_000, 3_000)
KINDS = ("gateway", "send_back")
_AGAIN, _TEXT = "lam_lai", "noi_dung"
_DAY = TimeLimit(Decimal(1), Unit.WORKING_DAY)


def _diagram(kind: str) -> bytes:
    """Two steps; after the second, in the one kind, a gateway that may lead back to the first."""
    begin, end = Start("Event_Submitted", "Nộp"), End("Event_Granted", "Xong")
    steps = tuple(_step(number) for number in (1, 2))
    nodes: tuple[Any, ...] = (begin, end)
    arrows = [Arrow("Event_Submitted", "Task_1"), Arrow("Task_1", "Task_2")]
    if kind == "gateway":
        gateway = Gateway("Gateway_Again", NodeKind.EXCLUSIVE, "Làm lại?", default="Flow_On")
        nodes = (begin, gateway, end)
        arrows += [
            Arrow("Task_2", "Gateway_Again"),
            Arrow("Gateway_Again", "Task_1", when=f'{_AGAIN} = "co"'),
            Arrow("Gateway_Again", "Event_Granted", id="Flow_On"),
        ]
    else:
        arrows.append(Arrow("Task_2", "Event_Granted"))
    procedure = Procedure(
        process_id=f"Bench_{kind}",
        code=_code(kind),
        name=f"Làm đi làm lại: {kind}",
        kind=ProcedureKind.INTERNAL,
        field="Đo thử",
        cases=(Case("normal", "Thông thường", TimeLimit(Decimal(30), Unit.WORKING_DAY)),),
        components=(),
        steps=steps,
        outcomes=(Outcome("Event_Granted", "granted", "Xong", NationalStatus.RETURNED),),
    )
    return write(Plan(procedure, nodes=nodes, arrows=tuple(arrows), pool="Cơ quan đo thử"))


def _step(number: int) -> StepSpec:
    options = (Option("co", "Có"), Option("khong", "Không"))
    return StepSpec(
        element_id=f"Task_{number}",
        name=f"Xử lý bước {number}",
        order=number,
        assignment=LANES[number - 1],
        limits={"": _DAY},
        status=NationalStatus.PROCESSING,
        fields=(
            DataField(_TEXT, "Nội dung"),
            DataField(_AGAIN, "Làm lại?", FieldType.CHOICE, options=options),
        ),
    )


def _code(kind: str) -> str:
    return f"BENCH-{kind}"


def found_loops(url: str) -> None:
    found_with(url, LANES, [_diagram(kind) for kind in KINDS])


def measure(
    databases: Databases,
    passes: int,
    loops: tuple[int, ...],
    timed: int,
    say: Callable[[str], None],
) -> dict[str, Any]:
    """CPU ms of a loop (both of its acts) by the loops before it; timed: loops of each dossier."""
    figures: dict[str, list[dict[str, float]]] = {kind: [] for kind in KINDS}
    loads = []
    for number in range(passes):
        say(f"loops {databases.name}: pass {number + 1} of {passes}")
        begun = load()
        for kind in KINDS:
            url = databases.founded_anew(found_loops)
            try:
                order = {"url": url, "kind": kind, "loops": loops, "timed": timed, "seed": number}
                figures[kind].append(child.run("bench.loops", order))
            finally:
                databases.drop(url)
        loads.append([begun, load()])
    first, last = (str(each) for each in (min(loops), max(loops)))
    return {
        "database": f"{databases.name} {databases.version}",
        "loads": loads,
        "loops": list(loops),
        "kinds": {kind: spreads(each) for kind, each in figures.items()},
        "last_per_first": {
            kind: Spread.of(one[last] / one[first] for one in each)
            for kind, each in figures.items()
        },
    }


class _Walker:
    """One dossier that goes round and round."""

    def __init__(self, office: Office, kind: str, chance: random.Random) -> None:
        self._office, self._kind, self._chance = office, kind, chance
        officers = people(office)
        self._first, self._second = (officers[lane.position] for lane in LANES[:2])
        outcome = receive(office, self._first, Reception(_code(kind), "Nguyễn Thị Ánh Tuyết"))
        self.dossier_id = outcome.dossier_id
        self._open: UUID = outcome.opened[0].step_run_id
        self.loops = 0

    def go_round(self) -> None:
        """Both acts of one loop."""
        self._open = self._complete(self._first)
        if self._kind == "gateway":
            self._open = self._complete(self._second)
        else:
            reason = "Cần xem lại phần đã xử lý"
            outcome = send_back(
                self._office, self._second, self._open, "Task_1", reason, key=self._key()
            )
            (opened,) = outcome.opened
            self._open = opened.step_run_id
        self.loops += 1

    def _complete(self, actor: Actor) -> UUID:
        data = {_TEXT: self._chance.randbytes(TEXT_BYTES // 2).hex(), _AGAIN: "co"}
        outcome = complete_step(self._office, actor, self._open, data, key=self._key())
        (opened,) = outcome.opened
        return opened.step_run_id

    def _key(self) -> str:
        return f"{self._chance.getrandbits(128):032x}"


def _measure(url: str, kind: str, loops: list[int], timed: int, seed: int) -> dict[str, float]:
    """Median CPU ms of the loops before each number, and wall ms of what memory has forgotten."""
    office = open_office(url)
    chance = random.Random(seed)
    walkers = {number: _Walker(office, kind, chance) for number in loops}
    for number, walker in walkers.items():
        for _ in range(number - min(timed, number)):
            walker.go_round()
    used: dict[int, list[float]] = {number: [] for number in loops}
    order = list(walkers)
    for _ in range(timed):
        chance.shuffle(order)
        for number in order:
            if walkers[number].loops == number:
                continue
            begun = time.process_time()
            walkers[number].go_round()
            used[number].append((time.process_time() - begun) * 1000)
    figures = {str(number): quantile(each, 0.5) for number, each in used.items()}
    for number, walker in walkers.items():
        office.live.drop((AGENCY, walker.dossier_id))
        begun = time.process_time()
        walker.go_round()
        figures[f"cold_{number}"] = (time.process_time() - begun) * 1000
    _require_kept(office, {w.dossier_id: w.loops for w in walkers.values()})
    office.database.close()
    return figures


def _require_kept(office: Office, loops: dict[UUID, int]) -> None:
    """Each loop left two ended steps and two sealed events, after the reception."""
    with office.database.read() as connection:
        for dossier_id, number in loops.items():
            own = step_run.c.agency_id == AGENCY, step_run.c.dossier_id == dossier_id
            ended = connection.execute(
                select(func.count()).where(*own, step_run.c.state != "open")
            ).scalar_one()
            events = connection.execute(
                select(dossier.c.events).where(dossier.c.dossier_id == dossier_id)
            ).scalar_one()
            if (ended, events) != (2 * number, 2 * number + 1):
                raise AssertionError(f"{ended} steps, {events} events after {number} loops")
        read, breaks = verify(connection)
    if breaks or read != sum(2 * number + 1 for number in loops.values()):
        raise AssertionError(f"{read} events were read, {len(breaks)} chains are broken")


if __name__ == "__main__":
    child.answer(_measure)
