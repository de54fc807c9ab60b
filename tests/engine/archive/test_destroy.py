"""A dossier is kept as long as the law says, and then destroyed by someone entitled, for good."""

import logging
from dataclasses import replace
from datetime import date

import pytest

from engine.archive.destroying import destroy, destructions
from engine.archive.package import export
from engine.archive.refusals import (
    AlreadyDestroyed,
    DecisionNeeded,
    KeptForEver,
    NotFinished,
    StillKept,
)
from engine.archive.retention import may_be_destroyed, retained_until
from engine.documents import taking_in
from engine.dossier_file import history
from engine.dossiers.refusals import ReasonNeeded
from engine.journal import verify
from engine.proofs.rebuild import rebuild
from engine.proofs.sealed_entries import verify_entries
from engine.signatures.exchange import look_for_signatures
from engine.store.tables import document, dossier, form_pdf, journal, signing, step_run
from processes.errors import NotAllowed
from processes.procedure import Procedure, ProcedureKind
from tests.engine.archive.test_package import finished
from tests.engine.offices import datetime_of
from tests.engine.signatures.test_signing_a_step import Signing

WHY = "Hết thời hạn lưu giữ, theo biên bản của hội đồng xác định giá trị tài liệu"
TEN = dict.fromkeys(ProcedureKind, 10)
OVER = (2037, 1, 2, 8, 0)


@pytest.fixture(autouse=True)
def _uploads_are_looked_at(monkeypatch):
    monkeypatch.setitem(taking_in.EXAMINERS, "signatures", look_for_signatures)
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def work(sqlite_ward, tmp_path):
    return finished(sqlite_ward, tmp_path)


def gone(work, *when, actor=None, usual=TEN, reason=WHY, **more):
    work.ward.clock.set(datetime_of(*(when or OVER)))
    more = {"decision_no": "12/QĐ-UBND", **more}
    return destroy(work.office, actor or work.ward.head, work.dossier, reason, usual, **more)


def due(work, usual=TEN):
    with work.office.database.read() as connection:
        return may_be_destroyed(work.office, connection, work.ward.head, usual)


@pytest.mark.parametrize(
    ("stated", "kind", "until"),
    [
        (5, ProcedureKind.PUBLIC, date(2031, 12, 31)),
        (None, ProcedureKind.PUBLIC, date(2036, 12, 31)),
        (None, ProcedureKind.INTERNAL, None),
        (0, ProcedureKind.PUBLIC, None),
    ],
)
def test_years_are_counted_from_the_end_of_the_year(stated, kind, until):
    procedure = Procedure("P", "1", "Thử", kind=kind, retention_years=stated)
    usual = {ProcedureKind.PUBLIC: 10}
    assert retained_until(procedure, usual, date(2026, 3, 2)) == until


def test_what_may_be_destroyed_is_reported_the_day_after(work):
    work.ward.clock.set(datetime_of(2036, 12, 31, 23, 59))
    assert due(work) == ()
    work.ward.clock.set(datetime_of(2037, 1, 1, 0, 0))
    (found,) = due(work)
    assert (found.ended_on, found.until) == (date(2026, 3, 2), date(2036, 12, 31))
    assert due(work, {}) == ()


def test_destroyed_means_gone_and_the_journal_still_holds(ward, tmp_path):
    work = finished(ward, tmp_path)
    lying = [each.kept.sha256 for each in work.office.documents.store.all()]
    assert len(lying) == 4
    kept = [(row.seq, row.hash) for row in ward.stored(journal)]
    gone(work)
    assert list(work.office.documents.store.all()) == []
    assert ward.stored(document) == ward.stored(signing) == ward.stored(form_pdf) == []
    (row,) = ward.stored(dossier)
    assert (row.applicant, row.applicant_contact, row.search, row.data) == ("", {}, "", {})
    assert {run.data for run in ward.stored(step_run)} == {None}
    assert [(row.seq, row.hash) for row in ward.stored(journal)][:-1] == kept
    assert ward.events(work.outcome)[-1] == "dossier.destroyed"
    with work.office.database.read() as connection:
        assert verify(connection)[1] == ()
        assert verify_entries(connection) == ()
        assert [each.differences for each in rebuild(connection)] == [()]
        (record,) = destructions(connection, ward.head)
        last = history(connection, ward.head, work.dossier)[-1]
    assert (record.reason, record.documents, record.destroyed_by) == (WHY, 4, ward.head.name)
    assert record.decision_no == last.body["decision_no"] == "12/QĐ-UBND"
    assert due(work) == ()


def test_the_name_of_the_applicant_stands_nowhere_any_more(work):
    gone(work)
    tables = {table: work.ward.stored(table) for table in dossier.metadata.tables.values()}
    holding = [table.name for table, rows in tables.items() if "Lê Thị Hoa" in str(rows)]
    assert holding == []


def test_before_its_day_nothing_is_destroyed(work):
    with pytest.raises(StillKept, match="31/12/2036"):
        gone(work, 2036, 12, 31, 23, 0)
    assert len(list(work.office.documents.store.all())) == 4


def test_what_is_kept_for_ever_is_never_destroyed(work):
    with pytest.raises(KeptForEver):
        gone(work, 2900, 1, 1, 8, 0, usual={})


def test_only_a_head_destroys_by_a_decision_and_says_why(work):
    plain = replace(work.ward.head, roles=frozenset())
    with pytest.raises(NotAllowed):
        gone(work, actor=plain)
    with pytest.raises(ReasonNeeded):
        gone(work, reason="  ")
    for number in ("", "  ", "1" * 101):
        with pytest.raises(DecisionNeeded):
            gone(work, decision_no=number)
    assert "dossier.destroyed" not in work.ward.events(work.outcome)


def test_a_dossier_is_destroyed_once(work):
    first = gone(work, key="k")
    assert gone(work, key="k") == first
    with pytest.raises(AlreadyDestroyed):
        gone(work)
    with pytest.raises(AlreadyDestroyed):
        export(work.office, work.ward.head, work.dossier)


def test_an_unfinished_dossier_is_not_destroyed(sqlite_ward, tmp_path):
    work = Signing(sqlite_ward, tmp_path)
    with pytest.raises(NotFinished):
        gone(work)


def test_what_was_put_back_after_the_destruction_is_found(work):
    gone(work)
    work.office.database.write(
        lambda transaction: transaction.execute(dossier.update().values(applicant="Ai đó"))
    )
    with work.office.database.read() as connection:
        (found,) = verify_entries(connection)
    assert found.where == "dossier applicant, data"
