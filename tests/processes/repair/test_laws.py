"""What holds for every file: any choice of repairs makes BPMN that can be read, nothing is lost."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processes.check import Outcome, check
from processes.document import parse
from processes.errors import InvalidInput
from processes.repair import NEEDS_DESIGNER, TooManyRepairs, apply, propose
from tests.processes.drawn import transfer
from tests.processes.repair.losses import losses
from tests.processes.repair.mutations import SEEDS, mutants
from tests.processes.repair.shapes import drawings

ROOT = Path(__file__).resolve().parents[3]
FEW = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)  # fmt: skip


def mended(data: bytes) -> bytes:
    """The file with every repair; checked by the laws that hold for all files."""
    try:
        done, made = apply(data)
    except TooManyRepairs:
        return data
    assert losses(data, done, made) == []
    again, more = apply(done)
    assert [(repair.kind, repair.element, repair.after) for repair in more] == []
    assert again == done
    return done


@FEW
@given(drawings())
def test_repairs_of_any_drawing_lose_nothing_and_leave_nothing_to_repair(data):
    mended(data)


@FEW
@given(drawings(), st.data())
def test_any_choice_of_repairs_makes_a_file_that_can_be_read(data, chosen):
    proposed = propose(parse(data))
    accepted = {repair.id for repair in proposed if chosen.draw(st.booleans(), label=repair.kind)}
    done, made = apply(data, accepted)
    assert {repair.id for repair in made} <= accepted
    parse(done)
    check(done)


@FEW
@given(mutants())
def test_a_spoilt_procedure_is_judged_and_mended_without_a_stumble(data):
    checked = check(data)
    if checked.document is None:
        return
    done = mended(data)
    left = {found.rule for found in check(done).findings if found.severity == "error"}
    if checked.outcome is Outcome.REPAIRABLE:
        assert left <= NEEDS_DESIGNER
    else:
        assert left == {found.rule for found in checked.remaining}


@pytest.mark.parametrize("seed", SEEDS, ids=range(len(SEEDS)))
def test_a_published_procedure_needs_no_repair_of_what_runs(seed):
    if check(seed).outcome is Outcome.PUBLISHABLE:
        assert apply(seed, ()) == (seed, ())


def test_the_same_repair_has_the_same_id_whatever_else_is_accepted():
    data = transfer(
        ("bpmn:exclusiveGateway", "bpmn:complexGateway"), ('name="Phê duyệt"', 'name=""')
    )
    proposed = propose(parse(data))
    for repair in proposed:
        _, made = apply(data, {repair.id})
        assert [each.id for each in made] in ([repair.id], [])
    assert len({repair.id for repair in proposed}) == len(proposed)


@pytest.mark.corpus
def test_no_file_of_the_corpora_loses_anything_by_being_repaired(corpora):
    files = sorted(corpora.glob("bpmn/**/*.bpmn"))
    assert len(files) > 300
    lost = {}
    for file in files:
        try:
            done, made = apply(file.read_bytes(), file_name=file.name)
        except InvalidInput:
            continue
        if found := losses(file.read_bytes(), done, made):
            lost[file.name] = found
    assert lost == {}
