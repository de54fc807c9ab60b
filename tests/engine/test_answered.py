"""Answers kept under a key stay readable in every form they were ever kept in."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from engine.dossiers.outcome import OpenedStep, Outcome

DUE = datetime(2026, 3, 10, 8, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
OUTCOME = Outcome(
    dossier_id=UUID("019cac0f-26bc-7682-9fcd-37cd637f43b0"),
    code="BENCH-260302-0001",
    version=4,
    state="open",
    national_status="4",
    outcome=None,
    due_at=DUE,
    opened=(
        OpenedStep(
            UUID("019cac0f-2727-7b23-98d6-0bb2cf7f72a9"), "Task_4", "Bước 4", None, "mot_cua", None
        ),
    ),
)
NAMED = {  # as kept before version 0004 of the schema
    "code": "BENCH-260302-0001",
    "dossier_id": "019cac0f-26bc-7682-9fcd-37cd637f43b0",
    "due_at": "2026-03-10T08:00:00+07:00",
    "national_status": "4",
    "opened": [
        {
            "due_at": None,
            "element_id": "Task_4",
            "name": "Bước 4",
            "position": "mot_cua",
            "step_run_id": "019cac0f-2727-7b23-98d6-0bb2cf7f72a9",
            "unit": None,
        }
    ],
    "outcome": None,
    "state": "open",
    "version": 4,
}
BY_PLACE = [
    "019cac0f26bc76829fcd37cd637f43b0",
    "BENCH-260302-0001",
    4,
    "open",
    "4",
    None,
    "2026-03-10T08:00:00+07:00",
    [["019cac0f27277b2398d60bb2cf7f72a9", "Task_4", "Bước 4", None, "mot_cua", None]],
]


@pytest.mark.parametrize("kept", [NAMED, BY_PLACE], ids=["named", "by-place"])
def test_an_answer_is_read_as_it_was_given(kept):
    assert Outcome.from_data(kept) == OUTCOME


def test_answers_are_kept_by_place():
    assert OUTCOME.to_data() == BY_PLACE
