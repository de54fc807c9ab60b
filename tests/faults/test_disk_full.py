"""A full disk: every act is refused in words, nothing is torn, and afterwards work goes on."""

import sqlite3
from contextlib import closing

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from engine.dossiers.complete_step import complete_step
from engine.dossiers.outcome import Outcome
from engine.store.disk_full import DatabaseFull
from tests.api.desk import CODE as DESK_CODE
from tests.api.desk import Caller, open_desk
from tests.engine.drawing import CLERK
from tests.faults.at_once import at_once
from tests.faults.condition import dump, require_sound
from tests.faults.permit import open_run, receive_permit


def pages(ward, most):
    """Let the database grow to so many pages at most, as a full disk would; 0: as it likes."""

    def command(transaction):
        connection = transaction.connection
        if most:
            connection.exec_driver_sql(f"PRAGMA max_page_count = {most}")
        else:
            connection.exec_driver_sql("PRAGMA max_page_count = 1073741823")
        return connection.exec_driver_sql("PRAGMA page_count").scalar()

    return ward.office.database.write(command)


def fill(ward):
    """No room for one page more; how many acts still found some."""
    pages(ward, pages(ward, 0))
    for done in range(200):
        try:
            receive_permit(ward)
        except DatabaseFull:
            return done
    return pytest.fail("the disk was not full")


def whole(ward):
    path = ward.office.database.url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA integrity_check").fetchone()[0]


def test_on_a_full_disk_nothing_is_half_done_and_with_room_all_goes_on(sqlite_permits):
    ward = sqlite_permits
    outcome = receive_permit(ward)
    run = open_run(ward, outcome, "A")
    fill(ward)
    before = dump(ward.office)
    for _ in range(3):
        with pytest.raises(DatabaseFull):
            receive_permit(ward, "khóa")
    assert dump(ward.office) == before
    require_sound(ward.office)
    assert whole(ward) == "ok"
    pages(ward, 0)
    first = receive_permit(ward, "khóa")
    assert receive_permit(ward, "khóa") == first
    complete_step(ward.office, ward.holder(*CLERK), run.step_run_id)
    require_sound(ward.office)
    assert whole(ward) == "ok"


def test_a_group_on_a_full_disk_acknowledges_only_what_is_there(sqlite_permits):
    """Many at once share a commit: who was told that it is done is in the database."""
    ward = sqlite_permits
    fill(ward)
    pages(ward, pages(ward, 0) + 6)
    answers = at_once([lambda n=n: receive_permit(ward, f"k{n}") for n in range(24)])
    told = {answer.dossier_id for answer in answers if isinstance(answer, Outcome)}
    refused = [answer for answer in answers if not isinstance(answer, Outcome)]
    assert refused
    assert all(isinstance(answer, DatabaseFull) for answer in refused)
    require_sound(ward.office)
    pages(ward, 0)
    again = [receive_permit(ward, f"k{n}") for n in range(24)]
    assert len({answer.dossier_id for answer in again}) == 24
    assert told <= {answer.dossier_id for answer in again}
    require_sound(ward.office)
    assert whole(ward) == "ok"


def test_people_are_told_in_words_and_may_try_again(tmp_path, desk_files):
    desk = open_desk(desk_files.fresh(tmp_path), tmp_path)
    caller = Caller(TestClient(desk.app, raise_server_exceptions=False), desk.lan.token, "lan")
    body = {"procedure": DESK_CODE, "applicant": "Lê Văn Tám", "data": {"dien_tich": 120}}
    pages(desk, pages(desk, 0))
    answers = (caller.post("/dossiers", body, key=f"k{number}") for number in range(200))
    key, refused = next(
        (f"k{number}", answer) for number, answer in enumerate(answers) if answer.status_code != 201
    )
    assert refused.status_code == 507
    assert refused.headers["Retry-After"]
    fault = refused.json()["error"]
    assert fault["code"] == "database.full"
    assert fault["vi"].startswith("Máy chủ hết chỗ lưu trữ nên chưa ghi được gì.")
    assert fault["en"].startswith("The server has no room left, so nothing was written.")
    pages(desk, 0)
    assert caller.post("/dossiers", body, key=key).status_code == 201
    require_sound(desk.office)
    desk.office.database.close()


FULL = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
END $$
"""
ON = (
    "CREATE CONSTRAINT TRIGGER full_disk AFTER INSERT ON execution {}"
    " FOR EACH ROW EXECUTE FUNCTION full_disk()"
)


@pytest.mark.parametrize("when", ["", "DEFERRABLE INITIALLY DEFERRED"])
def test_postgresql_says_so_in_the_same_words_and_with_room_all_goes_on(postgresql_permits, when):
    """At a statement, or only at the commit."""
    ward = postgresql_permits
    database = ward.office.database
    outcome = receive_permit(ward)
    before = dump(ward.office)
    database.write(lambda t: t.execute(text(FULL)))
    database.write(lambda t: t.execute(text(ON.format(when))))
    with pytest.raises(DatabaseFull):
        receive_permit(ward, "khóa")
    assert dump(ward.office) == before
    database.write(lambda t: t.execute(text("DROP TRIGGER full_disk ON execution")))
    run = open_run(ward, outcome, "A")
    first = receive_permit(ward, "khóa")
    assert receive_permit(ward, "khóa") == first
    complete_step(ward.office, ward.holder(*CLERK), run.step_run_id)
    require_sound(ward.office)
