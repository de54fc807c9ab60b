"""Applicants of dossiers received before the index existed are found by their numbers, too."""

import importlib

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import delete

from engine.dossiers.receive import Contact, Reception, receive
from engine.reception.applicants import find_applicant
from engine.store.tables import applicant_number
from tests.engine.drawing import CLERK, draw, end, start, step

MIGRATION = importlib.import_module("engine.store.migrations.versions.0023_the_desk")
NUMBERS = ["001085012345", "", "079203000001", "001085012345", "0100109106"]


@pytest.mark.parametrize("batch", [2, 2000])
def test_earlier_dossiers_are_entered_in_the_index(ward, monkeypatch, batch):
    ward.publish(draw(start(), step("A", lane=CLERK), end(), flows=("S A", "A E")))
    clerk = ward.holder(*CLERK)
    for number in NUMBERS:
        receive(ward.office, clerk, Reception("T-01", "Lan", contact=Contact(number, phone="")))
    known = sorted(map(tuple, ward.stored(applicant_number)))
    assert len(known) == 4
    monkeypatch.setattr(MIGRATION, "_BATCH", batch)

    def entered_anew(transaction):
        transaction.execute(delete(applicant_number))
        context = MigrationContext.configure(transaction.connection)
        with Operations.context(context):
            MIGRATION._enter_known(applicant_number)

    ward.office.database.write(entered_anew)
    assert sorted(map(tuple, ward.stored(applicant_number))) == known
    assert find_applicant(ward.office, clerk, "001085012345").dossiers == 2
