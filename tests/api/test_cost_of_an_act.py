"""What the database is asked when a step is completed at the door: counted at the driver itself."""

import psycopg
import pytest
from sqlalchemy import Engine, event

from tests.api.desk import found_in, open_desk, step_of

FRAME = ("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT", "ROLLBACK", "PRAGMA")
MOST = {"sqlite": 7, "postgresql": 2}  # statements, looking up who asks among them
"""On PostgreSQL all that is written is one statement."""


class Asked:
    """Statements that reach the driver of any database opened while it listens, and commits."""

    def __init__(self, most):
        self.most = most
        self.statements, self.commits = [], 0

    def listen(self, connection, _record):
        if isinstance(connection, psycopg.Connection):
            connection.cursor_factory = self.cursors(psycopg.Cursor)
        else:
            connection.set_trace_callback(self.note)

    def note(self, statement):
        if not statement.startswith(FRAME):
            self.statements.append(statement)

    def committed(self, _connection):
        self.commits += 1

    def cursors(self, kind):
        asked = self

        class Cursor(kind):
            def execute(self, query, *rest, **more):
                asked.note(query)
                return super().execute(query, *rest, **more)

            def executemany(self, query, *rest, **more):
                asked.note(query)
                return super().executemany(query, *rest, **more)

        return Cursor

    def of(self, act):
        """What the act asked, and how often it had something committed."""
        self.statements, self.commits = [], 0
        answer = act()
        assert answer.status_code == 200, answer.text
        return self.statements, self.commits


@pytest.fixture
def watched(database_url, tmp_path, monkeypatch):
    found_in(database_url)
    asked = Asked(MOST[database_url.partition(":")[0].partition("+")[0]])
    monkeypatch.setattr(psycopg, "RawCursor", asked.cursors(psycopg.RawCursor))
    event.listen(Engine, "connect", asked.listen)
    event.listen(Engine, "commit", asked.committed)
    desk = open_desk(database_url, tmp_path)
    desk.appraised()  # once, so that the procedure and the calendar are at hand
    yield desk, asked
    desk.office.database.close()
    event.remove(Engine, "connect", asked.listen)
    event.remove(Engine, "commit", asked.committed)


def test_completing_a_step_is_one_commit_and_at_most_seven_statements(watched):
    desk, asked = watched
    step = step_of(desk.receive())
    statements, commits = asked.of(lambda: desk.lan.post(f"/steps/{step}/complete", {}, key="k"))
    assert len(statements) == asked.most, statements
    assert commits == 1


def test_without_a_key_it_is_one_statement_less(watched):
    desk, asked = watched
    step = step_of(desk.receive())
    statements, commits = asked.of(lambda: desk.lan.post(f"/steps/{step}/complete", {}))
    assert len(statements) == asked.most - (asked.most == MOST["sqlite"]), statements
    assert commits == 1


def test_the_second_click_asks_once_who_comes_and_what_was_answered(watched):
    desk, asked = watched
    path = f"/steps/{step_of(desk.receive())}/complete"
    first = desk.lan.post(path, {}, key="k").json()
    statements, _ = asked.of(lambda: desk.lan.post(path, {}, key="k"))
    assert len(statements) == 1, statements
    assert desk.lan.post(path, {}, key="k").json() == first


def test_components_brought_meanwhile_are_looked_at_once(watched):
    """A step that requires papers costs no more, unless some were brought since they were read."""
    desk, asked = watched
    appraised = desk.appraised()
    desk.bring_drawings(appraised["dossier_id"])
    path, entered = f"/steps/{step_of(appraised)}/complete", {"data": {"ket_qua": "dat"}}
    statements, commits = asked.of(lambda: desk.nam.post(path, entered, key="k"))
    assert len([each for each in statements if "dossier_component" in each]) == 1, statements
    assert len(statements) <= asked.most + 1, statements
    assert commits == 1
