"""Every measure can be had as data and as a table, by those who may read figures of the office."""

import csv
import io

import openpyxl
import pytest
from sqlalchemy import select

from analysis.queues.utilisation import Utilisation
from analysis.rate import Rate
from api.analysis_readers import positions_for
from api.measure_rows import plain, table
from api.measures import MEASURES, MeasureName
from api.table_files import workbook
from engine.actor import SYSTEM, Actor, Role
from engine.store.tables import dossier
from tests.api.desk import CODE, step_of
from tests.api.test_dossiers import refused

PERIOD = "first=2026-03-01&last=2026-03-31"


@pytest.fixture
def worked(desk):
    """One dossier that was sent back to its applicant, one whose first step is done."""
    received = desk.receive()
    body = {"components": ["DON"], "reason": "thiếu chữ ký", "legal_basis": "Điều 19"}
    assert desk.lan.post(f"/steps/{step_of(received)}/supplement", body).status_code == 200
    other = desk.receive()
    assert desk.lan.post(f"/steps/{step_of(other)}/complete", {}).status_code == 200
    return received


def measure(desk, name, **more):
    narrowed = "".join(f"&{key}={value}" for key, value in more.items())
    answer = desk.hung.get(f"/analysis/measures/{name}?{PERIOD}{narrowed}")
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("name", list(MeasureName))
def test_each_measure_says_what_it_is_and_how_fresh(desk, worked, name):
    found = measure(desk, name.value)
    assert (found["measure"], found["vi"]) == (name.value, MEASURES[name].vi)
    assert found["fresh_at"].startswith("2026-03-02")
    assert found["definitions"] == 1


def test_the_component_that_was_missing_is_counted_with_its_rate(desk, worked):
    (row,) = measure(desk, "missing", procedure=CODE)["rows"]
    assert (row["component"], row["name"]) == ("DON", "Đơn đề nghị")
    assert row["returned"] == {"part": 1, "whole": 2, "percent": 50.0}


def test_another_procedure_has_nothing_of_it(desk, worked):
    assert measure(desk, "missing", procedure="9.999999")["rows"] == []


def test_the_step_that_was_done_has_its_times(desk, worked):
    (row,) = measure(desk, "steps")["rows"]
    assert (row["procedure_code"], row["runs"]) == (CODE, 1)


def test_as_a_table_each_value_has_its_column(desk, worked):
    answer = desk.hung.get(f"/analysis/measures/missing/table.csv?{PERIOD}")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert (row["component"], row["returned.part"], row["returned.whole"]) == ("DON", "1", "2")


def test_each_line_of_a_table_says_how_fresh_it_is(desk, worked):
    asked = f"/analysis/measures/missing/table.csv?{PERIOD}"
    (row,) = csv.DictReader(io.StringIO(desk.hung.get(asked).content.decode("utf-8-sig")))
    assert row["fresh_at"].startswith("2026-03-02T08:00:00")


def test_any_share_that_a_page_may_show_can_be_taken_along(desk, worked):
    rows = measure(desk, "limits", share=85, procedure=CODE)["rows"]
    assert {row["proposed"]["wanted"] for row in rows} == {0.85}


def test_a_cell_too_long_for_excel_says_so_and_is_not_cut():
    book = openpyxl.load_workbook(io.BytesIO(workbook([{"days": "x" * 40_000}], "Ngày")))
    assert "CSV" in book.active["A2"].value


def test_queues_day_by_day_are_not_made_for_a_century(desk, worked):
    desk.at(2026, 3, 2, 9)
    asked = "/analysis/measures/queue?first=2000-01-01&last=2100-12-31"
    refused(desk.hung.get(asked), 422, "measure.too_many_days")
    refused(desk.hung.get(asked.replace("?", "/table.csv?")), 422, "measure.too_many_days")
    to_come = "/analysis/measures/queue?first=2026-01-01&last=2100-12-31"
    assert len(desk.hung.get(to_come).json()["rows"][0]["days"]) == 61


def test_a_version_is_asked_about_by_itself(desk, worked):
    with desk.office.database.read() as connection:
        (version,) = connection.execute(select(dossier.c.version_id).distinct()).scalars()
    assert measure(desk, "returned", version=version) == measure(desk, "returned")
    other = "00000000-0000-0000-0000-000000000001"
    assert measure(desk, "returned", version=other)["rows"] == []
    shares = measure(desk, "on-time", version=other)["rows"]
    assert [share["rate"]["whole"] for share in shares] == [0, 0, 0]


@pytest.mark.parametrize("name", list(MeasureName))
def test_one_step_is_asked_about_by_itself_or_the_question_is_refused(desk, worked, name):
    asked = f"/analysis/measures/{name.value}?{PERIOD}&step=none"
    if not MEASURES[name].of_steps:
        refused(desk.hung.get(asked), 422, "measure.not_of_steps")
        refused(desk.hung.get(asked.replace("?", "/table.csv?")), 422, "measure.not_of_steps")
        return
    rows = desk.hung.get(asked).json()["rows"]
    if name is MeasureName.WEEKDAYS:
        assert {row["came"] for row in rows} == {0}
    else:
        assert rows == []


@pytest.mark.parametrize("path", ["", "/steps?" + PERIOD, "/steps/table.csv?" + PERIOD])
def test_only_heads_and_the_reform_team_read_it(desk, path):
    refused(desk.lan.get(f"/analysis/measures{path}"), 403, "not_allowed")


def test_what_is_no_measure_and_what_is_no_period_is_refused(desk):
    assert desk.hung.get(f"/analysis/measures/luck?{PERIOD}").status_code == 422
    wrong = "first=2026-03-02&last=2026-03-01"
    refused(desk.hung.get(f"/analysis/measures/steps?{wrong}"), 422, "period.invalid")


def test_words_of_people_never_become_formulas_and_lists_stay_in_one_cell():
    rows = [{"name": "=1+1", "rate": Rate(1, 3), "days": [{"day": 0, "waiting": 2}, {"day": 1}]}]
    (row,) = csv.DictReader(io.StringIO(table(rows).decode("utf-8-sig")))
    assert row["name"] == "'=1+1"
    assert row["rate.percent"] == "33.33"
    assert row["days"] == "day=0 waiting=2; day=1"
    assert plain(Rate(0, 0)) == {"part": 0, "whole": 0, "percent": None}


@pytest.mark.parametrize(
    ("role", "people", "runs", "seen"),
    [
        (Role.REFORM, 2, 3, True),
        (Role.REFORM, 1, 500, False),
        (Role.HEAD, 1, 500, True),
        (Role.HEAD, 1, 19, False),
        (Role.REFORM, 0, 3, False),  # ended on days off, by one person maybe
        (Role.HEAD, 0, 30, True),
        (Role.REFORM, 0, 0, True),  # a queue that nobody has looked at
    ],
)
def test_a_position_of_one_person_is_that_persons_figure(role, people, runs, seen):
    post = Utilisation("A", "U", "chu_tich", people, 3600, 1800, runs, 0, 1800, 0, 0)
    actor = Actor(SYSTEM, "A", "An", frozenset({role}))
    assert positions_for(actor, [post]) == ((post,) if seen else ())
