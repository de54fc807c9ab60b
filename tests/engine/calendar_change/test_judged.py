"""What was judged stays as it was judged, whatever the calendar becomes afterwards."""

from engine.dossiers.complete_step import complete_step
from engine.dossiers.return_result import return_result
from engine.proofs.rebuild import rebuild
from engine.store.tables import dossier
from tests.engine.calendar_changes import changed, closure, office_layer
from tests.engine.drawing import CLERK, draw, end, start, step


def test_a_result_returned_after_a_closure_was_decreed_leaves_the_due_time_it_was_judged_by(ward):
    drawn = draw(
        start(), step("A", lane=CLERK, limit="4 working_day"), end(status="9"), flows=("S A", "A E")
    )
    one = ward.received(drawn, 2026, 3, 9, 8, 0)
    clerk = ward.holder(*CLERK)
    ward.at(2026, 3, 12, 9, 0)
    complete_step(ward.office, clerk, ward.run(one, "A").step_run_id)
    (judged,) = ward.stored(dossier, dossier_id=one.dossier_id)
    ward.at(2026, 3, 13, 8, 0)
    changed(ward, office_layer(closure((3, 10))))
    return_result(ward.office, clerk, one.dossier_id)
    (returned,) = ward.stored(dossier, dossier_id=one.dossier_id)
    assert (returned.due_at, returned.clock) == (judged.due_at, judged.clock)
    with ward.office.database.read() as connection:
        assert [each.differences for each in rebuild(connection)] == [()]
