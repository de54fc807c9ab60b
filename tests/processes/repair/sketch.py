"""Small diagrams for repairs: a sketch in, the repaired file's elements out."""

from collections.abc import Collection
from itertools import pairwise

from lxml.etree import _Element as Element

from processes.check import check
from processes.document import BPMN, bpmn, local_name, parse
from processes.repair import NEEDS_DESIGNER, Repair, apply
from tests.processes.drawn import flows, process

START = '<b:startEvent id="S"/>'
END = '<b:endEvent id="E"/>'
AB = '<b:userTask id="A" name="Thụ lý"/><b:userTask id="B" name="Ký duyệt"/>'


def sketch(body: str, *pairs: str) -> bytes:
    """A process with these elements and the flows "A B" between them."""
    return process(body + flows(*pairs))


def line(body: str, *between: str) -> bytes:
    """A process S -> A -> ... -> E; body holds A and what stands between it and the end."""
    stations = ["S", "A", *between, "E"]
    pairs = [f"{a} {b}" for a, b in pairwise(stations)]
    return sketch(START + body + END, *pairs)


class Repaired:
    """A file with repairs made, and the ways to look at it."""

    def __init__(self, data: bytes, accepted: Collection[str] | None = None) -> None:
        self.before = data
        self.data, self.made = apply(data, accepted)
        self.root = parse(self.data).root

    @property
    def kinds(self) -> list[str]:
        return [repair.kind for repair in self.made]

    def of(self, kind: str) -> Repair:
        """The one repair of that kind."""
        (found,) = [repair for repair in self.made if repair.kind == kind]
        return found

    def element(self, element_id: str) -> Element:
        (found,) = self.root.xpath("//*[@id=$id]", id=element_id)
        return found

    def has(self, element_id: str) -> bool:
        return bool(self.root.xpath("//*[@id=$id]", id=element_id))

    def kind_of(self, element_id: str) -> str:
        return local_name(self.element(element_id))

    def all(self, name: str) -> list[Element]:
        return list(self.root.iter(bpmn(name)))

    @property
    def ways(self) -> set[str]:
        """The sequence flows as "from to"."""
        return {f"{f.get('sourceRef')} {f.get('targetRef')}" for f in self.all("sequenceFlow")}

    def condition(self, flow_id: str) -> str | None:
        found = self.element(flow_id).find(bpmn("conditionExpression"))
        return None if found is None else found.text

    def flow(self, source: str, target: str) -> Element:
        (found,) = [
            flow
            for flow in self.all("sequenceFlow")
            if (flow.get("sourceRef"), flow.get("targetRef")) == (source, target)
        ]
        return found

    @property
    def notes(self) -> str:
        """Everything that documentation says."""
        return "\n".join("".join(d.itertext()) for d in self.root.iter(f"{{{BPMN}}}documentation"))


def repaired(data: bytes, accepted: Collection[str] | None = None) -> Repaired:
    """The file with its repairs made; only gaps are left, and nothing else comes up."""
    done = Repaired(data, accepted)
    if accepted is None:
        left = {found.rule for found in check(data).remaining} - NEEDS_DESIGNER
        assert left == set(), left
        assert apply(done.data) == (done.data, ())
    return done
