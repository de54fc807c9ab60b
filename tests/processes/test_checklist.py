"""What a dossier needs: papers, groups that stand for each other, conditions over its data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.checklist import PRODUCED, WAIVED, checklist, missing
from processes.component import (
    Component,
    ComponentGroup,
    Copies,
    CopyForm,
    GroupRule,
    Requirement,
)
from processes.procedure import Procedure

GROUPED = ("GIAY_DO", "GIAY_HONG", "HOP_DONG")
BY_PROXY = Component("UY_QUYEN", "Ủy quyền", Requirement.WHEN, when="co_uy_quyen = true")


def procedure(*components, groups=()):
    return Procedure("1.000001", "Thử", "P", components=components, component_groups=groups)


def grouped(rule, at_least=1, **each):
    """Three papers of one group; each: what is special about one of them."""
    papers = tuple(each.get(code) or Component(code, f"Giấy {code}", group="G") for code in GROUPED)
    return procedure(*papers, groups=(ComponentGroup("G", "Giấy tờ đất", rule, at_least),))


def brought(*codes):
    return {code: {"original": 1} for code in codes}


def lacking(stated, present, data=None, codes=None):
    """(codes, number) of each thing that lacks."""
    return [(item.codes, item.number) for item in missing(stated, data or {}, present, codes)]


def test_of_a_group_of_all_each_paper_is_needed():
    stated = grouped(GroupRule.ALL)
    assert lacking(stated, brought("GIAY_HONG")) == [(("GIAY_DO",), 1), (("HOP_DONG",), 1)]
    assert lacking(stated, brought(*GROUPED)) == []


def test_of_a_group_of_one_any_paper_will_do():
    stated = grouped(GroupRule.ONE_OF)
    assert lacking(stated, {}) == [(GROUPED, 1)]
    for code in GROUPED:
        assert lacking(stated, brought(code)) == []


@given(st.sets(st.sampled_from(GROUPED)), st.integers(1, 3))
def test_of_a_group_of_at_least_n_so_many_lack_as_are_not_there(there, wanted):
    found = lacking(grouped(GroupRule.AT_LEAST, wanted), brought(*there))
    still = wanted - len(there)
    others = tuple(code for code in GROUPED if code not in there)
    assert found == ([(others, still)] if still > 0 else [])


@pytest.mark.parametrize(
    ("rule", "at_least", "vi", "en"),
    [
        (GroupRule.ONE_OF, 1, "một trong các giấy tờ sau", "one of the following"),
        (GroupRule.AT_LEAST, 2, "ít nhất 2 trong các giấy tờ sau", "at least 2 of the following"),
        (GroupRule.AT_LEAST, 3, "cả 3 giấy tờ sau", "all 3 of the following"),
    ],
)
def test_what_lacks_of_a_group_is_said_as_a_person_would(rule, at_least, vi, en):
    (item,) = missing(grouped(rule, at_least), {}, {})
    names = "(1) Giấy GIAY_DO, (2) Giấy GIAY_HONG, (3) Giấy HOP_DONG"
    assert item.describe("vi") == f"{vi}: {names}"
    assert item.describe("en") == f"{en}: {names}"


def test_papers_of_a_group_that_are_there_are_not_named():
    (item,) = missing(grouped(GroupRule.AT_LEAST, 2), {}, brought("GIAY_HONG"))
    assert item.describe("vi") == "một trong các giấy tờ sau: (1) Giấy GIAY_DO, (2) Giấy HOP_DONG"
    (last,) = missing(grouped(GroupRule.AT_LEAST, 3), {}, brought("GIAY_HONG", "GIAY_DO"))
    assert last.describe("vi") == "1 bản Giấy HOP_DONG"


def test_a_paper_of_a_group_counts_only_when_it_is_complete():
    deed = Component("HOP_DONG", "Hợp đồng", copies=(Copies(CopyForm.CERTIFIED, 2),), group="G")
    stated = grouped(GroupRule.ONE_OF, HOP_DONG=deed)
    assert lacking(stated, {"HOP_DONG": {"certified_copy": 1}}) == [(GROUPED, 1)]
    assert lacking(stated, {"HOP_DONG": {"certified_copy": 2}}) == []


def test_a_note_is_never_missing():
    assert lacking(grouped(GroupRule.NOTE), {}) == []
    assert not any(item.required for item in checklist(grouped(GroupRule.NOTE), {}, {}))


def test_a_group_asks_for_no_more_than_the_papers_that_apply():
    conditional = Component("HOP_DONG", "Hợp đồng", Requirement.WHEN, when="mua_ban", group="G")
    stated = grouped(GroupRule.AT_LEAST, 3, HOP_DONG=conditional)
    two, three = ("GIAY_DO", "GIAY_HONG"), GROUPED
    assert lacking(stated, {}, {"mua_ban": False}) == [(two, 2)]
    assert lacking(stated, {}, {"mua_ban": True}) == [(three, 3)]


def test_a_step_that_asks_for_one_paper_of_a_group_asks_for_the_group():
    stated = grouped(GroupRule.ONE_OF)
    assert lacking(stated, brought("HOP_DONG"), codes=["GIAY_DO"]) == []
    assert lacking(stated, {}, codes=["GIAY_DO"]) == [(GROUPED, 1)]
    assert lacking(stated, {}, codes=[]) == []


@pytest.mark.parametrize(
    ("data", "required"),
    [({"co_uy_quyen": True}, True), ({"co_uy_quyen": False}, False), ({}, False)],
)
def test_a_condition_follows_the_data_and_does_not_hold_before_they_are_entered(data, required):
    (item,) = checklist(procedure(BY_PROXY), data, {})
    assert item.required is required
    assert bool(item.missing) is required


def test_each_form_is_counted_by_itself():
    copies = (Copies(CopyForm.ORIGINAL), Copies(CopyForm.PLAIN, 2))
    stated = procedure(Component("DON", "Đơn", copies=copies))
    (first, second) = missing(stated, {}, {"DON": {"original": 0, "certified_copy": 9}})
    assert first.describe("vi") == "1 bản chính Đơn"
    assert second.describe("vi") == "2 bản sao Đơn"
    assert missing(stated, {}, {"DON": {"original": 1, "plain_copy": 3}}) == ()


@pytest.mark.parametrize("form", [WAIVED, PRODUCED])
def test_what_is_waived_or_made_by_a_step_is_not_missing_in_any_form(form):
    stated = procedure(Component("DON", "Đơn", copies=(Copies(CopyForm.ORIGINAL, 3),)))
    assert missing(stated, {}, {"DON": {form: 1}}) == ()
