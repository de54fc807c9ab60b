"""One sentence tells how a dossier stands with its time, in both languages."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import Overrides, layer
from engine.calendar_change.recount import recounted
from engine.legal_clock.pause import PauseKind
from engine.legal_clock.picture import clock_picture
from engine.legal_clock.punctuality import Punctuality
from engine.legal_clock.sentence import NO_LIMIT, clock_sentence
from processes.procedure import SupplementPolicy
from tests.engine.calendar_change.test_recount import clocks
from tests.engine.ledger_clocks import RESET, TAX, paused, resumed, started, stopped
from tests.engine.working_calendars import VIET_NAM, at, off

STORM = layer(VIET_NAM, Overrides((), (off(date(2026, 3, 5)), off(date(2026, 3, 6)))))
CONTINUE = SupplementPolicy.CONTINUE


def said(clock, when, *, calendar=VIET_NAM, policy=CONTINUE, result=None):
    moment = at(when)
    picture = clock_picture(clock, calendar, moment, policy=policy)
    return tuple(
        clock_sentence(clock, calendar, moment, picture, language, result=result)
        for language in ("vi", "en")
    )


SENTENCES = {
    "runs": (
        said(started(), "05/03/2026 15:30"),
        "Còn 1 ngày 3 giờ làm việc.",
        "1 working day 3 hours left.",
    ),
    "stands": (
        said(paused(since="05/03/2026 15:30"), "07/03/2026 14:00"),
        "Còn 1 ngày 3 giờ làm việc; tạm dừng 2 ngày chờ bổ sung.",
        "1 working day 3 hours left; paused 2 days waiting for a supplement.",
    ),
    "goes on": (
        said(resumed(), "10/03/2026 15:00"),
        "Còn 2 ngày 6 giờ làm việc; đã tạm dừng 6 ngày chờ bổ sung.",
        "2 working days 6 hours left; paused 6 days waiting for a supplement.",
    ),
    "stood for two reasons": (
        said(
            resumed(
                paused(resumed(paused(kind=TAX), "05/03/2026 09:00"), "05/03/2026 10:00"),
                "05/03/2026 14:00",
            ),
            "05/03/2026 14:00",
        ),
        (
            "Còn 2 ngày 6 giờ làm việc; đã tạm dừng 1 ngày chờ cơ quan thuế; "
            "đã tạm dừng trong ngày chờ bổ sung."
        ),
        (
            "2 working days 6 hours left; paused 1 day waiting for the tax office; "
            "paused within a day waiting for a supplement."
        ),
    ),
    "will begin again": (
        said(paused(), "10/03/2026 14:00", policy=RESET),
        "Khi tiếp tục, thời hạn tính lại từ đầu: 5 ngày làm việc; tạm dừng 6 ngày chờ bổ sung.",
        (
            "The limit will be counted from zero when it goes on: 5 working days; "
            "paused 6 days waiting for a supplement."
        ),
    ),
    "began again": (
        said(resumed(policy=RESET), "11/03/2026 14:00"),
        "Còn 4 ngày làm việc; đã tạm dừng 6 ngày chờ bổ sung; tính lại từ đầu từ 10/03/2026.",
        (
            "4 working days left; paused 6 days waiting for a supplement; "
            "counted from zero since 10/03/2026."
        ),
    ),
    "late": (
        said(started("2 ngày làm việc"), "05/03/2026 09:00"),
        "Trễ 1 ngày làm việc.",
        "1 working day late.",
    ),
    "late when it paused": (
        said(paused(started("1 ngày làm việc"), kind=PauseKind.FORCE_MAJEURE), "04/03/2026 16:00"),
        "Trễ 1 ngày 1 giờ làm việc; tạm dừng trong ngày vì bất khả kháng.",
        "1 working day 1 hour late; paused today because of force majeure.",
    ),
    "late by closed time": (
        said(started("1 ngày làm việc", "02/03/2026 07:30"), "02/03/2026 19:00"),
        "Quá hạn.",
        "Past the due time.",
    ),
    "extended": (
        said(
            started().extend(VIET_NAM, at("06/03/2026 10:00"), at("12/03/2026 09:00")),
            "06/03/2026 15:00",
        ),
        "Còn 3 ngày 3 giờ làm việc; đã gia hạn đến 09:00 12/03/2026.",
        "3 working days 3 hours left; extended to 09:00 12/03/2026.",
    ),
    "moved by the calendar": (
        said(recounted(started(), STORM), "04/03/2026 10:00", calendar=STORM),
        "Còn 2 ngày 7 giờ làm việc; lịch làm việc dời hạn từ 09:00 09/03/2026.",
        "2 working days 7 hours left; the calendar moved the due time from 09:00 09/03/2026.",
    ),
    "done early": (
        said(stopped(), "01/04/2026 09:00"),
        "Xong trước hạn, dùng 4 ngày 1 giờ làm việc / 5 ngày làm việc.",
        "Done early, 4 working days 1 hour of 5 working days used.",
    ),
    "done on time": (
        said(stopped(when="09/03/2026 08:00"), "01/04/2026 09:00"),
        "Xong đúng hạn, dùng 4 ngày 7 giờ làm việc / 5 ngày làm việc.",
        "Done on time, 4 working days 7 hours of 5 working days used.",
    ),
    "done late": (
        said(stopped(when="10/03/2026 10:00"), "01/04/2026 09:00"),
        "Xong quá hạn 1 ngày 1 giờ làm việc.",
        "Done late by 1 working day 1 hour.",
    ),
    "nothing allowed": (
        said(started("0 ngày làm việc"), "02/03/2026 09:00"),
        "Đến hạn.",
        "Due now.",
    ),
    "not begun": (
        said(started("3 ngày làm việc", "12/02/2026 15:10", cutoff=time(15)), "12/02/2026 15:40"),
        "Còn 3 ngày làm việc.",
        "3 working days left.",
    ),
}


@pytest.mark.parametrize("case", SENTENCES)
def test_the_sentence_says_how_it_stands(case):
    found, vi, en = SENTENCES[case]
    assert found == (vi, en)


def test_the_verdict_stored_when_handling_ended_stands():
    vi, en = said(stopped(), "01/04/2026 09:00", result=Punctuality.LATE)
    assert (vi, en) == ("Xong quá hạn.", "Done late.")


def test_without_a_limit_that_is_said():
    assert all(len(words) > 30 for words in NO_LIMIT)


@given(clocks(), st.sampled_from([CONTINUE, RESET]))
def test_every_clock_has_a_whole_sentence_in_both_languages(clock, policy):
    picture = clock_picture(clock, VIET_NAM, clock.as_of, policy=policy)
    for language in ("vi", "en"):
        words = clock_sentence(clock, VIET_NAM, clock.as_of, picture, language)
        assert words[0].isupper() or words[0].isdigit()
        assert words.endswith(".")
        assert "  " not in words
