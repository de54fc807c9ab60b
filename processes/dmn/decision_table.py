"""Decision tables: which rules match, and what their hit policy makes of them (DMN 1.3, 8.2)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from processes.dmn.errors import RulesOverlap, UnsuitableInput
from processes.dmn.logic import Logic, Variables
from processes.feel import UnaryTests, comparison
from processes.feel.builtins import lists
from processes.feel.meter import Meter
from processes.feel.writing import write_literal


class HitPolicy(StrEnum):
    """What is done when several rules match."""

    UNIQUE = "UNIQUE"  # it must not happen
    ANY = "ANY"  # they must agree
    PRIORITY = "PRIORITY"  # the highest output value, in the order of the output values
    FIRST = "FIRST"  # the first in the table
    COLLECT = "COLLECT"  # all of them, in no order; or one number made of them
    RULE_ORDER = "RULE ORDER"  # all of them in the order of the table
    OUTPUT_ORDER = "OUTPUT ORDER"  # all of them, the highest output value first


class Aggregation(StrEnum):
    """The number that COLLECT makes of the outputs."""

    SUM = "SUM"
    COUNT = "COUNT"
    MIN = "MIN"
    MAX = "MAX"


@dataclass(frozen=True, slots=True)
class Input:
    """A column of conditions. allowed: what the value must pass, None for all."""

    label: str
    value: Logic
    allowed: UnaryTests | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """A column of results.

    ranked: its values in order of priority; default: the value where no rule matches.
    """

    name: str
    ranked: Logic | None = None
    default: Logic | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: it matches when each input passes its tests."""

    tests: tuple[UnaryTests, ...]
    results: tuple[Logic, ...]


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """A table; strict: an overlap or a value outside of the allowed ones is refused, not null."""

    name: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    hit_policy: HitPolicy = HitPolicy.UNIQUE
    aggregation: Aggregation | None = None
    strict: bool = True

    def decide(self, variables: Variables, meter: Meter) -> Any:
        """The table's answer; null where no rule matches and there is no default.

        Raises RulesOverlap, UnsuitableInput.
        """
        values = []
        for column in self.inputs:
            value = column.value.run(variables, meter)
            if not _is_allowed(column, value, variables, meter):
                if not self.strict:
                    return None
                raise UnsuitableInput(
                    name=column.label,
                    type=column.allowed.text if column.allowed else "",
                    value=_shown(value),
                )
            values.append(value)
        matching = self._matching(values, variables, meter)
        if not matching:
            return self._default(variables, meter)
        return _POLICIES[self.hit_policy](self, matching, variables, meter)

    def _matching(self, values: list[Any], variables: Variables, meter: Meter) -> list[int]:
        """The numbers of the rules that match, from 1."""
        matching = []
        for number, rule in enumerate(self.rules, start=1):
            meter.charge(1 + len(values))
            if all(
                tests.matches_within(value, variables, meter)
                for tests, value in zip(rule.tests, values, strict=True)
            ):
                matching.append(number)
                if self.hit_policy is HitPolicy.FIRST:
                    break
        return matching

    def _default(self, variables: Variables, meter: Meter) -> Any:
        if all(column.default is None for column in self.outputs):
            return None
        results = [
            None if column.default is None else column.default.run(variables, meter)
            for column in self.outputs
        ]
        answer = self._answer(results)
        return [answer] if self._gives_list and answer.__class__ is not list else answer

    @property
    def _gives_list(self) -> bool:
        lists_all = (HitPolicy.COLLECT, HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER)
        return self.hit_policy in lists_all and self.aggregation is None

    def results(self, number: int, variables: Variables, meter: Meter) -> list[Any]:
        """The result cells of a rule, by its number."""
        return [result.run(variables, meter) for result in self.rules[number - 1].results]

    def answers(self, matching: list[int], variables: Variables, meter: Meter) -> list[Any]:
        """What each of the rules answers."""
        return [self._answer(self.results(number, variables, meter)) for number in matching]

    def _answer(self, results: Sequence[Any]) -> Any:
        if len(self.outputs) == 1:
            return results[0]
        return {column.name: result for column, result in zip(self.outputs, results, strict=True)}

    def overlap(self, matching: list[int]) -> None:
        """Refuse several answers; None (null) where the table is not strict."""
        if self.strict:
            raise RulesOverlap(table=self.name, rules=", ".join(map(str, matching)))

    def by_priority(
        self, matching: list[int], variables: Variables, meter: Meter
    ) -> list[list[Any]]:
        """Results of the rules, those that come first in the lists of output values first."""
        ranks = [
            [] if column.ranked is None else column.ranked.run(variables, meter)
            for column in self.outputs
        ]
        results = [self.results(number, variables, meter) for number in matching]
        meter.charge(len(results) * sum(len(ranked) + 1 for ranked in ranks))
        return sorted(
            results,
            key=lambda row: [
                _rank(value, ranked, meter) for value, ranked in zip(row, ranks, strict=True)
            ],
        )


_Policy = Callable[[DecisionTable, list[int], Variables, Meter], Any]


def _is_allowed(column: Input, value: Any, variables: Variables, meter: Meter) -> bool:
    if column.allowed is None or value is None:
        return True
    return column.allowed.matches_within(value, variables, meter)


def _rank(value: Any, ranked: list[Any], meter: Meter) -> int:
    """The place among the ranked values; after all of them where it is none."""
    places = (
        place
        for place, each in enumerate(ranked)
        if comparison.satisfies(value, each, meter) is True
    )
    return next(places, len(ranked))


def _unique(table: DecisionTable, matching: list[int], variables: Variables, meter: Meter) -> Any:
    if len(matching) > 1:
        return table.overlap(matching)
    return table.answers(matching, variables, meter)[0]


def _any(table: DecisionTable, matching: list[int], variables: Variables, meter: Meter) -> Any:
    answers = table.answers(matching, variables, meter)
    if any(comparison.equal(answers[0], other, meter) is not True for other in answers[1:]):
        return table.overlap(matching)
    return answers[0]


def _first(table: DecisionTable, matching: list[int], variables: Variables, meter: Meter) -> Any:
    return table.answers(matching[:1], variables, meter)[0]


def _priority(table: DecisionTable, matching: list[int], variables: Variables, meter: Meter) -> Any:
    return table._answer(table.by_priority(matching, variables, meter)[0])  # noqa: SLF001 - its own


def _output_order(
    table: DecisionTable, matching: list[int], variables: Variables, meter: Meter
) -> Any:
    ordered = table.by_priority(matching, variables, meter)
    return [table._answer(results) for results in ordered]  # noqa: SLF001 - its own


def _collect(table: DecisionTable, matching: list[int], variables: Variables, meter: Meter) -> Any:
    answers = table.answers(matching, variables, meter)
    if table.aggregation is None:
        return answers
    return _AGGREGATIONS[table.aggregation](meter, answers)


def _shown(value: Any) -> str:
    return write_literal(value, Meter("", None))[:200]


_AGGREGATIONS: dict[Aggregation, Callable[[Meter, list[Any]], Any]] = {
    Aggregation.SUM: lists.total,
    Aggregation.COUNT: lambda _meter, answers: Decimal(len(answers)),
    Aggregation.MIN: lists.minimum,
    Aggregation.MAX: lists.maximum,
}
_POLICIES: dict[HitPolicy, _Policy] = {
    HitPolicy.UNIQUE: _unique,
    HitPolicy.ANY: _any,
    HitPolicy.PRIORITY: _priority,
    HitPolicy.FIRST: _first,
    HitPolicy.COLLECT: _collect,
    HitPolicy.RULE_ORDER: _collect,
    HitPolicy.OUTPUT_ORDER: _output_order,
}
