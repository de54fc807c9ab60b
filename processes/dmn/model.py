"""A decision model: decisions, what they require, and how they are made."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from processes.dmn.boxed import LogicReader
from processes.dmn.errors import UnknownDecision
from processes.dmn.logic import Logic, Variables, function_of
from processes.feel.incoming import read_value
from processes.feel.invocation import bounded
from processes.feel.meter import Meter
from processes.feel.results import measure
from processes.feel.values import FeelFunction


@dataclass(frozen=True, slots=True)
class InputData:
    """A datum that decisions need. type: its type's name, None for any."""

    id: str
    name: str
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Requirements:
    """What an element of the model needs, by ids."""

    inputs: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    knowledge: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision; logic None: nothing is written, so it is null."""

    id: str
    name: str
    requires: Requirements
    logic: Logic | None


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A business knowledge model: a function that decisions share."""

    id: str
    name: str
    requires: Requirements
    parameters: tuple[str, ...]
    body: Logic


@dataclass(frozen=True, slots=True)
class Service:
    """A decision service: some decisions as one function of inputs and of other decisions."""

    id: str
    name: str
    outputs: tuple[str, ...]
    inputs: tuple[str, ...]
    given: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecisionModel:
    """A decision model that was read and found sound.

    Elements by id. order: ids of the decisions, each after those it requires.
    """

    name: str
    inputs: Mapping[str, InputData]
    decisions: Mapping[str, Decision]
    knowledge: Mapping[str, Knowledge]
    services: Mapping[str, Service]
    order: tuple[str, ...]
    _reader: LogicReader

    def decide(
        self, decision: str, inputs: Mapping[str, Any], *, at: datetime | None = None
    ) -> Any:
        """The outcome of a decision (or decision service), by name or id.

        inputs: data by the names of the model's input data; others are ignored, absent ones null.
        at: the moment for `now()` and `today()`. The outcome is a value of FEEL (numbers Decimal).
        Raises UnknownDecision, UnsuitableInput, RulesOverlap, UnusableValue, ExpressionTooCostly.
        """
        meter = Meter(f"{self.name}: {decision}", at)
        try:
            outcome = self._outcome(self._found(decision), inputs, meter)
        except RecursionError:
            meter.too_deep()
        measure(outcome, meter)
        return outcome

    def required_inputs(self, decision: str) -> tuple[InputData, ...]:
        """The input data that a decision (or decision service) needs, in the model's order."""
        found = self._found(decision)
        if isinstance(found, Service):
            needed = set(found.inputs)
        else:
            needed = {
                each
                for id_ in self.needed((found.id,))
                for each in self.decisions[id_].requires.inputs
            }
        return tuple(datum for datum in self.inputs.values() if datum.id in needed)

    def _found(self, decision: str) -> Decision | Service:
        for elements in (self.decisions, self.services):
            if decision in elements:
                return elements[decision]
            for element in elements.values():
                if element.name == decision:
                    return element
        known = ", ".join(each.name for each in self.decisions.values())
        raise UnknownDecision(name=decision, known=known)

    def _outcome(self, found: Decision | Service, inputs: Mapping[str, Any], meter: Meter) -> Any:
        if isinstance(found, Service):
            values = {id_: self._input(id_, inputs, meter) for id_ in found.inputs}
            given = {id_: inputs.get(self.decisions[id_].name) for id_ in found.given}
            read = {id_: read_value(id_, value, meter.charge) for id_, value in given.items()}
            return self.serve(found, values | read, meter)
        run = _Run(self, meter, {})
        for datum in self.required_inputs(found.id):
            run.values[datum.id] = self._input(datum.id, inputs, meter)
        run.decide((found.id,))
        return run.values[found.id]

    def _input(self, id_: str, inputs: Mapping[str, Any], meter: Meter) -> Any:
        datum = self.inputs[id_]
        value = read_value(datum.name, inputs.get(datum.name), meter.charge)
        if datum.type is None:
            return value
        return self._reader.conform(value, datum.name, datum.type, meter)

    def serve(self, service: Service, values: Mapping[str, Any], meter: Meter) -> Any:
        """The outcome of a service: of its one decision, or a context of several."""
        run = _Run(self, meter, dict(values))
        run.decide(service.outputs)
        outcomes = {self.decisions[id_].name: run.values[id_] for id_ in service.outputs}
        return next(iter(outcomes.values())) if len(outcomes) == 1 else outcomes

    def needed(self, wanted: Collection[str], known: Collection[str] = ()) -> list[str]:
        """The decisions wanted and all they require but those known, in the order of making."""
        needed = set(wanted) - set(known)
        for id_ in reversed(self.order):
            if id_ in needed:
                needed.update(set(self.decisions[id_].requires.decisions) - set(known))
        return [id_ for id_ in self.order if id_ in needed]


class _Run:
    """One evaluation: the values of inputs and decisions so far, by id."""

    def __init__(self, model: DecisionModel, meter: Meter, values: dict[str, Any]) -> None:
        self.model = model
        self.meter = meter
        self.values = values

    def decide(self, decisions: Collection[str]) -> None:
        """Make decisions, after those they require."""
        for id_ in self.model.needed(decisions, self.values):
            self.values[id_] = self._made(self.model.decisions[id_])

    def _made(self, decision: Decision) -> Any:
        if decision.logic is None:
            return None
        self.meter.charge(decision.logic.cost)
        return decision.logic.run(self._variables(decision.requires), self.meter)

    def _variables(self, requires: Requirements) -> Variables:
        model = self.model
        variables = {model.inputs[id_].name: self.values.get(id_) for id_ in requires.inputs}
        variables |= {model.decisions[id_].name: self.values[id_] for id_ in requires.decisions}
        return variables | self._functions(requires.knowledge)

    def _functions(self, ids: tuple[str, ...]) -> dict[str, Any]:
        return {function.name: function for function in map(self._function, ids)}

    def _function(self, id_: str) -> FeelFunction:
        model = self.model
        service = model.services.get(id_)
        if service is not None:
            return self._service_function(service)
        knowledge = model.knowledge[id_]

        def run(variables: Variables, meter: Meter) -> Any:
            # what it requires is looked up when it is called, so that it may require itself
            return knowledge.body.run(
                {**self._functions(knowledge.requires.knowledge), **variables}, meter
            )

        body = Logic(run, cost=knowledge.body.cost, depth=knowledge.body.depth)
        return function_of(knowledge.name, knowledge.parameters, body, {})

    def _service_function(self, service: Service) -> FeelFunction:
        model = self.model
        ids = (*service.inputs, *service.given)
        names = tuple(
            model.inputs[id_].name if id_ in model.inputs else model.decisions[id_].name
            for id_ in ids
        )
        logics = [model.decisions[id_].logic for id_ in model.needed(service.outputs, ids)]
        depth = 1 + sum(logic.depth for logic in logics if logic is not None)

        def run(meter: Meter, *arguments: Any) -> Any:
            values = dict(zip(ids, arguments, strict=True))
            return model.serve(service, values, meter)

        return FeelFunction(names, bounded(run, depth, 1), service.name)
