"""The answer in words never says the opposite of what the figures say."""

from analysis.comparison.intervals import wilson
from analysis.comparison.on_time import Stratum, compared
from analysis.reports.three_shares import NamedShare, OnTime
from api.pages.frame import _templates


def first_line(*strata):
    """Said in English of these procedures, before and now."""
    change = compared(strata)
    share = NamedShare(
        "06a", change.b, wilson(change.b.part, change.b.whole), "in_time", "resolved"
    )
    on_time = OnTime(change.b.part, 0, change.b.whole - change.b.part, (share,), change)
    parts = _templates().env.get_template("analysis_parts.html")
    module = parts.make_module({"t": lambda _vi, en: en})
    return str(module.first_line(on_time))


def test_a_share_that_rose_only_because_easier_dossiers_came_is_not_called_better():
    said = first_line(Stratum("easy", 99, 100, 930, 1000), Stratum("hard", 500, 1000, 40, 100))
    assert "up 33.73 points" in said
    assert "but within procedures, case mix apart, really down" in said
    assert "(a real difference)" not in said


def test_a_share_that_rose_in_every_procedure_is_called_so():
    said = first_line(Stratum("P", 600, 1000, 700, 1000))
    assert "up 10.00 points on the period before (a real difference)" in said
