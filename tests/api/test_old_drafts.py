"""Old drafts of receptions go by themselves, whether or not anybody is at the desk."""

from datetime import timedelta
from uuid import UUID

from api.old_drafts import OldDrafts
from engine.reception.drafts import KEPT_FOR, save_reception_draft
from engine.store.tables import reception_draft
from tests.engine.drawing import CLERK
from tests.engine.offices import open_ward


def test_a_worker_forgets_them_once_a_day(database_url):
    ward = open_ward(database_url)
    drafts = OldDrafts(ward.office)
    clerk = ward.holder(*CLERK)
    save_reception_draft(ward.office, clerk, UUID(int=1), "T-01", [("applicant", "Lan")])
    drafts.forget()
    assert len(ward.stored(reception_draft)) == 1
    ward.clock.set(ward.clock.now() + KEPT_FOR)
    drafts.forget()
    assert ward.stored(reception_draft) == []
    save_reception_draft(ward.office, clerk, UUID(int=2), "T-01", [("applicant", "Lan")])
    ward.clock.set(ward.clock.now() + timedelta(hours=23))
    drafts.forget()
    assert len(ward.stored(reception_draft)) == 1
    ward.office.database.close()


def test_a_database_that_is_away_stops_nobody(sqlite_url, caplog):
    ward = open_ward(sqlite_url)
    ward.office.database.close()
    OldDrafts(ward.office).forget()
    assert "could not be forgotten" in caplog.text
