"""What to know before believing a rate: the flags that stand beside it, in words."""

from collections.abc import Mapping

from analysis.facts.facts import Facts
from analysis.queues.data_quality import Flag, Habit, data_quality
from analysis.queues.scope import Scope
from api.opening_hours import hours_of
from api.pages.visit import Visit

HABIT_WORDS: Mapping[Habit, tuple[str, str]] = {
    Habit.ASKED_LAST_HOUR: (
        "yêu cầu bổ sung trong giờ làm việc cuối trước hạn",
        "supplements asked for in the last working hour before due",
    ),
    Habit.BACK_DATED: ("ngày tiếp nhận ghi lùi", "receipt dated back"),
    Habit.MONTH_END_BULK: ("hoàn thành dồn vào cuối tháng", "completed in bulk at the month's end"),
    Habit.WITHIN_SECONDS: (
        "hoàn thành trong vài giây sau khi nhận",
        "completed within seconds of being taken",
    ),
    Habit.NO_HANDLING: (
        "hoàn thành mà không có thời gian xử lý",
        "completed without any handling time",
    ),
}


def flags_of(seen: Visit, facts: Facts, scope: Scope) -> tuple[Flag, ...]:
    """One of each habit, raised or not; for the `flags` of a template."""
    return data_quality(facts, scope, hours_of(seen.office, seen.actor.agency_id, facts))


def habit_words(seen: Visit) -> dict[Habit, str]:
    return {habit: seen.t(*words) for habit, words in HABIT_WORDS.items()}
