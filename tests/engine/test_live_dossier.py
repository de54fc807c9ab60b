"""A dossier that memory has forgotten is read again: all that counts, and no more of its past."""

from engine.dossiers.complete_step import complete_step
from engine.dossiers.live_dossier import entered_data, load_live
from engine.dossiers.send_back import send_back
from engine.store.tables import dossier, step_run
from tests.engine.drawing import OFFICER, draw, end, field, start, step

TWO_STEPS = draw(
    start(),
    step("A", field("n"), field("m", required="false")),
    step("B", field("b", required="false")),
    end(),
    flows=("S A", "A B", "B E"),
)


def test_what_was_entered_at_the_last_completion_of_each_step_is_all_that_is_read(ward):
    office, officer = ward.office, ward.holder(*OFFICER)
    outcome = ward.received(TWO_STEPS, 2026, 3, 2, 8)
    run = outcome.opened[0].step_run_id
    for turn in range(3):
        entered = {"n": f"lần {turn}"} | ({"m": "ghi chú"} if turn == 0 else {})
        run = complete_step(office, officer, run, entered).opened[0].step_run_id
        run = send_back(office, officer, run, "A", "Thiếu chữ ký").opened[0].step_run_id
    (row,) = ward.stored(dossier, dossier_id=outcome.dossier_id)
    runs = ward.stored(step_run, dossier_id=outcome.dossier_id)
    with office.database.read() as connection:
        version = office.version(connection, row.agency_id, row.version_id)
    live = office.database.write(lambda transaction: load_live(transaction, row, version))
    assert live.data == entered_data(version, row.data, runs) == {"n": "lần 2", "m": None}
    assert live.attempts == {"A": 4, "B": 3}
