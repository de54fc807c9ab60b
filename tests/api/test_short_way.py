"""The short way answers as the published way does, to the byte, and reads who asks as truthfully."""

import asyncio
import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update

from api import short_way
from api.short_way import SMALLEST_COMPRESSED, Command
from engine.store.database import Database, StaleState
from engine.store.tables import account, holding, journal, login_session
from tests.api.desk import Desk, open_desk, step_of

NOBODYS_STEP = "01960000-0000-7000-8000-000000000000"
JSON = {"Content-Type": "application/json"}
LATE = {"late": {"cause": "overload", "words": "Hồ sơ dồn về cuối tháng"}}


@dataclass
class BothWays:
    """Two copies of one office: one keeps the short way, in the other all goes the usual way."""

    short: Desk
    usual: Desk

    def ask(self, act):
        """The answer that both give; `act` is asked of each desk."""
        short = act(self.short)
        with patch.dict(short_way.COMMANDS, clear=True):
            usual = act(self.usual)
        assert short.status_code == usual.status_code, (short.text, usual.text)
        assert short.content == usual.content
        assert sorted(short.headers.multi_items()) == sorted(usual.headers.multi_items())
        return short


@pytest.fixture
def both(founded_files, tmp_path):
    desks = []
    for name in ("short", "usual"):
        (tmp_path / name).mkdir()
        desks.append(open_desk(founded_files.fresh(tmp_path / name), tmp_path / name))
    yield BothWays(*desks)
    for desk in desks:
        desk.office.database.close()


def sent(desk, path, content=b"{}", login="lan", headers=None):
    """A command as bytes, so that nothing puts it right before it is sent."""
    given = {"Authorization": f"Bearer {desk.caller(login).token}", **JSON, **(headers or {})}
    return desk.client.post(f"/api/v1/steps{path}", content=content, headers=given)


def received(both):
    """The first step of a dossier, the same in both offices."""
    (step,) = {step_of(desk.receive()) for desk in (both.short, both.usual)}
    return step


def history(desk):
    """All that was written of all dossiers, sealed."""
    with desk.office.database.read() as connection:
        rows = connection.execute(select(journal).order_by(journal.c.dossier_id, journal.c.seq))
        return [tuple(row) for row in rows]


# what is sent, who sends it, with which headers; and what is answered
REQUESTS = {
    "nothing unusual": ("/{}/complete", b"{}", "lan", {}, 200),
    "with a key": ("/{}/complete", b"{}", "lan", {"Idempotency-Key": "a"}, 200),
    "JSON in UTF-8": (
        "/{}/complete",
        b"{}",
        "lan",
        {"Content-Type": "application/json; charset=utf-8"},
        200,
    ),
    "some other JSON": (
        "/{}/complete",
        b"{}",
        "lan",
        {"Content-Type": "application/vnd.x+json"},
        200,
    ),
    "compression not taken": ("/{}/complete", b"{}", "lan", {"Accept-Encoding": "identity"}, 200),
    "a query that nobody reads": ("/{}/complete?x=1", b"{}", "lan", {}, 200),
    "a late reason that is not needed": ("/{}/complete", json.dumps(LATE).encode(), "lan", {}, 200),
    "claimed": ("/{}/claim", b"", "lan", {}, 200),
    "claimed with a body": ("/{}/claim", b"no JSON", "lan", {}, 200),
    "claimed with a key": ("/{}/claim", b"", "lan", {"Idempotency-Key": "b"}, 200),
    "no JSON": ("/{}/complete", b"{", "lan", {}, 400),
    "half a character": ("/{}/complete", b'"\xff"', "lan", {}, 400),
    "NUL in the address": ("/{}/complete?x=%00", b"{}", "lan", {}, 400),
    "too long": ("/{}/complete", b" " * 2_100_000, "lan", {}, 413),
    "nobody": ("/{}/complete", b"{}", "lan", {"Authorization": "Bearer sai"}, 401),
    "an empty token": ("/{}/claim", b"", "lan", {"Authorization": "Bearer "}, 401),
    "another scheme": ("/{}/complete", b"{}", "lan", {"Authorization": "Basic bGFu"}, 401),
    "nobody, and no JSON": ("/{}/complete", b"{", "lan", {"Authorization": "Bearer sai"}, 400),
    "nobody, and a wrong field": ("/{}/complete", b'{"x": 1}', "lan", {"Authorization": "x"}, 401),
    "somebody else's step": ("/{}/complete", b"{}", "nam", {}, 403),
    "somebody else's step to claim": ("/{}/claim", b"", "nam", {}, 403),
    "of another agency": ("/{}/complete", b"{}", "lan.khac", {}, 404),
    "no such step": (f"/{NOBODYS_STEP}/complete", b"{}", "lan", {}, 404),
    "no such command": ("/{}/finish", b"{}", "lan", {}, 404),
    "capital letters": ("/{}/COMPLETE", b"{}", "lan", {}, 404),
    "no id": ("/7/complete", b"{}", "lan", {}, 422),
    "no body": ("/{}/complete", b"", "lan", {}, 422),
    "a list": ("/{}/complete", b"[]", "lan", {}, 422),
    "no type": ("/{}/complete", b"{}", "lan", {"Content-Type": ""}, 422),
    "a form": (
        "/{}/complete",
        b"data=1",
        "lan",
        {"Content-Type": "application/x-www-form-urlencoded"},
        422,
    ),
    "an unknown field": ("/{}/complete", b'{"x": 1}', "lan", {}, 422),
    "a NUL": ("/{}/complete", rb'{"data": {"a": "\u0000"}}', "lan", {}, 422),
    "half a pair": ("/{}/complete", rb'{"data": {"a": "\ud800"}}', "lan", {}, 422),
    "not a number": ("/{}/complete", b'{"data": {"a": NaN}}', "lan", {}, 422),
    "a number too long": ("/{}/complete", b'{"data": {"a": 1' + b"0" * 30 + b"}}", "lan", {}, 422),
    "too deep": ("/{}/complete", b'{"data": ' + b"[" * 5000 + b"]" * 5000 + b"}", "lan", {}, 422),
    "an unknown cause": ("/{}/complete", b'{"late": {"cause": "x", "words": "y"}}', "lan", {}, 422),
    "data the form has not": ("/{}/complete", b'{"data": {"a": 1}}', "lan", {}, 422),
    "an empty key": ("/{}/complete", b"{}", "lan", {"Idempotency-Key": ""}, 422),
    "a key of two words": ("/{}/complete", b"{}", "lan", {"Idempotency-Key": "a b"}, 422),
    "a key too long": ("/{}/claim", b"", "lan", {"Idempotency-Key": "k" * 101}, 422),
}


@pytest.mark.parametrize(("path", "content", "login", "headers", "status"), REQUESTS.values(), ids=REQUESTS)  # fmt: skip
def test_both_ways_answer_the_same(both, path, content, login, headers, status):
    step = received(both)
    answer = both.ask(lambda desk: sent(desk, path.format(step), content, login, headers))
    assert answer.status_code == status, answer.text
    again = both.ask(lambda desk: sent(desk, path.format(step), content, login, headers))
    assert again.status_code in (status, 409)
    assert history(both.short) == history(both.usual)


def test_both_ways_answer_the_same_by_other_methods(both):
    step = received(both)
    for method in ("GET", "PUT", "OPTIONS", "HEAD"):
        both.ask(lambda desk, method=method: desk.lan.send(method, f"/steps/{step}/complete"))


def test_both_ways_take_a_body_that_does_not_say_how_long_it_is(both):
    step = received(both)
    for content in (b"{", b"{}"):
        both.ask(lambda desk, content=content: sent(desk, f"/{step}/complete", iter([content])))


def test_both_ways_know_the_positions_held_now(both):
    """A second position takes nothing away; who has put the first down may not act by it."""
    step = received(both)
    for desk in (both.short, both.usual):
        hold(desk, "lan", unit="lanh_dao", position="truong_phong")
    assert both.ask(lambda desk: sent(desk, f"/{step}/claim", b"")).status_code == 200
    for desk in (both.short, both.usual):
        first = holding.c.position == "can_bo_mot_cua"
        elsewhere(desk, update(holding).where(first).values(valid_to=desk.clock.now()))
    assert both.ask(lambda desk: sent(desk, f"/{step}/complete")).status_code == 403


def hold(desk, login, *, unit, position):
    """Give somebody a position from now on."""
    who = select(account.c.agency_id, account.c.account_id).where(account.c.login == login)
    with desk.office.database.read() as connection:
        of = connection.execute(who).one()._asdict()
    held = {"holding_id": desk.office.ids(desk.clock.now()), "unit": unit, "position": position}
    elsewhere(desk, insert(holding).values(**of, **held, valid_from=desk.clock.now()))


def test_both_ways_keep_one_answer_to_one_key(both):
    """What one way answered, the other answers again; another request with the key is refused."""
    step = received(both)
    key = {"Idempotency-Key": "k"}
    first = both.ask(lambda desk: sent(desk, f"/{step}/complete", headers=key))
    assert sent(both.usual, f"/{step}/complete", headers=key).content == first.content
    other = both.ask(lambda desk: sent(desk, f"/{step}/claim", headers=key))
    assert other.json()["error"]["code"] == "idempotency.reused"


def test_both_ways_name_what_is_missing(both):
    (step,) = {step_of(desk.appraised()) for desk in (both.short, both.usual)}
    body = json.dumps({"data": {"ket_qua": "dat"}}).encode()
    refused = both.ask(lambda desk: sent(desk, f"/{step}/complete", body, "nam"))
    assert refused.json()["error"]["facts"]["codes"] == [["BAN_VE"]]


@pytest.mark.parametrize("taken", ["gzip", "identity"])
def test_a_long_answer_is_compressed_for_who_takes_that(both, taken):
    step = received(both)

    async def at_length(*_asked):
        return short_way.Response(b"9" * SMALLEST_COMPRESSED, media_type="application/json")

    long = Command("/x", None, at_length)
    with patch.dict(short_way.COMMANDS, claim=long):
        answer = sent(both.short, f"/{step}/claim", headers={"Accept-Encoding": taken})
    assert answer.headers.get("content-encoding", "identity") == taken
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["cache-control"] == "no-store"


def test_others_being_faster_each_time_is_told_alike(both, monkeypatch):
    step = received(both)

    def stale(*_asked, **_more):
        raise StaleState

    for desk in (both.short, both.usual):
        monkeypatch.setattr(desk.office, "hold", stale)
    answer = both.ask(lambda desk: sent(desk, f"/{step}/complete"))
    assert answer.json()["error"]["code"] == "state.changed"


def test_a_failure_is_logged_under_the_address_without_its_id(both, monkeypatch, caplog):
    step = received(both)

    def broken(*_asked, **_more):
        raise ZeroDivisionError

    for desk in (both.short, both.usual):
        monkeypatch.setattr(desk.office, "hold", broken)
    answer = both.ask(lambda desk: sent(desk, f"/{step}/complete"))
    assert answer.status_code == 500
    logged = [record.getMessage() for record in caplog.records]
    assert len(logged) == 2
    assert all(step not in line for line in logged)
    assert "POST /api/v1/steps/{step_run_id}/complete" in logged[0]


TEXT = st.text(max_size=8)
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
NAME = st.sampled_from(["data", "late", "cause", "words", "x"])
BODY = st.dictionaries(NAME, VALUE | st.dictionaries(TEXT | NAME, VALUE, max_size=2), max_size=3)


@given(BODY.map(lambda body: json.dumps(body).encode()) | st.binary(max_size=12))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_sent_both_ways_answer_the_same(both, content):
    both.ask(lambda desk: sent(desk, f"/{NOBODYS_STEP}/complete", content))


def test_what_is_well_formed_is_not_read_by_the_framework(both):
    step = received(both)
    with patch("api.identity.token_of", side_effect=AssertionError):
        assert sent(both.short, f"/{step}/claim", b"").status_code == 200
        assert sent(both.short, f"/{step}/complete").status_code == 200


def test_its_commands_are_published(desk):
    paths = desk.app.openapi()["paths"]
    for word, command in short_way.COMMANDS.items():
        assert command.path.endswith(f"/{word}")
        operation = paths[command.path]["post"]
        schema = operation.get("requestBody", {"content": {"application/json": {"schema": {}}}})
        named = schema["content"]["application/json"]["schema"].get("$ref", "").rpartition("/")[2]
        assert named == ("" if command.body is None else command.body.__name__)


def elsewhere(desk, statement):
    """Another process writes to the same database."""
    other = Database(desk.office.database.url)
    other.write(lambda transaction: transaction.execute(statement) and None)
    other.close()


def refused_as_nobody(desk, step):
    answer = desk.lan.post(f"/steps/{step}/complete", {}, key="k")
    assert answer.status_code == 401, answer.text
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["error"]["code"] == "login.required"


def test_a_session_that_another_process_ended_acts_no_more(any_desk):
    step = step_of(any_desk.receive())
    assert any_desk.lan.post(f"/steps/{step}/claim").status_code == 200
    token_hash = hashlib.sha256(any_desk.lan.token.encode()).digest()
    elsewhere(any_desk, delete(login_session).where(login_session.c.token_hash == token_hash))
    refused_as_nobody(any_desk, step)
    any_desk.callers.clear()
    assert any_desk.lan.post(f"/steps/{step}/complete", {}, key="k").status_code == 200


def test_an_account_that_another_process_closed_acts_no_more(any_desk):
    step = step_of(any_desk.receive())
    elsewhere(any_desk, update(account).where(account.c.login == "lan").values(active=False))
    refused_as_nobody(any_desk, step)
    elsewhere(any_desk, update(account).where(account.c.login == "lan").values(active=True))
    assert any_desk.lan.post(f"/steps/{step}/complete", {}, key="k").status_code == 200


def test_a_session_that_is_over_acts_no_more(any_desk):
    step = step_of(any_desk.receive())
    any_desk.clock.set(any_desk.clock.now() + timedelta(days=366))
    refused_as_nobody(any_desk, step)


def asked_in_pieces(desk, step, messages):
    """The answer to a request whose body comes in these messages; None where none is given."""
    came, answer = iter(messages), []
    headers = {"host": "quytrinh.test", "authorization": f"Bearer {desk.lan.token}"}
    length = sum(len(each.get("body", b"")) for each in messages)
    headers |= {"content-type": "application/json", "content-length": str(length)}

    async def receive():
        return next(came, {"type": "http.disconnect"})

    async def send(message):
        answer.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": f"/api/v1/steps/{step}/complete",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    asyncio.run(desk.app(scope, receive, send))
    return answer[0]["status"] if answer else None


def piece(body, *, more):
    return {"type": "http.request", "body": body, "more_body": more}


def test_a_body_may_come_in_pieces(both):
    step = received(both)
    pieces = [piece(b'{"da', more=True), piece(b"", more=True), piece(b'ta": {}}', more=False)]
    assert asked_in_pieces(both.short, step, pieces) == 200


def test_wrong_pieces_are_answered_by_the_framework_as_a_whole(both):
    step = received(both)
    pieces = [piece(b'{"da', more=True), piece(b'ta": {"x": 1}}', more=False)]
    assert asked_in_pieces(both.short, step, pieces) == 422


def test_of_a_body_whose_sender_has_gone_nothing_is_done(both):
    step = received(both)
    asked_in_pieces(both.short, step, [piece(b"{}", more=True)])
    assert both.short.lan.post(f"/steps/{step}/complete", {}).status_code == 200
