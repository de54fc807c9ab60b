"""Drafts: what somebody has begun to enter is theirs alone and touches nothing else."""

import pytest

from engine.dossier_file import draft_of
from engine.dossiers.complete_step import complete_step
from engine.dossiers.drafts import DraftTooLarge, save_draft
from engine.dossiers.refusals import NoSuchStep
from engine.store.tables import draft
from tests.engine.drawing import OFFICER, draw, end, field, start, step
from tests.engine.offices import stranger


@pytest.fixture
def work(ward):
    diagram = draw(
        start(),
        step("A", field("y_kien"), field("n", "number")),
        step("B"),
        end(),
        flows=("S A", "A B", "B E"),
    )
    outcome = ward.received(diagram)
    an, binh, *_ = ward.holders(*OFFICER)
    return ward, outcome, outcome.opened[0].step_run_id, an, binh


def kept(ward, actor, run):
    with ward.office.database.read() as connection:
        return draft_of(connection, actor, run)


def test_a_draft_is_kept_as_typed_and_replaced_by_the_next(work):
    ward, outcome, run, an, _ = work
    save_draft(ward.office, an, run, {"y_kien": " chưa xong", "n": "1,", "gap": True})
    assert kept(ward, an, run) == {"y_kien": " chưa xong", "n": "1,", "gap": True}
    save_draft(ward.office, an, run, {"n": 1.5})
    assert kept(ward, an, run) == {"n": 1.5}
    save_draft(ward.office, an, run, {})
    assert ward.stored(draft) == []
    assert ward.events(outcome) == ["dossier.received"]
    assert ward.file(outcome).row.version == 1


def test_everybody_has_a_draft_of_their_own(work):
    ward, _, run, an, binh = work
    save_draft(ward.office, an, run, {"y_kien": "của An"})
    save_draft(ward.office, binh, run, {"y_kien": "của Bình"})
    assert kept(ward, an, run) == {"y_kien": "của An"}
    assert kept(ward, binh, run) == {"y_kien": "của Bình"}
    assert kept(ward, stranger(an), run) == {}


def test_there_are_drafts_for_open_steps_of_one_s_agency_only(work):
    ward, _, run, an, _ = work
    with pytest.raises(NoSuchStep):
        save_draft(ward.office, stranger(an), run, {"y_kien": "x"})
    complete_step(ward.office, an, run)
    with pytest.raises(NoSuchStep):
        save_draft(ward.office, an, run, {"y_kien": "x"})


def test_drafts_for_steps_that_have_ended_are_forgotten(work):
    ward, _, run, an, binh = work
    save_draft(ward.office, an, run, {"y_kien": "của An"})
    save_draft(ward.office, binh, run, {"y_kien": "của Bình"})
    following = complete_step(ward.office, an, run).opened[0].step_run_id
    save_draft(ward.office, an, following, {"y_kien": "bước sau"})
    assert {(row.account_id, row.step_run_id) for row in ward.stored(draft)} == {
        (an.account_id, following),
        (binh.account_id, run),  # until Bình saves again
    }


@pytest.mark.parametrize(
    "data",
    [
        {f"f{number}": "x" for number in range(201)},
        {"y_kien": "x" * 20_001},
        {f"{'f' * 119}{number}": "x" for number in range(200)},
    ],
)
def test_a_draft_beyond_any_form_is_refused(work, data):
    ward, _, run, an, _ = work
    with pytest.raises(DraftTooLarge):
        save_draft(ward.office, an, run, data)


def test_what_no_database_can_keep_is_left_out_of_a_draft(work):
    ward, _, run, an, _ = work
    data = {"y_kien": "một\x00 hai\ud800", "n": 10**30, "khac": ["danh sách"], "\x00": "x"}
    save_draft(ward.office, an, run, data)
    assert kept(ward, an, run) == {"y_kien": "một hai", "n": str(10**30), "": "x"}
