"""Codes and places in the register: no gap, no double, whoever is fast, slow, refused or killed."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import update

from engine.code_lookup import TooManyCodes, look_up
from engine.dossiers.receive import Reception, receive
from engine.dossiers.refusals import NoSuchCase
from engine.registers.register_settings import InvalidRegisterSettings, set_registers
from engine.store.numbers import next_in_day, next_number
from engine.store.tables import counter, dossier
from processes.errors import NotAllowed
from tests.engine.drawing import CLERK, draw, end, start, step


def admin(ward):
    return next(each for each in ward.actors.values() if "admin" in each.roles)


@pytest.fixture
def desk(ward):
    ward.publish(draw(start(), step("A", lane=CLERK), end(), flows=("S A", "A E")))
    return ward


def take_in(ward, **stated):
    reception = Reception("T-01", "Lê Thị Hoa", **stated)
    return receive(ward.office, ward.holder(*CLERK), reception)


def places(ward):
    """Register and number of every dossier."""
    rows = ward.stored(dossier)
    return sorted((row.register, row.register_no, row.code) for row in rows)


def test_the_register_goes_on_through_the_days_and_begins_anew_with_the_year(desk):
    for when in ((2026, 12, 30, 9), (2026, 12, 30, 10), (2026, 12, 31, 9), (2027, 1, 4, 8)):
        desk.at(*when)
        take_in(desk)
    assert places(desk) == [
        ("2026", 1, "000.00.17.H29-261230-0001"),
        ("2026", 2, "000.00.17.H29-261230-0002"),
        ("2026", 3, "000.00.17.H29-261231-0001"),
        ("2027", 1, "000.00.17.H29-270104-0001"),
    ]


def test_the_year_changes_at_midnight_of_the_office(desk):
    desk.at(2026, 12, 31, 23, 59)
    take_in(desk)
    desk.at(2027, 1, 1, 0, 0)  # in UTC still 2026
    take_in(desk)
    assert [each[0] for each in places(desk)] == ["2026", "2027"]


def test_a_clock_that_lags_at_midnight_makes_no_double(desk):
    """The day of a series never goes back: the late process draws of the new day."""
    desk.at(2026, 3, 3, 0, 0)
    first = take_in(desk)
    desk.at(2026, 3, 2, 23, 59)
    second = take_in(desk)
    assert [first.code[-11:], second.code[-11:]] == ["260303-0001", "260303-0002"]


def test_what_was_refused_or_rolled_back_leaves_no_gap(desk):
    take_in(desk)
    with pytest.raises(NoSuchCase):
        take_in(desk, case="khac")

    class Killed(Exception):
        pass

    def die(transaction):
        next_in_day(transaction, desk.agency_id, "dossier/2026", 260302)
        raise Killed

    with pytest.raises(Killed):
        desk.office.database.write(die)
    take_in(desk)
    assert [number for _, number, _ in places(desk)] == [1, 2]


def test_many_clerks_some_of_whom_fail_leave_no_gap_and_no_double(desk):
    together = threading.Barrier(8)

    def clerk(number):
        together.wait()
        for turn in range(4):
            if (number + turn) % 3 == 0:
                with pytest.raises(NoSuchCase):
                    take_in(desk, case="khac")
            take_in(desk)

    threads = [threading.Thread(target=clerk, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [number for _, number, _ in places(desk)] == list(range(1, 33))
    codes = [code for _, _, code in places(desk)]
    assert sorted(int(code[-4:]) for code in codes) == list(range(1, 33))


def test_a_series_drawn_by_many_threads_with_failures_has_no_gap(ward):
    drawn, lock = [], threading.Lock()

    class Died(Exception):
        pass

    def work(seed):
        for turn in range(12):
            dies = (seed + turn) % 4 == 0

            def draw_one(transaction, dies=dies):
                number = next_number(transaction, ward.agency_id, "thu/2026")
                if dies:
                    raise Died
                return number

            try:
                number = ward.office.database.write(draw_one)
            except Died:
                continue
            with lock:
                drawn.append(number)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(drawn) == list(range(1, len(drawn) + 1))
    assert len(drawn) == 6 * 9


def test_a_number_grows_past_9999(sqlite_ward):
    def drawn(transaction):
        return next_in_day(transaction, "a", "dossier/2026", 260302)

    sqlite_ward.office.database.write(drawn)
    sqlite_ward.office.database.write(
        lambda t: t.execute(counter_at(9_999))  # as on a day with ten thousand dossiers
    )
    assert sqlite_ward.office.database.write(drawn).of_day == 10_000


def counter_at(number):
    return update(counter).where(counter.c.agency_id == "a").values(of_day=number)


def test_codes_are_spelt_as_the_office_decides_and_found_either_way(desk):
    take_in(desk)
    set_registers(desk.office, admin(desk), {"spelling": "reversed"})
    assert take_in(desk).code == "H29.17-260302-0002"
    typed = [
        "H29.17-260302-0001",
        "000.00.17.H29-260302-0002",
        " “h29.17–26O302–2” ",
        "khong co",
        "",
    ]
    with desk.office.database.read() as connection:
        found = look_up(connection, desk.designer, typed)
    assert [each.code for each in found] == [
        "000.00.17.H29-260302-0001",
        "H29.17-260302-0002",
        "H29.17-260302-0002",
        None,
        None,
    ]
    assert [each.dossier_id is not None for each in found] == [True] * 3 + [False] * 2
    assert "dấu ngoặc" in found[2].mended("vi")


def test_another_process_hears_of_the_spelling_within_a_minute(sqlite_ward):
    sqlite_ward.publish(draw(start(), step("A", lane=CLERK), end(), flows=("S A", "A E")))
    take_in(sqlite_ward)
    kept = sqlite_ward.office.registers.get(sqlite_ward.agency_id)
    set_registers(sqlite_ward.office, admin(sqlite_ward), {"spelling": "reversed"})
    sqlite_ward.office.registers.put(sqlite_ward.agency_id, kept)  # as another process has it
    assert take_in(sqlite_ward).code.startswith("000.00.17.H29-")
    sqlite_ward.clock.set(sqlite_ward.clock.now() + timedelta(minutes=1))
    assert take_in(sqlite_ward).code.startswith("H29.17-")


def test_a_unit_with_its_own_code_counts_by_itself(desk):
    take_in(desk)
    set_registers(desk.office, admin(desk), {"identity_codes": {"mot_cua": "001.00.17.H29"}})
    assert take_in(desk).code == "001.00.17.H29-260302-0001"
    assert [place[:2] for place in places(desk)] == [("2026", 1), ("2026/001.00.17.H29", 1)]


@pytest.mark.parametrize(
    "stated",
    [
        {"spelling": "khac"},
        {"la": 1},
        {"identity_codes": {"mot_cua": "x"}},
        {"identity_codes": {"a": "H29.17", "b": "H29.17"}},
        {"symbols": {"receipt": ""}},
        {"hotline": 1022},
        [],
    ],
)
def test_settings_that_mean_nothing_are_refused(sqlite_ward, stated):
    with pytest.raises(InvalidRegisterSettings):
        set_registers(sqlite_ward.office, admin(sqlite_ward), stated)


def test_only_an_administrator_decides_them(sqlite_ward):
    with pytest.raises(NotAllowed):
        set_registers(sqlite_ward.office, sqlite_ward.holder(*CLERK), {})


def test_a_list_that_is_too_long_is_refused(sqlite_ward):
    with sqlite_ward.office.database.read() as connection, pytest.raises(TooManyCodes):
        look_up(connection, sqlite_ward.designer, ["x"] * 1_001)
