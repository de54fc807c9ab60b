"""The worker: what goes wrong with one kind of work is told, and does not stop the others."""

from sqlalchemy import update

from api.passing_time import PassingTime
from engine.dossiers.receive import Reception, receive
from engine.store.tables import dossier, step_run
from tests.engine.calendar_changes import approved, closure, office_layer, proposed
from tests.engine.drawing import OFFICER, draw, end, start, step, timer
from tests.engine.offices import open_ward


def test_a_dossier_that_cannot_follow_the_calendar_stops_no_timer(sqlite_url):
    ward = open_ward(sqlite_url)
    diagram = draw(
        *(start(), step("A", limit="3 working_day"), step("B", limit="2 working_day")),
        timer("W", on="A", after="PT1H"),
        *(end(), end("E2")),
        flows=("S A", "A E", "W B", "B E2"),
    )
    broken = ward.received(diagram, 2026, 3, 2, 8, 0)
    sound = receive(ward.office, ward.holder(*OFFICER), Reception("T-01", "Lê Thị Hoa"))
    approved(ward, proposed(ward, office_layer(closure((6, 1)))))

    def spoil(transaction):
        of_broken = step_run.c.dossier_id == broken.dossier_id
        transaction.execute(update(step_run).where(of_broken).values(clock={"no": "clock"}))

    ward.office.database.write(spoil)
    ward.at(2026, 3, 2, 9, 0)
    worker = PassingTime(ward.office, 1.0)
    worker.look()
    assert ward.events(sound)[-1] == "timer.fired"
    rows = [ward.stored(dossier, dossier_id=each.dossier_id)[0] for each in (broken, sound)]
    assert [row.calendar_edition for row in rows] == [1, 2]
    assert worker.failures == 0  # it is said of the one dossier, and the work goes on
    ward.office.database.close()
