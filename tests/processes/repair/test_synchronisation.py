"""Branches that wait for ever or meet too early: the gateway is mended, with the designer's consent."""

import pytest

from processes.check import check
from processes.repair import apply
from tests.processes.repair.sketch import AB, END, START, repaired, sketch

CHOOSE = (
    '<b:exclusiveGateway id="X" name="Đủ?" default="X B"/><b:parallelGateway id="J"/>'
    f"{START}{AB}{END}"
)
SPLIT = f'<b:parallelGateway id="X"/><b:exclusiveGateway id="J"/>{START}{AB}{END}'
WAYS = ("S X", "X A", "X B", "A J", "B J", "J E")
STUCK = sketch(CHOOSE, *WAYS)
TWICE = sketch(SPLIT, *WAYS)
UNJOINED = sketch(
    f'<b:parallelGateway id="X"/><b:userTask id="C" name="Trả"/>{START}{AB}{END}',
    *("S X", "X A", "X B", "A C", "B C", "C E"),
)


def unsound(data):
    return {f.rule for f in check(data).findings if f.rule.startswith("soundness-")}


@pytest.mark.parametrize(
    ("drawing", "flaw", "kind"),
    [
        (STUCK, "soundness-deadlock", "exclusiveGateway"),
        (TWICE, "soundness-lack-of-synchronisation", "parallelGateway"),
    ],
    ids=["waits for ever", "goes on twice"],
)
def test_a_join_that_does_not_fit_its_split_gets_the_kind_that_does(drawing, flaw, kind):
    assert flaw in unsound(drawing)
    done = repaired(drawing)
    assert done.kind_of("J") == kind
    assert done.of("gateway.synchronised").after.startswith(kind)
    assert not unsound(done.data)


def test_parallel_branches_that_all_lead_into_one_step_are_joined_before_it():
    assert "soundness-lack-of-synchronisation" in unsound(UNJOINED)
    done = repaired(UNJOINED)
    join = done.of("gateway.joined")
    assert join.element == "C"
    assert {"A C_join", "B C_join", "C_join C"} <= done.ways
    assert not unsound(done.data)


@pytest.mark.parametrize("drawing", [STUCK, TWICE, UNJOINED], ids=["stuck", "twice", "unjoined"])
def test_a_declined_gateway_stays_as_it_is_drawn_and_is_proposed_again(drawing):
    all_made = apply(drawing)[1]
    others = [r.id for r in all_made if r.kind not in ("gateway.synchronised", "gateway.joined")]
    data, made = apply(drawing, others)
    assert {r.id for r in made} == set(others)
    assert unsound(data)
    proposed = {r.id for r in check(data).repairs}
    assert proposed == {r.id for r in all_made} - set(others)


def test_a_repaired_file_is_not_repaired_again():
    for drawing in (STUCK, TWICE, UNJOINED):
        once, _ = apply(drawing)
        assert apply(once) == (once, ())


def test_the_finding_carries_its_walk_and_its_fix():
    (found,) = [
        f for f in check(TWICE).to_data()["findings"] if f["rule"].startswith("soundness-lack")
    ]
    assert [move["element"] for move in found["walk"]][:2] == ["S", "X"]
    assert found["walk"][1]["gives"]
    assert found["fix"]["element"] == "J"
