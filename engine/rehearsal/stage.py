"""One run: the parts of the file, the messages between them, and what people enter."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from engine.calendar import Calendar
from engine.rehearsal.acting import EVENT, STEP, TIMER, Act, Director
from engine.rehearsal.pool import Pool, waits_outside
from engine.rehearsal.readiness import Ready
from engine.rehearsal.run import COMPLETED, FAILED, STUCK, Passed, Run, Script
from engine.rehearsal.scenario import Cues
from engine.rehearsal.values import Entries, told
from engine.rehearsal.walk import Walk
from engine.rehearsal.ways import is_way, taken
from engine.runtime.progress import Progress, Sent
from processes.data_entry import Value
from processes.diagram import GATEWAYS, EventKind, NodeKind
from processes.errors import RuleError

_MOST_ACTS = 2_000
_MOST_LETTERS = 1_000
_ARRIVING = ("message", "signal")
_SENT = {"message": EventKind.MESSAGE, "signal": EventKind.SIGNAL}


class Stage:
    """One run in progress."""

    def __init__(
        self,
        ready: Ready,
        calendar: Calendar,
        start: datetime,
        script: Script,
        director: Director,
    ) -> None:
        self._ready = ready
        self._pools = [Pool(part, calendar) for part in ready.parts]
        self._home = {
            node.id: number
            for number, pool in reversed(list(enumerate(self._pools)))
            for node in pool.diagram.nodes
        }
        self._messages = self._pools[0].diagram.messages
        self._now = start
        self._script = script
        self._director = director
        self._entries = Entries(script, ready.invented)
        self._cues = Cues(script.cues, ready.procedure)
        self._data: dict[str, Value] = {}
        self._letters: list[tuple[int, Sent]] = []
        self._trace: list[Passed] = []
        self._ended: list[str] = []
        self._elements: set[str] = set()
        self._flows: set[str] = set()
        self._walk = Walk()

    def run(self, number: int) -> Run:
        """Run once from start to end."""
        try:
            outcome, error = self._play()
        except RuleError as said:
            outcome, error = FAILED, spoken(said)
        if outcome == COMPLETED:
            self._walk.over()
        kept = {key: value for key, value in self._data.items() if not is_way(key)}
        return Run(
            number,
            outcome,
            tuple(self._trace),
            told(kept),
            error,
            ended=tuple(self._ended),
            elements=frozenset(self._elements),
            flows=frozenset(self._flows),
            repaired=self._ready.repaired,
            moves=tuple(self._walk.moves),
        )

    def _play(self) -> tuple[str, str | None]:
        fields = self._ready.procedure.fields
        self._data = self._entries.entered(fields, self._script.data, {}, self._now)
        self._begin()
        for _ in range(_MOST_ACTS):
            self._pass_letters()
            possible = self._possible()
            if self._pools[0].completed and not (possible and possible[0].kind == STEP):
                self._cues.require_none_left()
                return COMPLETED, None
            if not possible:
                return STUCK, self._where()
            self._act(self._cued(possible))
        most = f"{_MOST_ACTS:,}"
        return STUCK, f"Sau {most} bước vẫn chưa kết thúc / Not at an end after {most} acts"

    def _begin(self) -> None:
        """What nobody outside has to begin begins; where that is nothing, the procedure itself."""
        for number, pool in enumerate(self._pools):
            starts = pool.diagram.starts()
            if any(not waits_outside(start) for start in starts) or not starts:
                start = self._director.start(number)
                self._note(number, pool.begin(self._seen(), self._now, start))
        self._pass_letters()
        if not any(self._inside(start.id) for start in self._pools[0].diagram.starts()):
            self._begin_main()

    def _begin_main(self) -> None:
        if not self._pools[0].begun:
            start = self._cues.start_of(self._pools[0].diagram) or self._director.start(0)
            self._note(0, self._pools[0].begin(self._seen(), self._now, start))

    def _seen(self) -> dict[str, Any]:
        self._data.update(self._director.ways())
        return dict(self._data)

    def _possible(self) -> list[Act]:
        """What can happen now: people first, then timers by their time, then the outside."""
        pools = list(enumerate(self._pools))
        steps = [
            Act(STEP, number, token, element)
            for number, pool in pools
            for token, element in pool.steps()
            if not (self._kind(number, element) is NodeKind.RECEIVE_TASK and self._inside(element))
        ]
        due = sorted((*timer, number) for number, pool in pools for timer in pool.timers())
        timers = [Act(TIMER, number, token, element) for _, token, element, number in due]
        reports = self._director.reports or self._cues.wants_event
        outside = [
            Act(EVENT, number, token, element, name)
            for number, pool in pools
            for token, element, kind, name in pool.events()
            if (kind in _ARRIVING or reports) and not self._inside(element)
        ]
        return [*steps, *timers, *(act for act in outside if act.token not in _tokens(steps))]

    def _kind(self, number: int, element: str) -> NodeKind | None:
        node = self._pools[number].diagram.node(element)
        return None if node is None else node.kind

    def _inside(self, element: str) -> bool:
        """Whether what an element waits for is sent by another part of this file."""
        return (
            any(flow.target == element and flow.source in self._home for flow in self._messages)
            or next(self._throwers(element), None) is not None
        )

    def _throwers(self, element: str) -> Iterator[str]:
        """Elements that throw the signal that this one waits for."""
        node = self._pools[self._home.get(element, 0)].diagram.node(element)
        name = node.reference(EventKind.SIGNAL) if node is not None else ""
        if name:
            for pool in self._pools:
                for other in pool.diagram.nodes:
                    throws = other.kind in (NodeKind.THROW, NodeKind.END)
                    if throws and other.reference(EventKind.SIGNAL) == name:
                        yield other.id

    def _cued(self, possible: Sequence[Act]) -> Act:
        return self._cues.next_of(possible) or self._director.choose(possible)

    def _act(self, act: Act) -> None:
        pool = self._pools[act.pool]
        given = self._cues.given(act)
        if given is None:
            given = self._entries.answer(act.element)
        if act.kind == STEP:
            spec = self._ready.procedure.step(act.element)
            fields = spec.fields if spec else ()
            self._data |= self._entries.entered(fields, given, self._data, self._now)
            progress = pool.complete(act.token, self._seen(), self._now)
        else:
            self._data |= self._entries.entered((), given, {}, self._now)
            if act.kind == TIMER:
                progress, self._now = pool.fire(act.token, self._seen(), self._now)
            else:
                progress = pool.tell(act.token, self._seen(), self._now)
        self._note(act.pool, progress)

    def _note(self, number: int, progress: Progress) -> None:
        diagram = self._pools[number].diagram
        flows: list[str] = []
        for element in progress.passed:
            node = diagram.node(element)
            if node is None:
                continue
            if node.kind not in GATEWAYS:
                self._trace.append(Passed(element, node.name, node.kind.value))
            gives = [flow.id for flow in taken(diagram, node, self._data, self._now)]
            self._walk.passed(diagram, node, gives)
            flows += gives
            for flow in diagram.incoming(element):
                source = diagram.node(flow.source)
                if source is not None and source.kind is NodeKind.EVENT_BASED:
                    flows.append(flow.id)
        self._ended += progress.ended
        self._elements |= set(progress.passed)
        self._flows |= set(flows)
        self._director.seen(number, progress.passed, flows)
        self._letters += [(number, sent) for sent in progress.sent if sent.kind in _SENT]
        del self._letters[_MOST_LETTERS:]

    def _pass_letters(self) -> None:
        """Messages and signals reach whoever waits for them; messages are kept until then."""
        moved = True
        while moved:
            moved = False
            for letter in list(self._letters):
                if self._passed_on(*letter):
                    self._letters.remove(letter)
                    moved = True
                    break
        self._letters = [letter for letter in self._letters if letter[1].kind == "message"]

    def _passed_on(self, sender: int, sent: Sent) -> bool:
        """Give one letter to its addressees: by message flow, else by name, in other pools."""
        by_flow = [flow.target for flow in self._messages if flow.source == sent.element_id]
        reached = False
        for number, pool in enumerate(self._pools):
            if number == sender or (by_flow and sent.kind == "message"):
                continue
            reached |= self._given_by_name(number, pool, sent)
        for target in by_flow if sent.kind == "message" else ():
            reached |= self._given_to(target)
        return reached

    def _given_by_name(self, number: int, pool: Pool, sent: Sent) -> bool:
        start = pool.starts_by(_SENT[sent.kind], sent.name)
        if start is not None:
            self._note(number, pool.begin(self._seen(), self._now, start))
            return True
        waiting = [one for one in pool.events() if one[2:] == (sent.kind, sent.name)]
        if not waiting:
            return False
        self._note(number, pool.deliver(sent.kind, sent.name, self._seen(), self._now))
        return True

    def _given_to(self, target: str) -> bool:
        number = self._home.get(target)
        if number is None:
            return True  # to somebody outside
        pool = self._pools[number]
        node = pool.diagram.node(target)
        if not pool.begun and node is not None and node.kind is NodeKind.START:
            self._note(number, pool.begin(self._seen(), self._now, target))
            return True
        for token, element, _, _ in pool.events():
            if element == target:
                self._note(number, pool.tell(token, self._seen(), self._now))
                return True
        for token, element in pool.steps():
            if element == target:
                self._note(number, pool.complete(token, self._seen(), self._now))
                return True
        return False

    def _where(self) -> str:
        """What the tokens wait for when nothing can happen any more."""
        waiting = [element for pool in self._pools for _, element in pool.steps()]
        waiting += [element for pool in self._pools for _, element, _, _ in pool.events()]
        named = ", ".join(dict.fromkeys(waiting)) or "cổng / a gateway"
        return f"Không đi tiếp được, đang chờ: {named} / Nothing can go on; waiting: {named}"


def _tokens(acts: Sequence[Act]) -> frozenset[int]:
    return frozenset(act.token for act in acts)


def spoken(said: RuleError) -> str:
    """The sentence in both languages."""
    return f"{said.message('vi')} / {said.message('en')}"
