"""PostgreSQL between acts: few connections, none in a transaction, no lock; lost races are run again."""

import psycopg
import pytest
from sqlalchemy import text

from engine.dossiers.complete_step import complete_step
from engine.store import database as store
from tests.api.desk import found_in, open_desk, step_of
from tests.engine.drawing import CLERK
from tests.faults.at_once import at_once
from tests.faults.condition import require_sound
from tests.faults.permit import open_run, receive_permit

OTHERS = (
    "datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)
STATES = f"SELECT state, count(*) FROM pg_stat_activity WHERE {OTHERS} GROUP BY state"
LOCKS = (
    "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
    " WHERE d.datname = current_database() AND l.pid <> pg_backend_pid()"
)
LOST = """
CREATE SEQUENCE tries;
CREATE FUNCTION lost() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF nextval('tries') <= 3 THEN
    RAISE EXCEPTION 'could not serialize access' USING ERRCODE = '40001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER lost BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION lost();
"""


def seen(url):
    """Sessions by state, and how many locks they hold."""
    plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(plain, autocommit=True) as connection:
        states = dict(connection.execute(STATES).fetchall())
        return states, connection.execute(LOCKS).fetchone()[0]


@pytest.fixture
def desk(postgresql_url, tmp_path):
    found_in(postgresql_url)
    desk = open_desk(postgresql_url, tmp_path)
    yield desk
    desk.office.database.close()


def test_while_a_person_thinks_no_transaction_is_open_and_no_lock_held(desk, postgresql_url):
    """After each answer, good or bad: reading a list, opening a step, acting, being refused."""
    received = desk.receive()
    step = step_of(received)
    thinking = [
        lambda: desk.lan.get("/worklist"),
        lambda: desk.lan.get(f"/dossiers/{received['dossier_id']}"),
        lambda: desk.lan.post(f"/steps/{step}/claim", {}),
        lambda: desk.nam.post(f"/steps/{step}/claim", {}),
        lambda: desk.lan.post(f"/steps/{step}/complete", {"data": {"khong_co": 1}}),
        lambda: desk.lan.post(f"/steps/{step}/complete", {"data": {}}),
        lambda: desk.lan.get("/dossiers/khong-co"),
    ]
    answers = []
    for ask in thinking:
        answers.append(ask().status_code)
        states, locks = seen(postgresql_url)
        assert set(states) == {"idle"}, answers
        assert locks == 0, answers
    assert answers[0] == 200
    assert len(set(answers)) > 1


def test_many_people_share_a_few_connections(postgresql_permits):
    ward = postgresql_permits
    answers = at_once([lambda n=n: receive_permit(ward, f"k{n}") for n in range(60)])
    assert len({answer.dossier_id for answer in answers}) == 60
    states, locks = seen(ward.office.database.url)
    assert states["idle"] <= 2 * store._CONNECTIONS  # kept, and as many more for a moment
    assert (set(states), locks) == ({"idle"}, 0)


def test_an_act_that_loses_a_race_is_done_again_and_once(postgresql_permits):
    ward = postgresql_permits
    outcome = receive_permit(ward)
    ward.office.database.write(lambda t: t.execute(text(LOST)))
    run = open_run(ward, outcome, "A")
    done = complete_step(ward.office, ward.holder(*CLERK), run.step_run_id, key="khóa")
    assert done.version == 2
    assert ward.events(outcome) == ["dossier.received", "step.completed"]
    with ward.office.database.read() as connection:
        assert connection.execute(text("SELECT last_value FROM tries")).scalar_one() == 4
    require_sound(ward.office)
    assert seen(ward.office.database.url)[0].keys() == {"idle"}
