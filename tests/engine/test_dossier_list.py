"""Dossiers as a list, the newest first; of one's own agency only."""

from datetime import timedelta

import engine.dossier_list as dossier_list_module
from engine.dossier_list import DossierPlace, counts_by_state, dossiers
from engine.dossiers.complete_step import LateReason, complete_step
from engine.dossiers.components import Brought
from engine.dossiers.end_early import withdraw
from engine.dossiers.pauses import SupplementRequest, request_supplement
from engine.dossiers.receive import Reception, receive
from tests.engine.drawing import OFFICER
from tests.engine.offices import datetime_of
from tests.engine.risk.test_indexes import plan_of
from tests.engine.test_dossier_file import diagram


def listed(ward, **asked):
    with ward.office.database.read() as connection:
        return dossiers(connection, ward.designer, **asked)


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
    monkeypatch.setattr(dossier_list_module, "MOST_COUNTED", 2)
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
