"""A code as it is typed, scanned or pasted finds its dossier in every list, past 9,999, too."""

import pytest
from sqlalchemy import update

from engine.code_lookup import look_up
from engine.dossier_list import dossiers
from engine.dossiers.receive import Reception, receive
from engine.registers.register_settings import set_registers
from engine.store.tables import counter
from engine.worklist import worklist
from tests.engine.drawing import CLERK, draw, end, start, step

TYPED = [
    "000.00.17.H29-260302-10001",
    "H29.17-260302-10001",
    " “h29.17–26O302–1OOO1” ",
    "\u200b000,00,17,h29-260302-10001\u00a0",
    "0000017H2926030210001",
]


@pytest.fixture
def desk(ward):
    """A day with ten thousand dossiers is over its 9,999th."""
    ward.publish(draw(start(), step("A", lane=CLERK), end(), flows=("S A", "A E")))
    take_in(ward)
    ward.office.database.write(lambda t: t.execute(update(counter).values(of_day=9_999)))
    return ward


def take_in(ward):
    return receive(ward.office, ward.holder(*CLERK), Reception("T-01", "Lê Thị Hoa"))


@pytest.mark.parametrize("spelling", ["forward", "reversed"])
def test_codes_past_9999_are_found_in_any_spelling_by_every_search(desk, spelling):
    admin = next(each for each in desk.actors.values() if "admin" in each.roles)
    set_registers(desk.office, admin, {"spelling": spelling})
    before, after = take_in(desk), take_in(desk)
    assert [before.code[-6:], after.code[-6:]] == ["-10000", "-10001"]
    clerk = desk.holder(*CLERK)
    with desk.office.database.read() as connection:
        for typed in TYPED:
            (known,) = look_up(connection, clerk, [typed])
            listed = dossiers(connection, clerk, search=typed)
            waiting = worklist(connection, clerk, search=typed)
            assert known.dossier_id == after.dossier_id, typed
            assert [row.dossier_id for row in listed] == [after.dossier_id], typed
            assert [row.dossier_id for row in waiting] == [after.dossier_id], typed


@pytest.mark.parametrize("typed", ["-10000", "260302-1000", "H29", "' OR 1=1 --", "\x00", "\ud800"])
def test_what_is_no_whole_code_is_looked_for_as_words_and_fails_nowhere(desk, typed):
    take_in(desk)
    clerk = desk.holder(*CLERK)
    with desk.office.database.read() as connection:
        known = dossiers(connection, clerk, search=typed)
        waiting = worklist(connection, clerk, search=typed)
        assert {row.dossier_id for row in known} == {row.dossier_id for row in waiting}
        look_up(connection, clerk, [typed])
