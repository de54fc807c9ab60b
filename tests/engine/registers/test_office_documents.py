"""Documents in and out get the year's numbers, one after the other, from 01."""

import threading
from dataclasses import replace
from datetime import date

import pytest

from engine.registers.office_documents import (
    Direction,
    DocumentEntry,
    DocumentEntryInvalid,
    Urgency,
    register_document,
    registered_document,
    registered_documents,
)
from processes.errors import NotAllowed, NotFound
from tests.engine.drawing import OFFICER
from tests.engine.offices import stranger

LETTER = DocumentEntry("Sở Nội vụ", "Về việc rà soát quy trình", "123/SNV-VP", date(2026, 2, 27))


def entered(ward, direction=Direction.INCOMING, entry=LETTER, **how):
    return register_document(ward.office, ward.holder(*OFFICER), direction, entry, **how)


def test_each_direction_has_its_own_series_a_year(ward):
    ward.at(2026, 12, 31, 23, 59)
    numbers = [entered(ward).number_text, entered(ward).number_text]
    out = DocumentEntry("Sở Nội vụ", "Trả lời", "UBND-VP", signer="Phạm Quốc Hùng")
    numbers.append(entered(ward, Direction.OUTGOING, out).number_text)
    ward.at(2027, 1, 1, 0, 0)
    numbers.append(entered(ward).number_text)
    assert numbers == ["01", "02", "01/UBND-VP", "01"]
    with ward.office.database.read() as connection:
        listed = registered_documents(connection, ward.designer, Direction.INCOMING, 2026)
    assert [each.number for each in listed] == [2, 1]


def test_ten_at_once_get_ten_numbers_in_a_row(ward):
    together = threading.Barrier(10)
    found = []

    def clerk():
        together.wait()
        found.append(entered(ward).number)

    threads = [threading.Thread(target=clerk) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == list(range(1, 11))


def test_the_same_request_is_registered_once(ward):
    first, second = entered(ward, key="k-1"), entered(ward, key="k-1")
    assert first == second
    assert entered(ward).number == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subject", ""),
        ("correspondent", "  "),
        ("subject", "x" * 2_001),
        ("symbol", "x" * 81),
        ("due_on", date(2026, 2, 1)),
    ],
)
def test_an_entry_that_cannot_be_kept_draws_no_number(sqlite_ward, field, value):
    stated = {name: getattr(LETTER, name) for name in LETTER.__slots__} | {field: value}
    with pytest.raises(DocumentEntryInvalid):
        entered(sqlite_ward, entry=DocumentEntry(**stated))
    assert entered(sqlite_ward).number == 1


def test_another_agency_sees_nothing_of_it(sqlite_ward):
    urgent = DocumentEntry("Sở Y tế", "Dịch", urgency=Urgency.EXPRESS)
    kept = entered(sqlite_ward, entry=urgent)
    other = stranger(sqlite_ward.designer)
    with sqlite_ward.office.database.read() as connection:
        assert registered_documents(connection, other, Direction.INCOMING, 2026) == ()
        with pytest.raises(NotFound):
            registered_document(connection, other, kept.document_id)


def test_who_holds_no_position_registers_nothing(sqlite_ward):
    nobody = replace(sqlite_ward.holder(*OFFICER), holdings=frozenset())
    with pytest.raises(NotAllowed):
        register_document(sqlite_ward.office, nobody, Direction.INCOMING, LETTER)
