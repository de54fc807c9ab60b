"""Tokens walked through a diagram by hand, without the engine: what a scenario must meet.

Knows what the procedures of `bpmn/` are drawn with: steps, the three gateways, start and end.
"""

from typing import Any

from processes.diagram import Diagram, Flow, NodeKind
from processes.feel import compile_expression, evaluate_condition


class TokenWalk:
    """Where the tokens stand, and which flows they have taken."""

    def __init__(self, diagram: Diagram) -> None:
        self.diagram = diagram
        self.open: list[str] = []  # steps that wait for a person
        self.held: list[str] = []  # gateways at which a token waits for others, once for each
        self.taken: list[str] = []
        self.ends: list[str] = []
        self.data: dict[str, Any] = {}

    def begin(self, data: dict[str, Any]) -> None:
        self.data.update(data)
        (start,) = self.diagram.starts()
        self._leave(start.id)
        self._release()

    def complete(self, step: str, data: dict[str, Any]) -> None:
        assert step in self.open, f"{step} is not open; open are {self.open}"
        self.open.remove(step)
        self.data.update(data)
        self._leave(step)
        self._release()

    def _leave(self, node_id: str) -> None:
        for flow in self._chosen(node_id):
            self.taken.append(flow.id)
            self._arrive(flow.target)

    def _arrive(self, node_id: str) -> None:
        node = self.diagram.by_id[node_id]
        if node.is_step:
            self.open.append(node_id)
        elif node.kind is NodeKind.END:
            self.ends.append(node_id)
        elif self._joins(node_id):
            self.held.append(node_id)
        else:
            self._leave(node_id)

    def _joins(self, node_id: str) -> bool:
        kind = self.diagram.by_id[node_id].kind
        several = len(self.diagram.incoming(node_id)) > 1
        return several and kind in (NodeKind.PARALLEL, NodeKind.INCLUSIVE)

    def _release(self) -> None:
        """Let pass the joins that no other token can reach any more."""
        for join in list(dict.fromkeys(self.held)):
            others = [*self.open, *(held for held in self.held if held != join)]
            if not any(join in self.diagram.graph.reachable([other]) for other in others):
                self.held = [held for held in self.held if held != join]
                self._leave(join)
                self._release()
                return

    def _chosen(self, node_id: str) -> list[Flow]:
        node = self.diagram.by_id[node_id]
        flows = list(self.diagram.outgoing(node_id))
        if node.kind not in (NodeKind.EXCLUSIVE, NodeKind.INCLUSIVE) or len(flows) == 1:
            return flows
        true = [flow for flow in flows if flow.condition and self._holds(flow.condition)]
        chosen = true or [flow for flow in flows if flow.id == node.default]
        assert chosen, f"no way out of {node_id}"
        return chosen[:1] if node.kind is NodeKind.EXCLUSIVE else chosen

    def _holds(self, condition: str) -> bool:
        return evaluate_condition(compile_expression(condition), self.data)
