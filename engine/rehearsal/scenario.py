"""Scenarios beside a diagram: who does what, with which data, and what is expected of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from engine.rehearsal.acting import EVENT, STEP, TIMER, Act
from engine.rehearsal.run import COMPLETED, FAILED, Cue, Run, Script
from engine.rehearsal.values import exact, told
from processes.diagram import Diagram, EventKind
from processes.errors import InvalidInput, Unmet
from processes.procedure import Procedure

_KINDS = {
    "step": (STEP,),
    "timer": (TIMER,),
    "message": (EVENT,),
    "signal": (EVENT,),
    "event": (EVENT, TIMER),
}
_CUE = {"element": "step", "message": "message", "signal": "signal", "event": "event"}
_CUE |= {"timer": "timer"}
_OF_CUE = {*_CUE, "data", "by"}
_OF_SCENARIO = {"name", "case", "reception", "components", "steps", "outcome", "expect"}
_OF_EXPECTATION = {"outcome", "end", "result", "trace", "exact", "data"}


class InvalidScenario(InvalidInput):
    """A scenario says something that cannot be played."""

    code = "rehearsal.invalid_scenario"
    vi = "Kịch bản “{name}”: {problem_vi}"
    en = "Scenario '{name}': {problem_en}"


class Deviation(Unmet):
    """The procedure did not go the way of the scenario."""

    code = "rehearsal.deviation"
    vi = "Kịch bản chờ {wanted_vi}, nhưng {found_vi}."
    en = "The scenario expects {wanted_en}, but {found_en}."


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a scenario expects. trace: ids in this order, with others between unless exact.

    end: id of an end event that is reached; result: code of the procedure's outcome there.
    """

    outcome: str = COMPLETED
    end: str | None = None
    result: str | None = None
    trace: tuple[str, ...] = ()
    exact: bool = False
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A script and what comes of it."""

    name: str
    script: Script
    expected: Expectation

    def judge(self, run: Run, procedure: Procedure) -> Run:
        """The run, failed where it is not what was expected."""
        named = replace(run, name=self.name)
        try:
            self._compare(run, procedure)
        except Deviation as deviation:
            said = f"{deviation.message('vi')} / {deviation.message('en')}"
            reason = said if run.error is None else f"{said} ({run.error})"
            return replace(named, outcome=FAILED, error=reason)
        return replace(named, error=None) if run.outcome == self.expected.outcome else named

    def _compare(self, run: Run, procedure: Procedure) -> None:
        wanted = self.expected
        _same("kết quả chạy", "the run to be", wanted.outcome, run.outcome)
        ended = ", ".join(run.ended) or "–"
        if wanted.end is not None and wanted.end not in run.ended:
            _same("kết thúc tại", "the end", wanted.end, ended)
        if wanted.result is not None:
            codes = {one.code for one in procedure.outcomes if one.element_id in run.ended}
            if wanted.result not in codes:
                found = ", ".join(sorted(codes)) or ended
                _same("kết quả hồ sơ", "the result", wanted.result, found)
        passed = [each.id for each in run.trace]
        followed = passed == [*wanted.trace] if wanted.exact else _within(wanted.trace, passed)
        if (wanted.trace or wanted.exact) and not followed:
            _same("đường đi", "the way", " → ".join(wanted.trace), " → ".join(passed))
        for key, value in wanted.data.items():
            held = run.data.get(key)
            _same(f"dữ liệu {key} =", f"the datum {key} to be", told(exact(value)), held)


def _same(vi: str, en: str, wanted: object, found: object) -> None:
    if wanted != found:
        raise Deviation(
            wanted_vi=f"{vi} “{wanted}”",
            wanted_en=f"{en} '{wanted}'",
            found_vi=f"thực tế là “{found}”",
            found_en=f"it is '{found}'",
        )


def _within(wanted: Sequence[str], passed: Sequence[str]) -> bool:
    """Whether all that is wanted was passed, in that order."""
    rest = iter(passed)
    return all(each in rest for each in wanted)


class Cues:
    """The cues of a scenario as they are used up."""

    def __init__(self, cues: Sequence[Cue], procedure: Procedure) -> None:
        self._left = list(cues)
        self._procedure = procedure
        self._now: tuple[Act, Cue] | None = None

    @property
    def wants_event(self) -> bool:
        """Whether something has to be reported next that nobody but a person can know of."""
        return bool(self._left) and self._left[0].kind == "event"

    def start_of(self, diagram: Diagram) -> str | None:
        """The start event that the first cue begins the procedure with."""
        if self._left and self._left[0].kind in ("message", "signal"):
            cue = self._left[0]
            for start in diagram.starts():
                if cue.what in (start.reference(EventKind(cue.kind)), start.id):
                    self._left.pop(0)
                    return start.id
        return None

    def next_of(self, possible: Sequence[Act]) -> Act | None:
        """The act that the next cue asks for; None where something else has to happen first."""
        self._now = None
        if not self._left:
            return None
        cue = self._left[0]
        for act in possible:
            if act.kind in _KINDS[cue.kind] and cue.what in (act.element, act.name):
                self._require_holder(cue)
                self._now = act, self._left.pop(0)
                return act
        later = {each.what for each in self._left if each.kind == "step"}
        awaited = [act.element for act in possible if act.kind == STEP and act.element in later]
        if awaited:
            opened = ", ".join(awaited)
            raise Deviation(
                wanted_vi=f"“{cue.what}”",
                wanted_en=f"'{cue.what}'",
                found_vi=f"đang mở: {opened}",
                found_en=f"open are: {opened}",
            )
        return None

    def given(self, act: Act) -> Mapping[str, Any] | None:
        """What the cue brings with this act."""
        return self._now[1].data if self._now is not None and self._now[0] is act else None

    def require_none_left(self) -> None:
        if self._left:
            raise Deviation(
                wanted_vi=f"“{self._left[0].what}”",
                wanted_en=f"'{self._left[0].what}'",
                found_vi="quy trình đã kết thúc",
                found_en="the procedure has ended",
            )

    def _require_holder(self, cue: Cue) -> None:
        step = self._procedure.step(cue.what)
        holder = None if step is None or step.assignment is None else step.assignment.position
        if cue.by is not None and cue.by != holder:
            _same(f"bước {cue.what} do", f"step {cue.what} to be done by", cue.by, holder)


def read_scenarios(stated: Mapping[str, Any]) -> tuple[Scenario, ...]:
    """The scenarios of a file's content. Errors: InvalidScenario."""
    listed = stated.get("scenarios")
    if not isinstance(listed, list):
        raise _invalid("–", "cần danh sách “scenarios”", "a list 'scenarios' is needed")
    return tuple(_scenario(each, number) for number, each in enumerate(listed, start=1))


def _scenario(stated: Any, number: int) -> Scenario:
    name = f"#{number}"
    stated = _object(stated, name, _OF_SCENARIO)
    name = str(stated.get("name") or name)[:200]
    expected = _object(stated.get("expect", {}), name, _OF_EXPECTATION)
    steps = stated.get("steps", [])
    if not isinstance(steps, list):
        raise _invalid(name, "“steps” phải là danh sách", "'steps' must be a list")
    cues = tuple(_cue(each, name) for each in steps)
    script = Script(_object(stated.get("reception", {}), name), cues=cues)
    result = expected.get("result", stated.get("outcome"))
    trace = expected.get("trace", [])
    if not isinstance(trace, list):
        raise _invalid(name, "“trace” phải là danh sách", "'trace' must be a list")
    return Scenario(
        name,
        script,
        Expectation(
            outcome=str(expected.get("outcome", COMPLETED)),
            end=_text(expected.get("end")),
            result=_text(result),
            trace=tuple(str(each) for each in trace),
            exact=expected.get("exact") is True,
            data=_object(expected.get("data", {}), name),
        ),
    )


def _cue(stated: Any, name: str) -> Cue:
    stated = _object(stated, name, _OF_CUE)
    kinds = [key for key in _CUE if key in stated]
    if len(kinds) != 1:
        raise _invalid(
            name,
            f"mỗi bước cần đúng một trong: {', '.join(_CUE)}",
            f"each step states exactly one of: {', '.join(_CUE)}",
        )
    data = _object(stated.get("data", {}), name)
    return Cue(_CUE[kinds[0]], str(stated[kinds[0]]), data, _text(stated.get("by")))


def _object(stated: Any, name: str, known: set[str] | None = None) -> Mapping[str, Any]:
    """A mapping with text keys, of the known ones; nothing stated is an empty one."""
    found = {} if stated is None else stated
    if not isinstance(found, Mapping) or not all(isinstance(key, str) for key in found):
        raise _invalid(name, "cần một đối tượng {…}", "an object {…} is needed")
    odd = sorted(found.keys() - known) if known is not None else []
    if odd:
        raise _invalid(name, f"không hiểu “{odd[0]}”", f"'{odd[0]}' is not understood")
    return found


def _text(stated: Any) -> str | None:
    return None if stated is None else str(stated)


def _invalid(name: str, vi: str, en: str) -> InvalidScenario:
    return InvalidScenario(name=name, problem_vi=vi, problem_en=en)
