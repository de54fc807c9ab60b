"""Reading dossiers: one in full, many as a list, the newest first; of one's own agency only."""

from datetime import timedelta

import pytest

import engine.dossier_file as dossier_file_module
from engine.code_lookup import dossier_of_code
from engine.dossier_file import (
    DossierPlace,
    counts_by_state,
    dossier_file,
    dossier_of_step,
    dossiers,
    draft_of,
    history,
)
from engine.dossiers.complete_step import LateReason, complete_step
from engine.dossiers.components import Brought
from engine.dossiers.end_early import withdraw
from engine.dossiers.pauses import SupplementRequest, request_supplement
from engine.dossiers.receive import Reception, receive
from engine.dossiers.refusals import NoSuchDossier, NoSuchStep
from tests.engine.drawing import OFFICER, component, draw, end, field, needs, start, step
from tests.engine.offices import datetime_of, stranger
from tests.engine.risk.test_indexes import plan_of

HEAD = (
    component("DON", "original 1")
    + component("UY_QUYEN", when="uy_quyen = true", required="when")
    + field("uy_quyen", "boolean", default="false")
)


def diagram(code="T-01"):
    return draw(
        start(),
        step("A", needs("DON"), field("n", "number"), limit="1 working_day"),
        step("B", needs("UY_QUYEN"), limit="1 working_day"),
        end(),
        flows=("S A", "A B", "B E"),
        head=HEAD,
        code=code,
    )


def listed(ward, **asked):
    with ward.office.database.read() as connection:
        return dossiers(connection, ward.designer, **asked)


def test_a_dossier_is_read_in_full(ward):
    outcome = ward.received(
        diagram(), 2026, 3, 2, 8, 0, data={"uy_quyen": True}, components=(Brought("DON"),)
    )
    officer = ward.holder(*OFFICER)
    ward.at(2026, 3, 2, 9, 0)
    complete_step(ward.office, officer, outcome.opened[0].step_run_id, {"n": "2,50"})
    file = ward.file(outcome)
    assert (file.row.code, file.version.procedure.code) == (outcome.code, "T-01")
    assert [(run.element_id, run.state) for run in file.steps] == [
        ("A", "completed"),
        ("B", "open"),
    ]
    assert {code: str(value) for code, value in file.data.items()} == {
        "uy_quyen": "True",
        "n": "2.50",
    }
    assert file.present == {"DON": {"original": 1}}
    assert [missing.codes for missing in file.lacking] == [("UY_QUYEN",)]
    (open_step,) = file.open_steps
    assert [missing.codes for missing in file.lacking_for(open_step)] == [("UY_QUYEN",)]
    assert file.clock.due_at(file.calendar) == datetime_of(2026, 3, 9, 8, 0)
    assert file.people[officer.account_id] == officer.name
    items = {item.component.code: (item.required, bool(item.missing)) for item in file.checklist}
    assert items == {"DON": (True, False), "UY_QUYEN": (True, True)}


def test_another_agency_finds_nothing_of_it(ward):
    outcome = ward.received(diagram(), components=(Brought("DON"),))
    other = stranger(ward.holder(*OFFICER))
    run = outcome.opened[0].step_run_id
    with ward.office.database.read() as connection:
        with pytest.raises(NoSuchDossier):
            dossier_file(ward.office, connection, other, outcome.dossier_id)
        with pytest.raises(NoSuchDossier):
            dossier_of_code(connection, other, outcome.code)
        with pytest.raises(NoSuchStep):
            dossier_of_step(connection, other, run)
        assert history(connection, other, outcome.dossier_id) == ()
        assert dossiers(connection, other) == ()
        assert counts_by_state(connection, other) == {}
        assert draft_of(connection, other, run) == {}


def test_a_dossier_is_found_by_its_code_and_by_its_step(ward):
    outcome = ward.received(diagram())
    with ward.office.database.read() as connection:
        found = dossier_of_code(connection, ward.designer, f" {outcome.code} ")
        assert found == outcome.dossier_id
        run = outcome.opened[0].step_run_id
        assert dossier_of_step(connection, ward.designer, run) == outcome.dossier_id
        for code in ("khong-co", "", "\x00", "\ud800"):
            with pytest.raises(NoSuchDossier):
                dossier_of_code(connection, ward.designer, code)


def test_the_list_is_paged_from_the_newest_back_even_within_one_moment(ward):
    ward.publish(diagram())
    officer = ward.holder(*OFFICER)
    for number in range(12):
        ward.clock.set(datetime_of(2026, 3, 2, 8, 0) + timedelta(minutes=number // 5))
        receive(ward.office, officer, Reception("T-01", f"Người nộp {number}"))
    every = listed(ward, most=100)
    assert [row.received_at for row in every] == sorted(
        (row.received_at for row in every), reverse=True
    )
    pages, after = [], None
    while page := listed(ward, most=5, after=after):
        pages.extend(page)
        after = DossierPlace(page[-1].received_at, page[-1].dossier_id)
    assert pages == list(every)
    assert len(pages) == 12


def test_the_list_is_narrowed_by_state_procedure_lateness_and_words(ward):
    ward.publish(diagram())
    second = ward.publish(diagram("T-02"))
    ward.at(2026, 3, 2, 8, 0)
    officer = ward.holder(*OFFICER)
    taken = {
        name: receive(ward.office, officer, Reception(code, name, components=(Brought("DON"),)))
        for name, code in (
            ("Đào Thị Mở", "T-01"),
            ("Lê Văn Chờ", "T-01"),
            ("Bùi Thị Rút", "T-01"),
            ("Võ Văn Xong", "T-02"),
        )
    }
    waits = taken["Lê Văn Chờ"].opened[0].step_run_id
    request_supplement(ward.office, officer, waits, SupplementRequest(("DON",), "Thiếu đơn"))
    withdraw(ward.office, officer, taken["Bùi Thị Rút"].dossier_id, "Người nộp xin rút")
    ward.at(2026, 3, 12, 8, 0)
    reason = LateReason("overload", "Nhiều hồ sơ quá")
    run = taken["Võ Văn Xong"].opened[0].step_run_id
    for _ in range(2):
        done = complete_step(ward.office, officer, run, late=reason)
        run = done.opened[0].step_run_id if done.opened else None
    found = {
        "paused": {"state": "paused"},
        "closed": {"state": "closed"},
        "returned": {"state": "returned"},
        "late": {"late_at": ward.clock.now()},
        "procedure": {"procedure_id": second.procedure_id},
        "words": {"search": "dao mo"},
        "code": {"search": taken["Bùi Thị Rút"].code},
    }
    names = {
        name: {row.applicant for row in listed(ward, **asked)} for name, asked in found.items()
    }
    assert names == {
        "paused": {"Lê Văn Chờ"},
        "closed": {"Bùi Thị Rút"},
        "returned": {"Võ Văn Xong"},
        "late": {"Đào Thị Mở", "Võ Văn Xong"},
        "procedure": {"Võ Văn Xong"},
        "words": {"Đào Thị Mở"},
        "code": {"Bùi Thị Rút"},
    }
    with ward.office.database.read() as connection:
        states = counts_by_state(connection, ward.designer)
    assert states == {"open": 1, "paused": 1, "closed": 1, "returned": 1}


def test_one_reading_sees_one_state_however_many_statements_it_takes(ward):
    """Another officer completes the step while the page of the dossier is being put together."""
    outcome = ward.received(diagram(), 2026, 3, 2, 8, 0, components=(Brought("DON"),))
    officer = ward.holder(*OFFICER)
    with ward.office.database.read() as connection:
        before = dossier_file(ward.office, connection, officer, outcome.dossier_id)
        complete_step(ward.office, officer, outcome.opened[0].step_run_id)
        after = dossier_file(ward.office, connection, officer, outcome.dossier_id)
    assert after.row.version == before.row.version
    assert [run.state for run in after.steps] == ["open"]
    assert ward.file(outcome).row.version == 2


ASKED_BY_INDEX = {
    "ix_dossier_state": {"state": "closed"},
    "ix_dossier_late": {"late_at": datetime_of(2026, 3, 9, 8, 0)},
    "ix_dossier_due": {"late_at": datetime_of(2026, 3, 9, 8, 0)},
}


def test_the_list_and_its_numbers_are_read_from_indexes_however_much_was_returned(ward):
    ward.received(diagram(), 2026, 3, 2, 8, 0)
    for index, asked in ASKED_BY_INDEX.items():
        plan = plan_of(ward, lambda connection, a=asked: dossiers(connection, ward.designer, **a))
        if ward.office.database.is_sqlite or index != "ix_dossier_due":
            assert index in plan  # PostgreSQL may find one row as well by when it was received
        assert "Seq Scan on dossier" not in plan
    plan = plan_of(ward, lambda connection: counts_by_state(connection, ward.designer))
    assert plan.count("ix_dossier_state") == 5


def test_what_is_counted_ends_somewhere(ward, monkeypatch):
    monkeypatch.setattr(dossier_file_module, "MOST_COUNTED", 2)
    ward.publish(diagram())
    officer = ward.holder(*OFFICER)
    for number in range(3):
        receive(ward.office, officer, Reception("T-01", f"Người {number}"))
    with ward.office.database.read() as connection:
        assert counts_by_state(connection, ward.designer) == {"open": 2}


def test_words_find_dossiers_by_their_procedure_and_late_ones_among_them(ward):
    ward.received(diagram(), 2026, 3, 2, 8, 0)
    (row,) = listed(ward)
    word = row.procedure_name.split()[0]
    later = datetime_of(2026, 6, 1, 8, 0)
    assert [one.code for one in listed(ward, search=word, late_at=later)] == [row.code]
    assert listed(ward, search=word, late_at=datetime_of(2026, 3, 2, 9, 0)) == ()
    assert listed(ward, search="khongcochunao") == ()
