"""A version run dry: what is chosen, how the runs went, and what they passed of the drawing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from api.pages.visit import Visit
from engine.procedure_version import VersionRecord
from engine.rehearsal.room import (
    MOST_RANDOM,
    Rehearsed,
    RunDone,
    Wanted,
    rehearse,
    stated_scenarios,
)
from engine.scenarios import reasons
from processes.errors import RuleError

How = Literal["", "every_path", "random", "scenarios"]
_MOST_NAMES = 40
_WAITING = ("đang chờ: ", "waiting: ")  # as a run that is stuck says it


@dataclass(frozen=True, slots=True)
class Choice:
    """What a visitor wants to see run; how = "": nothing yet."""

    how: How = ""
    runs: int = 20
    seed: int = 1


NOTHING_CHOSEN = Choice()


@dataclass(frozen=True, slots=True)
class Line:
    """A run in the table. kind, sign, word: of its outcome. way: names of what it passed."""

    number: int
    scenario: str
    kind: str
    sign: str
    word: str
    way: tuple[str, ...]
    more: int
    reason: str
    plays: bool


def choice_of(how: How = "", runs: str = "", seed: str = "") -> Choice:
    """The choice of an address; numbers that are none, or too large, are brought within bounds."""
    return Choice(how, _within(runs, 20, MOST_RANDOM), _within(seed, 1, 2**31))


def _within(text: str, otherwise: int, most: int) -> int:
    digits = text.strip()
    number = int(digits) if digits.isdecimal() and len(digits) < 12 else otherwise  # noqa: PLR2004
    return max(1, min(most, number))


def rehearsal_of(
    seen: Visit, record: VersionRecord, names: Mapping[str, str], choice: Choice
) -> dict[str, Any]:
    """What the tab shows: the choice, the stored scenarios, and the runs where some are wanted."""
    stored = stated_scenarios(record.scenarios) if record.scenarios is not None else None
    listed = stored["scenarios"] if stored is not None else []
    shown: dict[str, Any] = {
        "choice": choice,
        "most": MOST_RANDOM,
        "scenarios": [str(each.get("name") or f"#{n}") for n, each in enumerate(listed, start=1)],
        "done": None,
        "refusal": "",
    }
    if not choice.how or (choice.how == "scenarios" and stored is None):
        return shown
    try:
        done = rehearse(
            record.diagram,
            Wanted(
                random=choice.runs if choice.how == "random" else 0,
                seed=choice.seed,
                every_path=choice.how == "every_path",
                scenarios=stored if choice.how == "scenarios" else None,
            ),
        )
    except RuleError as refusal:
        return shown | {"refusal": seen.said(refusal)}
    missed = done.coverage["missed_elements"]
    return shown | {
        "done": done,
        "lines": [_line(seen, run, names) for run in done.runs],
        "well": sum(run.well for run in done.runs),
        "missed": [(each, names.get(each, each)) for each in missed],
        "overlay": _overlay(seen, done),
    }


def _line(seen: Visit, run: RunDone, names: Mapping[str, str]) -> Line:
    told = run.told
    kind, sign, word = _outcome(seen, run)
    way = [step["name"] or names.get(step["id"], "") for step in told["trace"]]
    named = [name for name in way if name]
    return Line(
        number=told["run"],
        scenario=told.get("scenario", ""),
        kind=kind,
        sign=sign,
        word=word,
        way=tuple(named[:_MOST_NAMES]),
        more=max(0, len(named) - _MOST_NAMES),
        reason="" if told["error"] is None else _reason(seen, run, names),
        plays=bool(run.moves),
    )


def _outcome(seen: Visit, run: RunDone) -> tuple[str, str, str]:
    """The badge of an outcome: kind, icon and word."""
    outcome = run.told["outcome"]
    if run.well:
        as_said = seen.t("Đúng kịch bản", "As the scenario says")
        well = as_said if "scenario" in run.told else seen.t("Hoàn thành", "Completed")
        return "well", "check", well
    if outcome == "stuck":
        return "soon", "pause", seen.t("Bị kẹt", "Stuck")
    if outcome == "refused":
        return "late", "close", seen.t("Không chạy được", "Cannot be run")
    if "scenario" in run.told:
        return "late", "error", seen.t("Khác kịch bản", "Not as the scenario says")
    return "late", "error", seen.t("Gặp lỗi", "Failed")


def _reason(seen: Visit, run: RunDone, names: Mapping[str, str]) -> str:
    """Why it did not go well, with what it waits for as the drawing calls it."""
    said = seen.t(*reasons(run))
    for words in _WAITING:
        before, found, waiting = said.partition(words)
        if found:
            called = (names.get(each, each) for each in waiting.split(", "))
            return f"{before}{words}{', '.join(called)}"
    return said


def _overlay(seen: Visit, done: Rehearsed) -> dict[str, Any]:
    """What was passed and what never, on the drawing; and the runs as walks of tokens."""
    passed, missed = seen.t("Đã đi qua", "Passed"), seen.t("Chưa đi qua", "Never passed")
    elements = {each: {"level": "done", "label": "", "title": passed} for each in done.passed}
    for each in (*done.coverage["missed_elements"], *done.coverage["missed_flows"]):
        elements[each] = {"level": "missed", "label": "", "title": missed}
    return {
        "mode": "coverage",
        "elements": elements,
        "walks": {str(r.told["run"]): [move.to_data() for move in r.moves] for r in done.runs},
        "ends": {str(r.told["run"]): f"{_outcome(seen, r)[2]}." for r in done.runs},
    }
