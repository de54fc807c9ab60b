"""Nothing is repaired that the designer did not accept; what is accepted is made, and said."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processes.document import parse
from processes.repair import Repair, UnknownRepair, apply, propose
from tests.processes.drawn import flows, process, transfer
from tests.processes.repair.spelled import END, START, lines, whole

FOREIGN = whole(
    '<b:scriptTask id="A" name="Tính phí"/><b:exclusiveGateway id="G" name="Có phí?"/>'
    '<b:callActivity id="B" name="Thu phí" calledElement="ThuPhi"/>'
    + flows("S A", "A G", "G B", "G E", "B E", "A Z")
)


def by_kind(data):
    return {repair.kind: repair for repair in propose(parse(data))}


def test_accepting_nothing_changes_nothing():
    assert apply(FOREIGN, ()) == (FOREIGN, ())


def test_accepting_all_makes_what_was_proposed():
    _, made = apply(FOREIGN)
    assert made == propose(parse(FOREIGN))


def test_one_repair_is_made_and_no_other():
    wanted = by_kind(FOREIGN)["task.person"]
    data, made = apply(FOREIGN, [wanted.id])
    assert made == (wanted,)
    gained, lost = lines(data) - lines(FOREIGN), lines(FOREIGN) - lines(data)
    assert gained == {"A userTask “Tính phí”"}
    assert lost == {"A scriptTask “Tính phí”"}


def test_declining_one_leaves_the_others():
    declined = by_kind(FOREIGN)["call.person"].id
    accepted = {repair.id for repair in propose(parse(FOREIGN))} - {declined}
    data, _ = apply(FOREIGN, accepted)
    assert "B callActivity “Thu phí”" in lines(data)
    assert "A userTask “Tính phí”" in lines(data)
    assert declined in {repair.id for repair in propose(parse(data))}


def test_what_follows_from_a_declined_repair_is_not_made_and_not_said():
    """Without a step before it nobody can be asked, so the gateway gets a step of its own."""
    two = whole(
        '<b:subProcess id="U" name="Con"/><b:exclusiveGateway id="G"/>'
        + flows("S U", "U G", "G E")
        + '<b:sequenceFlow id="g" sourceRef="G" targetRef="U"/>'
    )
    repairs = by_kind(two)
    assert repairs["gateway.choice"].after.startswith("bước “Con”")
    _, made = apply(two, [repairs["gateway.choice"].id])
    assert [repair.after.partition(":")[0] for repair in made] == ["bước mới “Chọn hướng xử lý”"]


def test_repairs_accepted_one_after_the_other_come_to_the_same_end():
    at_once, made = apply(FOREIGN)
    step_by_step = FOREIGN
    for repair in made:
        pending = {each.id for each in propose(parse(step_by_step))}
        if repair.id in pending:
            step_by_step, _ = apply(step_by_step, [repair.id])
    assert lines(step_by_step) == lines(at_once)


def test_an_id_that_the_file_has_no_repair_for_is_refused():
    with pytest.raises(UnknownRepair, match=r"call\.person-0000000000"):
        apply(FOREIGN, ["call.person-0000000000"])


def test_ids_are_the_same_every_time_and_different_for_different_repairs():
    first, second = (propose(parse(FOREIGN)) for _ in range(2))
    assert [repair.id for repair in first] == [repair.id for repair in second]
    assert len({repair.id for repair in first}) == len(first)


def test_the_document_proposed_for_is_not_changed():
    document = parse(FOREIGN)
    propose(document)
    assert propose(document) == propose(parse(FOREIGN))
    assert document.root.find(".//{*}scriptTask") is not None


def test_a_repair_as_plain_data():
    repair = Repair("flow.dangling", "f", "Vì sao.", "Why.", "A → Z", "–")
    assert repair.to_data() == {
        "id": repair.id,
        "kind": "flow.dangling",
        "element": "f",
        "vi": "Vì sao.",
        "en": "Why.",
        "before": "A → Z",
        "after": "–",
    }


def test_a_procedure_in_order_is_left_alone():
    drawn_in_part = by_kind(transfer())
    assert set(drawn_in_part) == {"drawing.rest"}


def test_our_designers_slip_in_a_condition_is_theirs_to_mend():
    slips = (('ket_qua = "dat"', 'ket_qua = = "dat"'), ('ket_qua = "dat"', 'ket_qa = "dat"'))
    for slip in slips:
        assert set(by_kind(transfer(slip))) == {"drawing.rest"}


def test_limits_owners_and_the_rest_of_the_law_are_not_invented():
    data, _ = apply(process(START + '<b:task id="A" name="A"/>' + END + flows("S A", "A E")))
    assert not any(" limit " in line for line in lines(data))
    assert not any(" by " in line for line in lines(data))
    assert "case normal None" in lines(data)


def test_the_name_of_a_nameless_procedure_is_the_files():
    nameless = process(START + '<b:task id="A"/>' + END + flows("S A", "A E"), 'id="P_1x"')
    data, _ = apply(nameless, file_name="Cap_phep xay dung.bpmn")
    assert "name Cap phep xay dung" in lines(data)
    assert "name P_1x" in lines(apply(nameless)[0])


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_any_selection_can_be_accepted(data):
    ids = [repair.id for repair in propose(parse(FOREIGN))]
    accepted = data.draw(st.sets(st.sampled_from(ids)))
    repaired, made = apply(FOREIGN, accepted)
    assert {repair.id for repair in made} <= accepted
    assert (repaired == FOREIGN) is (made == ())
    assert not {r.id for r in made} & {r.id for r in propose(parse(repaired))}
