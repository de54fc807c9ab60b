"""Days off that nobody has decided yet are said to who answers for the calendar, before they come."""

import pytest

from tests.api.test_reminders import browser_of

SAID = "Năm {}: còn ngày nghỉ chưa có quyết định"


@pytest.mark.parametrize(
    ("day", "years"),
    [
        ((2026, 7, 1, 9), ()),
        ((2026, 10, 1, 9), (2026,)),  # 24 November is expected, not decided
        ((2026, 12, 7, 9), (2027,)),  # in December the whole next year
        ((2027, 1, 4, 9), (2027,)),  # Tết
    ],
)
def test_a_head_is_told_in_the_inbox_and_in_the_morning(desk, day, years):
    desk.at(*day)
    browser = browser_of(desk, desk.hung)
    for page in ("/inbox", "/morning"):
        shown = browser.get(page).text
        assert [year for year in (2026, 2027, 2028) if SAID.format(year) in shown] == list(years)
        assert all(f"/calendar?year={year}" in shown for year in years)


def test_who_handles_dossiers_is_not_bothered(desk):
    desk.at(2026, 12, 7, 9)
    assert SAID.format(2027) not in browser_of(desk, desk.lan).get("/inbox").text
