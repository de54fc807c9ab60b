"""Every measure can be had as data and as a table, by those who may read figures of the office."""

import csv
import io

import pytest

from analysis.queues.utilisation import Utilisation
from analysis.rate import Rate
from api.analysis_readers import positions_for
from api.measure_rows import plain, table
from api.measures import MEASURES, MeasureName
from engine.actor import SYSTEM, Actor, Role
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
    ],
)
def test_a_position_of_one_person_is_that_persons_figure(role, people, runs, seen):
    post = Utilisation("A", "U", "chu_tich", people, 3600, 1800, runs, 0, 1800, 0, 0)
    actor = Actor(SYSTEM, "A", "An", frozenset({role}))
    assert positions_for(actor, [post]) == ((post,) if seen else ())
