"""Logs of other systems by programs: kept, analysed, mapped, compared, taken away, deleted."""

import gzip
import os
import signal
import threading
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from api import foreign_log_work, foreign_logs
from engine.foreign_logs import work
from engine.foreign_logs.acts import purge_logs
from engine.foreign_logs.kept import MOST_LOGS, SILENT, Progress
from engine.foreign_logs.resuming import take_over
from engine.foreign_logs.work import Run
from tests.api.desk import CODE

HERE = "/analysis/foreign-logs"
HEAD = "case_id,activity,timestamp\n"
LOG = (
    HEAD
    + "".join(
        f"{n},{name},2025-07-{n:02d}T0{at}:00:00Z\n"
        for n in range(1, 21)
        for at, name in ((1, "Tiếp nhận hồ sơ"), (3, "Thẩm định nội dung"), (5, "Ký duyệt"))
    )
).encode()


def bring(caller, data=LOG, name="nhật ký.csv", key=None, **query):
    headers = {"Idempotency-Key": key} if key else {}
    files = {"file": (name, data)}
    return caller.send("POST", HERE, files=files, headers=headers, params=query)


def brought(desk, data=LOG, caller=None, **more):
    answer = bring(caller or desk.hung, data, **more)
    assert answer.status_code == 201, answer.text
    desk.app.state.log_work.rest()
    return f"{HERE}/{answer.json()['log_id']}"


def asked(desk, here, caller=None, **question):
    answer = (caller or desk.hung).post(f"{here}/analysis", question)
    assert answer.status_code == 200, answer.text
    desk.app.state.log_work.rest()
    return desk.hung.get(here).json()


def test_a_log_is_brought_analysed_and_deleted(any_desk):
    hung = any_desk.hung
    here = brought(any_desk)
    told = hung.get(here).json()
    assert (told["state"], told["name"], told["size"]) == ("done", "nhật ký.csv", len(LOG))
    assert told["kept_until"] == "2026-04-01T01:00:00Z"
    assert hung.get(f"{here}/analysis").json()["cases"] == 20
    assert [each["log_id"] for each in hung.get(HERE).json()] == [told["log_id"]]
    assert hung.send("DELETE", here).status_code == 204
    assert hung.get(HERE).json() == []
    assert hung.get(here).json()["error"]["code"] == "foreign_log.not_found"
    assert list(any_desk.office.documents.store.all()) == []


def test_a_bare_body_is_taken_too(desk):
    headers = {"Content-Type": "application/octet-stream"}
    answer = desk.hung.send(
        "POST", HERE, content=LOG, headers=headers, params={"file_name": "a.csv"}
    )
    assert (answer.status_code, answer.json()["name"]) == (201, "a.csv")
    odd = desk.hung.send("POST", HERE, content=LOG, headers={"Content-Type": "text/csv"})
    assert odd.status_code == 415


def test_sent_twice_with_one_key_it_is_one(any_desk):
    first, second = (bring(any_desk.hung, key="k-1") for _ in range(2))
    assert (first.status_code, first.content) == (second.status_code, second.content)
    any_desk.app.state.log_work.rest()
    assert len(any_desk.hung.get(HERE).json()) == 1
    other = bring(any_desk.hung, HEAD.encode() + b"1,x,2025-07-01T00:00Z\n", key="k-1")
    assert other.json()["error"]["code"] == "idempotency.reused"


def test_only_readers_of_the_agency_see_it(desk):
    here = brought(desk)
    assert desk.caller("thiet.ke").get(here).status_code == 200
    for path in (HERE, here, f"{here}/analysis", f"{here}/file"):
        assert desk.lan.get(path).status_code == 403
    assert bring(desk.lan).status_code == 403
    stranger = desk.caller("hung.khac")
    assert stranger.get(HERE).json() == []
    for method, path in (
        ("GET", here),
        ("GET", f"{here}/analysis"),
        ("GET", f"{here}/file"),
        ("POST", f"{here}/stop"),
        ("DELETE", here),
    ):
        assert stranger.send(method, path).status_code == 404
    assert stranger.post(f"{here}/analysis", {}).status_code == 404
    theirs = brought(desk, caller=stranger)
    compared = desk.hung.post(f"{here}/analysis", {"before": theirs.rpartition("/")[2]})
    assert compared.status_code == 404


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04" + bytes(100), "foreign_log.refused"),
        (b"a,b\n1,2\n", "foreign_log.refused"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><log>&a;</log>', "foreign_log.refused"),
        (gzip.compress(gzip.compress(LOG)), "foreign_log.refused"),
        (gzip.compress(LOG)[:-20], "foreign_log.refused"),
        (gzip.compress(HEAD.encode() + b"1," + bytes(64 << 20)), "foreign_log.refused"),
    ],
    ids=["workbook", "no columns", "document type", "packed twice", "cut short", "bomb"],
)
def test_a_hostile_file_is_refused_in_words_and_nothing_breaks(desk, data, code):
    told = desk.hung.get(brought(desk, data)).json()
    assert (told["state"], told["refusal"]["code"]) == ("refused", code)
    assert told["refusal"]["vi"] != told["refusal"]["en"]


def test_an_empty_file_is_not_kept(desk):
    assert bring(desk.hung, b"").json()["error"]["code"] == "file.empty"
    assert desk.hung.get(HERE).json() == []


def test_activities_are_mapped_to_steps_and_proposed_by_likeness(desk):
    here = brought(desk)
    told = asked(desk, here, procedure=CODE)
    assert told["state"] == "done"
    laid = desk.hung.get(f"{here}/analysis").json()["conformance"]
    names = {each["element"]: each["name"] for each in laid["steps"]}
    assert set(laid["unknown_activities"]) == {"Tiếp nhận hồ sơ", "Thẩm định nội dung", "Ký duyệt"}
    assert set(laid["proposed"].values()) <= set(names)
    steps = sorted(names)
    mapping = {"Tiếp nhận hồ sơ": steps[0], "Thẩm định nội dung": "", "Ký duyệt": steps[1]}
    asked(desk, here, keep_diagram=True, mapping=mapping)
    laid = desk.hung.get(f"{here}/analysis").json()["conformance"]
    assert laid["unknown_activities"] == []
    assert laid["left_out"] == ["Thẩm định nội dung"]
    assert laid["elements"]["Ký duyệt"] == [steps[1]]


ODD = 'a\nb; "c", <b>&amp;\u2028=cmd|x' + "y" * 400


def test_activities_of_any_name_are_mapped(desk):
    quoted = ODD.replace('"', '""')
    here = brought(desk, (HEAD + f'1,"{quoted}",2025-07-01T00:00Z\n').encode())
    asked(desk, here, procedure=CODE)
    laid = desk.hung.get(f"{here}/analysis").json()["conformance"]
    (name,) = laid["unknown_activities"]
    step = laid["steps"][0]["element"]
    assert asked(desk, here, keep_diagram=True, mapping={name: step})["state"] == "done"
    laid = desk.hung.get(f"{here}/analysis").json()["conformance"]
    assert laid["elements"] == {name: [step]}


def test_a_mapping_to_no_step_is_refused_and_can_be_mended(any_desk):
    here = brought(any_desk)
    told = asked(any_desk, here, procedure=CODE, mapping={"Ký duyệt": "Nowhere"})
    assert told["state"] == "refused"
    assert "Nowhere" in told["refusal"]["en"]
    assert asked(any_desk, here, keep_diagram=True)["state"] == "done"


def test_two_logs_and_two_periods_are_compared(any_desk):
    here, later = brought(any_desk), brought(any_desk, LOG.replace(b"T05:", b"T08:"))
    asked(any_desk, later, before=here.rpartition("/")[2])
    found = any_desk.hung.get(f"{later}/analysis").json()["comparison"]
    assert found["case_seconds"]["shift"] == 3 * 3600
    periods = {
        "before_period": {"first": "2025-07-01", "last": "2025-07-05"},
        "period": {"first": "2025-07-06", "last": "2025-07-31"},
    }
    asked(any_desk, here, **periods)
    found = any_desk.hung.get(f"{here}/analysis").json()
    assert (found["cases"], found["comparison"]["case_seconds"]["n_before"]) == (15, 5)
    none = asked(any_desk, here, period={"first": "2024-01-01", "last": "2024-01-02"})
    assert "01/01/2024" in none["refusal"]["vi"]


@pytest.mark.parametrize(
    ("form", "begins"),
    [
        ("original", LOG[:20]),
        ("xes", b"<?xml"),
        ("xes.gz", b"\x1f\x8b"),
        ("csv", b"\xef\xbb\xbfcase"),
        ("ocel-json", b'{"events"'),
        ("ocel-xml", b"<?xml"),
        ("ocel-sqlite", b"SQLite"),
    ],
)
def test_it_is_taken_away_in_every_format(desk, form, begins):
    answer = desk.hung.get(f"{brought(desk)}/file", params={"format": form})
    assert answer.status_code == 200
    assert answer.content.startswith(begins)
    assert answer.headers["X-Events-Left-Out"] == "0"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_one_that_would_grow_too_large_on_its_way_is_refused(desk, monkeypatch):
    monkeypatch.setattr(foreign_logs, "MOST_WRITTEN", 4096)
    here = brought(desk, LOG.partition(b"\n3,")[0])
    refused = desk.hung.get(f"{here}/file", params={"format": "ocel-sqlite"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "foreign_log.failed")


def test_one_that_is_stopped_stays_and_is_asked_again(desk, monkeypatch):
    begun, go_on = threading.Event(), threading.Event()

    def slowly(_log, _options, heard, _seconds):
        begun.set()
        assert go_on.wait(30)
        assert not heard(Progress("reading", 5, 10)), "nobody wants it any more"
        raise foreign_log_work.AnalysisStopped

    with monkeypatch.context() as patched:
        patched.setattr(foreign_log_work, "analysed", slowly)
        here = f"{HERE}/{bring(desk.hung).json()['log_id']}"
        assert begun.wait(30)
        assert (
            desk.hung.post(f"{here}/analysis", {}).json()["error"]["code"] == "foreign_log.at_work"
        )
        assert desk.hung.post(f"{here}/stop").json()["state"] == "cancelled"
        go_on.set()
        desk.app.state.log_work.rest()
    assert desk.hung.get(here).json()["state"] == "cancelled"
    assert desk.hung.get(f"{here}/analysis").json()["error"]["code"] == "foreign_log.not_analysed"
    assert asked(desk, here)["state"] == "done"


def test_a_restart_in_the_middle_is_said_and_can_be_made_good(any_desk, monkeypatch):
    monkeypatch.setattr(foreign_log_work.LogWork, "take", lambda *_: None)  # the process is gone
    log_id = bring(any_desk.hung).json()["log_id"]
    run = Run("H01", UUID(log_id), 1)
    assert work.begin(any_desk.office, run)
    assert work.still(any_desk.office, run, Progress("reading", 5, 10))
    told = any_desk.hung.get(f"{HERE}/{log_id}").json()
    assert told["state"] == "running"
    assert told["progress"] == {"stage": "reading", "done": 5, "of": 10}
    any_desk.clock.advance(SILENT + timedelta(seconds=1))
    assert any_desk.hung.get(f"{HERE}/{log_id}").json()["state"] == "interrupted"
    monkeypatch.undo()
    assert asked(any_desk, f"{HERE}/{log_id}")["state"] == "done"
    assert not work.still(any_desk.office, run), "the process that was gone is not heard any more"


def test_what_a_server_leaves_when_it_is_stopped_says_so(desk, monkeypatch):
    begun = threading.Event()

    def slowly(_log, _options, heard, _seconds):
        begun.set()
        while heard(Progress()):
            pass
        raise foreign_log_work.AnalysisStopped

    monkeypatch.setattr(foreign_log_work, "analysed", slowly)
    ids = [bring(desk.hung).json()["log_id"] for _ in range(2)]
    assert begun.wait(30)
    desk.app.state.log_work.stop()
    assert [desk.hung.get(f"{HERE}/{each}").json()["state"] for each in ids] == ["interrupted"] * 2


def left_undone(desk, monkeypatch, *, begun=True):
    """A log whose server died while it was at it, or before."""
    with monkeypatch.context() as patched:
        patched.setattr(foreign_log_work.LogWork, "take", lambda *_: None)
        log_id = bring(desk.hung).json()["log_id"]
    if begun:
        assert work.begin(desk.office, Run("H01", UUID(log_id), 1))
    desk.clock.advance(SILENT + timedelta(seconds=1))
    return f"{HERE}/{log_id}"


def test_what_a_server_left_undone_is_begun_anew_by_itself_once(any_desk, monkeypatch):
    here = left_undone(any_desk, monkeypatch)
    told = any_desk.hung.get(here).json()
    assert (told["state"], told["resumes"]) == ("interrupted", True)
    assert take_over(any_desk.office).number == 2
    assert take_over(any_desk.office) is None, "one server alone has it"
    assert any_desk.app.state.log_work.look() == 0
    any_desk.clock.advance(SILENT + timedelta(seconds=1))
    assert any_desk.app.state.log_work.look() == 1
    any_desk.app.state.log_work.rest()
    told = any_desk.hung.get(here).json()
    assert (told["state"], told["run"], told["resumes"]) == ("done", 3, False)
    assert any_desk.app.state.log_work.look() == 0


def test_a_log_at_which_two_servers_died_is_not_tried_a_third_time(any_desk, monkeypatch):
    here = left_undone(any_desk, monkeypatch)
    run = take_over(any_desk.office)
    assert work.begin(any_desk.office, run)
    assert work.still(any_desk.office, run, Progress("times", 1, 2))
    any_desk.clock.advance(SILENT + timedelta(seconds=1))
    assert take_over(any_desk.office) is None
    told = any_desk.hung.get(here).json()
    assert (told["state"], told["resumes"]) == ("interrupted", False)
    assert asked(any_desk, here)["state"] == "done"


def test_a_log_that_only_waited_for_its_turn_did_not_kill_the_server(any_desk, monkeypatch):
    here = left_undone(any_desk, monkeypatch, begun=False)
    for _ in range(3):
        assert take_over(any_desk.office).again == 0
        any_desk.clock.advance(SILENT + timedelta(seconds=1))
    assert any_desk.hung.get(here).json()["resumes"] is True


def test_who_asks_or_stops_first_is_obeyed(any_desk, monkeypatch):
    here = left_undone(any_desk, monkeypatch)
    assert any_desk.hung.post(f"{here}/stop").json()["state"] == "cancelled"
    assert take_over(any_desk.office) is None
    here = left_undone(any_desk, monkeypatch)
    assert asked(any_desk, here)["state"] == "done"
    assert take_over(any_desk.office) is None


def test_a_process_that_was_only_thought_dead_stops(any_desk, monkeypatch):
    left_undone(any_desk, monkeypatch)
    run = take_over(any_desk.office)
    late = Run("H01", run.log_id, 1)
    assert not work.still(any_desk.office, late)
    assert not work.done(any_desk.office, late, b"{}")


def test_an_analysis_that_ends_with_the_whole_service_is_begun_anew(desk, monkeypatch):
    def ended(*_):
        raise foreign_logs.AnalysisEnded

    with monkeypatch.context() as patched:
        patched.setattr(foreign_log_work, "analysed", ended)
        here = brought(desk)
    told = desk.hung.get(here).json()
    assert (told["state"], told["resumes"]) == ("interrupted", True)
    assert desk.app.state.log_work.look() == 1
    desk.app.state.log_work.rest()
    assert desk.hung.get(here).json()["state"] == "done"


def test_a_log_is_not_called_too_large_where_its_process_was_told_to_end(tmp_path):
    log = tmp_path / "a.csv"
    os.mkfifo(log)  # it waits for its first byte

    def heard(_):
        children = Path(f"/proc/{os.getpid()}/task/{threading.get_native_id()}/children")
        for child in map(int, children.read_text().split()):
            if b"analyse" in Path(f"/proc/{child}/cmdline").read_bytes():
                os.kill(child, signal.SIGTERM)
        return True

    with pytest.raises(foreign_logs.AnalysisEnded):
        foreign_logs.analysed(log, [], heard, 60)


def test_it_goes_when_its_time_is_over(any_desk):
    here = brought(any_desk)
    any_desk.clock.advance(timedelta(days=30))
    assert any_desk.hung.get(here).status_code == 404
    assert purge_logs(any_desk.office) == 1
    assert purge_logs(any_desk.office) == 0
    assert list(any_desk.office.documents.store.all()) == []


def test_an_agency_keeps_so_many(desk, monkeypatch):
    monkeypatch.setattr(foreign_log_work.LogWork, "take", lambda *_: None)
    for _ in range(MOST_LOGS):
        assert bring(desk.hung).status_code == 201
    refused = bring(desk.hung)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "foreign_log.too_many")


def test_a_body_that_is_too_large_is_refused_at_the_door(desk):
    headers = {"Content-Type": "application/octet-stream", "Content-Length": str(101_000_000)}
    answer = desk.hung.send("POST", HERE, content=b"x", headers=headers)
    assert answer.status_code == 413
