"""Which column or attribute means what: the names that tools and offices give them."""

import unicodedata
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache


class Role(StrEnum):
    """What a column says about an event, or (the last three) about its case."""

    CASE = "case"
    ACTIVITY = "activity"
    TIME = "time"
    STARTED = "started"
    ENABLED = "enabled"
    TRANSITION = "transition"
    RESOURCE = "resource"
    GROUP = "group"
    INSTANCE = "instance"
    DEADLINE = "deadline"
    PLANNED_END = "planned_end"
    ENDED = "ended"


REQUIRED = (Role.CASE, Role.ACTIVITY, Role.TIME)
CASE_DATES = (Role.DEADLINE, Role.PLANNED_END, Role.ENDED)
TIMES = (Role.TIME, Role.STARTED, Role.ENABLED, *CASE_DATES)

NAMES: Mapping[Role, tuple[str, ...]] = {
    Role.CASE: (
        "case:concept:name", "case_id", "case", "trace_id", "case_key", "dossier", "dossier_code",
        "dossier_id", "mã hồ sơ", "số hồ sơ", "hồ sơ",
    ),
    Role.ACTIVITY: (
        "concept:name", "activity", "activity_name", "activity_id", "task", "task_name", "event",
        "event_name", "step", "step_name", "bước", "tên bước", "bước xử lý", "công việc",
        "hoạt động",
    ),
    Role.TIME: (
        "time:timestamp", "timestamp", "complete_timestamp", "completion_timestamp",
        "end_timestamp", "complete_time", "completion_time", "completion", "completed",
        "completed_at", "end_time", "ended_at", "end", "time", "date_time", "event_time",
        "finish_time", "hoàn thành", "thời điểm hoàn thành", "thời gian hoàn thành", "kết thúc",
        "thời điểm kết thúc", "thời gian kết thúc", "thời điểm", "thời gian", "ngày giờ",
    ),
    Role.STARTED: (
        "start_timestamp", "time:start", "start_time", "started_at", "started", "start", "begin",
        "begin_time", "bắt đầu", "thời điểm bắt đầu", "thời gian bắt đầu",
    ),
    Role.ENABLED: (
        "enabled_timestamp", "enabled_time", "enabled_at", "enable_time", "enabled",
        "assigned_at", "nhận việc", "thời điểm nhận", "thời điểm giao",
    ),
    Role.TRANSITION: ("lifecycle:transition", "lifecycle", "transition", "event_type"),
    Role.RESOURCE: (
        "org:resource", "resource", "resource_name", "user", "performer", "officer", "originator",
        "assignee", "cán bộ", "người xử lý", "người thực hiện", "cán bộ xử lý",
    ),
    Role.GROUP: (
        "org:group", "group", "unit", "department", "team", "đơn vị", "phòng", "phòng ban",
        "cơ quan", "đơn vị xử lý",
    ),
    Role.INSTANCE: ("concept:instance", "activity_instance_id", "instance", "task_id"),
    Role.DEADLINE: (
        "case:deadline", "deadline", "case:due_at", "due_at", "due_date", "due", "hẹn trả",
        "ngày hẹn trả", "thời điểm hẹn trả", "hạn xử lý", "hạn trả",
    ),
    Role.PLANNED_END: (
        "case:enddate_planned", "enddate_planned", "planned_end", "planned_end_date",
        "original_due_at", "ngày dự kiến trả",
    ),
    Role.ENDED: (
        "case:enddate", "enddate", "case:end_date", "case:ended_at", "closed_at", "returned_at",
        "ngày trả", "ngày trả kết quả", "ngày kết thúc hồ sơ",
    ),
}  # fmt: skip
"""Role -> names, the surest first; case, accents, spaces and punctuation do not matter."""


def folded(name: str) -> str:
    """A name without case, accents, spaces and punctuation.

    >>> folded("Mã hồ sơ"), folded("case:concept:name")
    ('mahoso', 'caseconceptname')
    """
    plain = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    return "".join(letter for letter in plain if letter.isalnum())


_RANKED = {
    folded(name): (rank, role) for role, names in NAMES.items() for rank, name in enumerate(names)
}


@lru_cache(maxsize=1024)
def case_date(key: str) -> Role | None:
    """The role of a case's own date in XES, e.g. "deadline"; None for any other attribute."""
    _, role = _RANKED.get(folded(key), (0, None))
    return role if role in CASE_DATES else None


def map_columns(header: Iterable[str]) -> dict[Role, int]:
    """Role -> number of the column; of several that fit, the one with the surest name."""
    best: dict[Role, tuple[int, int]] = {}
    for column, name in enumerate(header):
        if (known := _RANKED.get(folded(name))) is not None:
            rank, role = known
            if role not in best or rank < best[role][0]:
                best[role] = (rank, column)
    return {role: column for role, (_, column) in best.items()}
