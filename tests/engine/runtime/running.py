"""A process run by hand in a test: acts by the designer's ids, standing as sorted ids."""

from engine.runtime.instance import Instance, Progress
from engine.runtime.specification import Specification
from processes.check import check
from processes.finding import Severity
from tests.engine.drawing import draw, end, start, step, sub

YEARS = '<qt:case code="normal" name="Thường"><qt:limit amount="999" unit="working_day"/></qt:case>'


class Run:
    """One running process, drawn from nodes and flows."""

    def __init__(self, *nodes, flows, data=None, checked=True):
        drawn = draw(*nodes, flows=flows, cases=YEARS)
        found = check(drawn)
        if checked:
            errors = [f for f in found.findings if f.severity is Severity.ERROR]
            assert not errors, errors
        self.specification = Specification.parse(found.document.root, found.procedure.process_id)
        self.data = dict(data or {})
        self.instance, self.last = Instance.start(self.specification, self.data)

    @property
    def open(self) -> list[str]:
        return sorted(step.element_id for step in self.instance.open_steps().values())

    @property
    def waiting(self) -> list[str]:
        return sorted(timer.element_id for timer in self.instance.waiting_timers().values())

    def token(self, element: str) -> int:
        standing = {**self.instance.open_steps(), **self.instance.waiting_timers()}
        return max(token for token, one in standing.items() if one.element_id == element)

    def complete(self, *elements: str, **entered) -> list[str]:
        """Complete the steps one after the other; what is open then."""
        self.data |= entered
        for element in elements:
            self.last = self.instance.complete(self.token(element), self.data)
        return self.open

    def fire(self, element: str) -> list[str]:
        self.last = self.instance.fire(self.token(element), self.data)
        return self.open

    def send_back(self, element: str, to: str) -> Progress:
        self.last = self.instance.send_back(self.token(element), to, self.data)
        return self.last

    def earlier(self, element: str) -> list[str]:
        return [step.element_id for step in self.instance.earlier_steps(self.token(element))]

    def saved(self) -> bytes:
        return self.instance.encode()


def line(*names):
    flows = [f"{a} {b}" for a, b in zip(("S", *names), (*names, "E"), strict=True)]
    return Run(start(), *(step(name) for name in names), end(), flows=tuple(flows))


def nested():
    return Run(
        start(),
        step("A"),
        sub(
            "P",
            *(start("S1"), step("B")),
            sub("Q", start("S2"), step("C"), end("E3"), flows=("S2 C", "C E3")),
            end("E2"),
            flows=("S1 B", "B Q", "Q E2"),
        ),
        *(step("D"), end()),
        flows=("S A", "A P", "P D", "D E"),
    )
