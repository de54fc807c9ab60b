"""The worklist: what waits for an officer, due first on top, page by page, nobody else's."""

import itertools
import random
from dataclasses import astuple, replace
from datetime import timedelta

import pytest

from engine.accounts import actors, found_office
from engine.dossiers.claim import claim
from engine.dossiers.complete_step import LateReason, complete_step
from engine.dossiers.pauses import SupplementRequest, request_supplement, suspend
from engine.dossiers.receive import Contact, Reception, receive
from engine.procedures import publish, upload
from engine.working_calendar.kept import keep_calendar
from engine.worklist import Counts, counts, open_steps, place_of, worklist
from tests.engine.drawing import CHIEF, OFFICER, component, draw, end, gateway, start, step
from tests.engine.offices import LONG_AGO, datetime_of, stranger


def diagram(code="T-01", lane=OFFICER, limit="1 working_day", head=""):
    return draw(
        start(),
        step("A", lane=lane, limit=limit),
        end(),
        flows=("S A", "A E"),
        code=code,
        head=head,
    )


def waiting(ward, actor, **asked):
    with ward.office.database.read() as connection:
        return worklist(connection, actor, **asked)


def counted(ward, actor, at, until):
    with ward.office.database.read() as connection:
        return counts(connection, actor, at, until)


@pytest.fixture
def full(ward):
    """Forty dossiers of two procedures over two days; some claimed, some standing, one untimed."""
    ward.publish(diagram(head=component("DON")))
    ward.publish(diagram("T-02", limit="0 working_day"))
    officers = ward.holders(*OFFICER)
    chance = random.Random(5)
    for number in range(40):
        ward.at(2026, 3, 2 + number // 20, 8, number % 20)
        code = "T-02" if number == 7 else "T-01"
        outcome = receive(ward.office, officers[0], Reception(code, f"Người nộp {number}"))
        run = outcome.opened[0].step_run_id
        if number % 5 == 0:
            claim(ward.office, chance.choice(officers), run)
        elif number % 7 == 0 and code == "T-01":
            suspend(ward.office, officers[0], run, "Bão số 3, đóng cửa", "BLDS, Điều 156")
    ward.at(2026, 3, 3, 9, 0)
    return ward, officers


def test_what_is_due_first_stands_first_and_what_has_no_due_time_last(full):
    ward, officers = full
    rows = waiting(ward, officers[0], most=100)
    due = [row.due_at for row in rows]
    timed = [moment for moment in due if moment is not None]
    assert timed == sorted(timed)
    assert due == [*timed, *[None] * (len(due) - len(timed))]
    assert len(due) > len(timed)


def test_the_pages_together_are_the_list_without_gap_or_repetition(full):
    ward, officers = full
    for most, actor in itertools.product((3, 7, 50), officers):
        every = waiting(ward, actor, most=1000)
        pages, after = [], None
        while page := waiting(ward, actor, most=most, after=after):
            assert len(page) <= most
            pages.extend(page)
            after = place_of(page[-1])
        assert pages == list(every)


def test_a_page_stays_right_when_what_was_shown_is_done_meanwhile(full):
    ward, officers = full
    before = waiting(ward, officers[0], most=1000)
    page = waiting(ward, officers[0], most=5)
    free = next(row for row in page if row.holder_id is None and row.due_at is not None)
    late = LateReason("overload", "Nhiều hồ sơ quá")
    complete_step(ward.office, officers[0], free.step_run_id, late=late)
    rest = waiting(ward, officers[0], most=1000, after=place_of(page[-1]))
    assert [*page, *rest] == list(before)


def test_the_numbers_above_the_list_are_those_of_the_list(full):
    ward, officers = full
    at, until = datetime_of(2026, 3, 3, 8, 10), datetime_of(2026, 3, 3, 17, 0)
    for actor in officers:
        numbers = counted(ward, actor, at, until)
        listed = {
            only: len(waiting(ward, actor, only=only, at=at, until=until, most=1000))
            for only in ("all", "late", "today", "paused", "risk")
        }
        assert numbers == Counts(*listed.values())
        assert numbers.late > 0
        assert numbers.today > 0
        assert numbers.paused > 0


def test_no_number_is_counted_further_than_the_most(full, monkeypatch):
    ward, officers = full
    at, until = datetime_of(2026, 3, 3, 8, 10), datetime_of(2026, 3, 3, 17, 0)
    for actor in officers:
        numbers = counted(ward, actor, at, until)
        for most in (1, 3, 20):
            monkeypatch.setattr("engine.worklist.MOST_COUNTED", most)
            every = astuple(numbers)
            assert counted(ward, actor, at, until) == Counts(*(min(n, most) for n in every))
        monkeypatch.undo()


def test_everybody_sees_the_free_steps_and_their_own_and_not_those_of_colleagues(full):
    ward, officers = full
    seen = {a.account_id: waiting(ward, a, most=1000) for a in officers}
    for actor in officers:
        rows = seen[actor.account_id]
        assert {row.holder_id for row in rows} <= {None, actor.account_id}
        mine = waiting(ward, actor, only="mine", most=1000)
        assert list(mine) == [row for row in rows if row.holder_id == actor.account_id]
        assert all(row.holder == actor.name for row in mine)
    free = [{row.step_run_id for row in rows if row.holder_id is None} for rows in seen.values()]
    assert all(steps == free[0] for steps in free)
    with ward.office.database.read() as connection:
        assert len(open_steps(connection, ward.agency_id)) == 40


def test_other_positions_and_other_agencies_see_nothing(full):
    ward, officers = full
    for other in (
        ward.holder(*CHIEF),
        ward.actors["diachinh1"],
        stranger(officers[0]),
        replace(officers[1], holdings=frozenset()),
    ):
        rows = waiting(ward, other, most=1000)
        assert {row.holder_id for row in rows} <= {other.account_id}
        assert counted(ward, other, ward.clock.now(), ward.clock.now()).total == len(rows)


def test_another_agency_in_the_same_database_is_never_seen(ward):
    """The wall between agencies: same positions, same units, same procedure."""
    ward.publish(diagram())
    other = "000.00.18.H29"
    stated = {
        "agency": {"code": other, "name": "UBND phường bên"},
        "units": [{"code": "van_phong", "name": "Văn phòng"}],
        "positions": [{"code": "chuyen_vien", "name": "Chuyên viên"}],
        "officers": [
            {
                "login": "benkia",
                "name": "Người bên kia",
                "roles": ["designer"],
                "holdings": [{"unit": "van_phong", "position": "chuyen_vien"}],
            }
        ],
    }

    def found(transaction):
        found_office(transaction, stated, {"benkia": "x"}, LONG_AGO, ward.office.ids, str)
        keep_calendar(transaction, other, ward.calendar, LONG_AGO, "test")

    ward.office.database.write(found)
    with ward.office.database.read() as connection:
        beyond = actors(connection, other, ward.clock.now())["benkia"]
    draft = upload(ward.office, beyond, diagram(), "a.bpmn")
    publish(ward.office, beyond, draft.version_id)
    here = receive(ward.office, ward.holder(*OFFICER), Reception("T-01", "Bên này"))
    there = receive(ward.office, beyond, Reception("T-01", "Bên kia"))
    assert [row.applicant for row in waiting(ward, ward.holder(*OFFICER))] == ["Bên này"]
    assert [row.applicant for row in waiting(ward, beyond)] == ["Bên kia"]
    assert here.code.removeprefix(ward.agency_id) == there.code.removeprefix(other)


def test_a_position_held_in_two_units_shows_the_steps_of_both_and_of_any(ward):
    ward.publish(diagram("T-01", ("chuyen_vien", "van_phong")))
    ward.publish(diagram("T-02", ("chuyen_vien", "dia_chinh")))
    ward.publish(diagram("T-03", ("chuyen_vien", None)))
    ward.publish(diagram("T-04", ("chuyen_vien", "vpdkdd")))
    for code, login in (
        ("T-01", "vanphong1"),
        ("T-02", "diachinh1"),
        ("T-03", "tuphap"),
        ("T-04", "datdai1"),
    ):
        actor = ward.actors.get(login) or ward.actors["hotich3"]
        receive(ward.office, actor, Reception(code, "Lê Thị Hoa"))
    both = replace(
        ward.actors["vanphong1"],
        holdings=frozenset({("van_phong", "chuyen_vien"), ("dia_chinh", "chuyen_vien")}),
    )
    assert {row.procedure_code for row in waiting(ward, both)} == {"T-01", "T-02", "T-03"}


def test_what_one_claimed_in_two_units_is_in_the_order_of_its_due_times(ward):
    units = ("van_phong", "dia_chinh")
    ward.publish(diagram("T-01", ("chuyen_vien", units[0]), limit="1 working_day"))
    ward.publish(diagram("T-02", ("chuyen_vien", units[1]), limit="3 working_day"))
    holdings = frozenset((unit, "chuyen_vien") for unit in units)
    both = replace(ward.actors["vanphong1"], holdings=holdings)
    for code in ("T-02", "T-01"):
        claim(
            ward.office,
            both,
            receive(ward.office, both, Reception(code, code)).opened[0].step_run_id,
        )
    for only in ("all", "mine"):
        (first,) = waiting(ward, both, only=only, most=1)
        (second,) = waiting(ward, both, only=only, most=1, after=place_of(first))
        assert (first.procedure_code, second.procedure_code) == ("T-01", "T-02")


BOTH = {"Nguyễn Thị Đào", "Lê Thị Hoa"}
SEARCHED = {
    "nguyen thi dao": {"Nguyễn Thị Đào"},
    "ĐÀO": {"Nguyễn Thị Đào"},
    "dao nguyen": {"Nguyễn Thị Đào"},
    "thi": BOTH,
    "012045678901": {"Lê Thị Hoa"},
    "-0002": {"Lê Thị Hoa"},
    "quy trinh t-01": BOTH,
    "quy trinh hoa": {"Lê Thị Hoa"},
    "100%": set(),
    "_": set(),
    "\x00": BOTH,
    "\ud800 hoa": {"Lê Thị Hoa"},
    "khong co": set(),
}


def test_search_needs_no_accents_and_takes_every_word(ward):
    ward.publish(diagram())
    ward.at(2026, 3, 2, 8, 0)
    officer = ward.holder(*OFFICER)
    receive(ward.office, officer, Reception("T-01", "Nguyễn Thị Đào"))
    contact = Contact(identity_number="012045678901")
    receive(ward.office, officer, Reception("T-01", "Lê Thị Hoa", contact=contact))
    for search, found in SEARCHED.items():
        names = {row.applicant for row in waiting(ward, officer, search=search)}
        assert names == found, search


def test_a_row_tells_all_that_the_list_shows(ward):
    outcome = ward.received(
        draw(
            start(),
            gateway("parallel", "F"),
            *(step("A", limit="1 working_day"), step("B", lane=CHIEF)),
            *(end(), end("E2")),
            flows=("S F", "F A", "F B", "A E", "B E2"),
            head=component("DON"),
        ),
        *(2026, 3, 2, 8, 0),
    )
    officer = ward.holder(*OFFICER)
    run = next(o.step_run_id for o in outcome.opened if o.element_id == "A")
    claim(ward.office, officer, run)
    (row,) = waiting(ward, officer)
    assert (row.dossier_code, row.name, row.holder, row.attempt) == (
        outcome.code,
        "Bước A",
        officer.name,
        1,
    )
    assert (row.due_at, row.dossier_due_at) == (
        datetime_of(2026, 3, 3, 8, 0),
        datetime_of(2026, 3, 9, 8, 0),
    )
    request_supplement(ward.office, officer, run, SupplementRequest(("DON",), "Thiếu đơn"))
    (row,) = waiting(ward, officer, only="paused")
    assert (row.dossier_state, row.due_at, row.dossier_due_at) == ("paused", None, None)
    assert row.paused_since == ward.clock.now()


def test_late_and_today_meet_at_the_moment_itself(ward):
    outcome = ward.received(diagram(), 2026, 3, 2, 8, 0)
    officer, due = ward.holder(*OFFICER), outcome.opened[0].due_at
    until = due + timedelta(hours=1)
    numbers = [
        counted(ward, officer, due + timedelta(seconds=seconds), until) for seconds in (-1, 0, 1)
    ]
    assert [(n.late, n.today) for n in numbers] == [(0, 1), (0, 1), (1, 0)]
