"""What an applicant is asked for comes out of what is missing."""

from processes.checklist import missing
from processes.component import Component, ComponentGroup, Copies, CopyForm, GroupRule
from processes.gap import Choice, Gap, choices, gap
from processes.procedure import Procedure

ARTICLE = "NĐ 101/2024/NĐ-CP, Điều 28"
PROCEDURE = Procedure(
    "1.000001",
    "Thử",
    "P",
    components=(
        Component("DON", "Đơn", copies=(Copies(CopyForm.ORIGINAL, 2),), legal_basis=ARTICLE),
        Component("HOP_DONG", "Hợp đồng", group="G", legal_basis=ARTICLE),
        Component("VAN_BAN", "Văn bản", group="G"),
    ),
    component_groups=(ComponentGroup("G", "Chuyển quyền", GroupRule.ONE_OF),),
)


def gap_of(present):
    return gap(PROCEDURE, missing(PROCEDURE, {}, present))


def test_it_names_each_paper_how_many_and_by_which_law_once():
    assert gap_of({"DON": {"original": 1}}) == Gap(
        ("DON", "HOP_DONG", "VAN_BAN"),
        "Hồ sơ còn thiếu: 1 bản chính Đơn; một trong các giấy tờ sau: (1) Hợp đồng, (2) Văn bản.",
        ARTICLE,
    )


def test_a_law_is_stated_only_where_the_procedure_states_one():
    found = gap_of({"DON": {"original": 2}, "HOP_DONG": {}})
    assert (found.components, found.legal_basis) == (("HOP_DONG", "VAN_BAN"), ARTICLE)
    paper = Procedure("1.000001", "Thử", "P", components=(Component("ANH", "Ảnh"),))
    assert gap(paper, missing(paper, {}, {})).legal_basis == ""


def test_a_complete_dossier_has_no_gap():
    assert gap_of({"DON": {"original": 2}, "VAN_BAN": {"plain_copy": 1}}) is None


def test_the_applicant_may_choose_only_among_more_papers_than_are_lacking():
    lacking = missing(PROCEDURE, {}, {"DON": {"original": 2}})
    assert choices(lacking, ("DON", "HOP_DONG", "VAN_BAN")) == (Choice(1, ("HOP_DONG", "VAN_BAN")),)
    assert choices(lacking, ("HOP_DONG",)) == ()
    assert choices((), ("HOP_DONG", "VAN_BAN")) == ()
