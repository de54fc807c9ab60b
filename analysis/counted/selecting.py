"""From a number to what it counts, whichever way it was counted."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from analysis.behind import Selection
from analysis.counted.of_dossiers import dossiers, these_dossiers
from analysis.counted.of_requests import these_requests
from analysis.counted.of_runs import runs, these_runs
from analysis.counted.question import Counted, Question
from analysis.facts.facts import Facts
from analysis.period import Period
from analysis.queues.causes import Cause, waited_for
from analysis.queues.data_quality import Request, asked_last_hour, bulk_finished, supplements_asked
from analysis.queues.open_hours import OpenHours
from analysis.queues.scope import Scope
from analysis.survival.late_risk import likely_late
from processes.errors import InvalidInput

Hours = Callable[[], Mapping[str, OpenHours]]
_FIRST, _LAST = date(2000, 1, 1), date(2100, 12, 31)
_DAYS = ("step_in_queue", "step_in_hand")


class UnknownCount(InvalidInput):
    """The address asks for a day or a cause that there is not."""

    code = "counted.unknown"
    vi = "Không có “{given}” để liệt kê. Mở lại từ trang phân tích."
    en = "There is no '{given}' to list. Open it again from the page of analysis."


def selected(facts: Facts, question: Question, hours: Hours) -> Selection:
    """What a number counts. hours: of the agencies, asked only where the number needs them.

    Errors: UnknownCount.
    """
    counted = question.counted
    if counted is Counted.STEP_CAUSE:
        return these_runs(question, _waited(facts, question, hours))
    if counted is Counted.STEP_LIKELY_LATE:
        code = question.procedure_code or None
        return these_runs(question, {r.step_run_id: r.age_ws for r in likely_late(facts, code)})
    if counted is Counted.BULK_FINISHED:
        return these_dossiers(question, bulk_finished(facts, _scope(question), hours()))
    if counted.requests:
        return these_requests(question, _asked(facts, question, hours))
    if not counted.runs:
        return dossiers(facts, question)
    return runs(facts, _to_its_day(question) if counted in _DAYS else question)


def _scope(question: Question) -> Scope:
    return Scope.of(question.period, procedure_code=question.procedure_code or None)


def _asked(facts: Facts, question: Question, hours: Hours) -> list[Request]:
    scope = _scope(question)
    if question.counted is Counted.ASKED:
        return supplements_asked(facts, scope)
    return asked_last_hour(facts, scope, hours())[0]


def _waited(facts: Facts, question: Question, hours: Hours) -> dict[str, int]:
    try:
        cause = Cause(question.cause)
    except ValueError as error:
        raise UnknownCount(given=question.cause) from error
    return waited_for(facts, _scope(question), hours(), cause)


def _to_its_day(question: Question) -> Question:
    """What was asked of the end of a day: a period that ends with it."""
    if not question.day:
        return question
    try:
        day = date.fromisoformat(question.day)
    except ValueError as error:
        raise UnknownCount(given=question.day) from error
    if not _FIRST <= day <= _LAST:
        raise UnknownCount(given=question.day)
    return replace(question, period=Period(min(question.period.first, day), day))
