"""One period has three shares on time, each by its own named rule; none is above what it counts."""

from hypothesis import given
from hypothesis import strategies as st

from analysis.behind import dossiers_behind
from analysis.rate import Rate
from analysis.reports.behind import in_cell
from analysis.reports.members import Only
from analysis.reports.three_shares import RULES, on_time, three_shares
from tests.analysis.made_facts import made_facts
from tests.analysis.reports.test_form_06a import MARCH, MAY, at, dossier

IN_TIME = {"finished_us": at(3, 5), "result": "early", "measure": "on_time"}
LATE = {"finished_us": at(3, 9), "result": "late", "measure": "late"}


def march(*dossiers):
    return made_facts(at_us=MAY, dossier_fact=dossiers)


def rates(facts, **more):
    return {share.rule: share.rate for share in three_shares(facts, MARCH, **more)}


def test_what_is_still_being_handled_is_in_the_denominators_of_nd61_and_of_766_only():
    facts = march(
        dossier(1, at(3, 2), at(3, 6), **IN_TIME),
        dossier(2, at(3, 2), at(3, 6), **LATE),
        dossier(3, at(3, 30), at(4, 6)),  # runs, within its limit
        dossier(4, at(3, 20), at(3, 25)),  # runs, past it
    )
    assert rates(facts) == {"06a": Rate(1, 2), "nd61": Rate(1, 4), "766": Rate(2, 4)}


def test_each_of_the_six_numbers_is_the_length_of_its_list():
    facts = march(
        dossier(1, at(3, 2), at(3, 6), **IN_TIME),
        dossier(2, at(3, 2), at(3, 6), **LATE),
        dossier(3, at(3, 30), at(4, 6), procedure_code="Q"),
    )
    for only in (Only(), Only(procedure="P")):
        for share in three_shares(facts, MARCH, only):
            for cell, number in (
                (share.part_cell, share.rate.part),
                (share.whole_cell, share.rate.whole),
            ):
                assert dossiers_behind(facts, in_cell(facts, MARCH, cell, only)).total == number


@given(st.lists(st.sampled_from(["in_time", "late", "running", "overdue"]), max_size=12))
def test_nd61_never_flatters_more_than_06a(ends):
    made = {
        "in_time": (at(3, 6), IN_TIME),
        "late": (at(3, 6), LATE),
        "running": (at(4, 6), {}),
        "overdue": (at(3, 25), {}),
    }
    facts = march(
        *(dossier(n, at(3, 2), made[end][0], **made[end][1]) for n, end in enumerate(ends))
    )
    found = rates(facts)
    assert found["nd61"].part == found["06a"].part
    assert found["06a"].whole <= found["nd61"].whole == found["766"].whole == len(ends)


def test_a_period_without_dossiers_has_three_names_and_no_percentage():
    assert [share.rule for share in three_shares(march(), MARCH)] == list(RULES)
    assert all(share.rate.percent is None for share in three_shares(march(), MARCH))


def test_the_change_is_judged_within_procedures_so_that_easier_dossiers_do_not_deceive():
    """P: all late in both months; Q: all in time. March has more of Q: nothing got better."""
    ended = {"late": at(2, 9), "early": at(2, 9)}
    february = [
        dossier(n, at(2, 2), at(2, 6), finished_us=ended["late"], result="late") for n in range(40)
    ]
    february += [
        dossier(
            n, at(2, 2), at(2, 6), finished_us=ended["early"], result="early", procedure_code="Q"
        )
        for n in range(40, 50)
    ]
    now = [dossier(n, at(3, 2), at(3, 6), **LATE) for n in range(100, 110)]
    now += [dossier(n, at(3, 2), at(3, 6), **IN_TIME, procedure_code="Q") for n in range(110, 150)]
    found = on_time(march(*february, *now), MARCH)
    assert found.change.difference > 0.5
    assert found.change.alike == 0
    assert not found.change.differs
