"""The whole city at the JSON door: every agency's totals, for the readers of one agency."""

import pytest

from analysis.lake.city import City, city
from analysis.lake.refresh import refresh
from analysis.lake.rolling import roll_up
from tests.analysis.lake.office_lake import OfficeLake
from tests.analysis.office_day import play
from tests.api.desk import CODE
from tests.api.test_dossiers import refused
from tests.api.test_what_if import worked
from tests.engine.offices import open_ward

CITY = "/analysis/city"


def opened(desk, folder, agency=None):
    """The server is told of a lake, and whose readers may look."""
    agency = desk_agency(desk) if agency is None else agency
    told = {"lake_folder": folder, "city_agency": agency}
    desk.app.state.settings = desk.app.state.settings.model_copy(update=told)


def desk_agency(desk):
    return desk.hung.get("/me").json()["agency_id"]


@pytest.fixture
def ward(sqlite_files, tmp_path):
    (tmp_path / "ward").mkdir()
    opened_ward = open_ward(sqlite_files.fresh(tmp_path / "ward"))
    yield opened_ward
    opened_ward.office.database.close()


@pytest.fixture
def lake(desk, ward, tmp_path):
    """Two agencies in one folder: four dossiers of the desk, and the work of a ward."""
    folder = tmp_path / "lake"
    play(ward)
    other = OfficeLake(ward, folder)
    for _ in other.work():
        pass
    other.refresh()
    worked(desk)
    refresh(desk.office.database, desk_agency(desk), folder, desk.clock.now())
    roll_up(folder, desk.clock.now())
    opened(desk, folder)
    return folder


def figures(desk, **asked):
    answer = desk.hung.get(CITY, params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_agencies_sum_to_the_city(desk, lake):
    seen = figures(desk)
    assert len(seen["by_agency"]) == 2
    for name in ("n", "early", "on_time", "late", "late_ws"):
        for groups in ("by_agency", "by_month", "by_procedure"):
            assert sum(each[name] for each in seen[groups]) == seen["whole"][name], (groups, name)
    own = next(each for each in seen["by_agency"] if each["key"] == desk_agency(desk))
    assert own["n"] == 4
    assert seen["whole"]["n"] > 4
    assert seen["steps"] == []


def test_one_procedure_shows_its_steps_and_only_its_lateness(desk, lake):
    seen = figures(desk, procedure=CODE)
    assert seen["whole"]["n"] == 4
    assert [each["key"] for each in seen["by_agency"]] == [desk_agency(desk)]
    appraisal = next(each for each in seen["steps"] if each["element_id"] == "Task_Appraise")
    assert appraisal["n"] == 4
    assert abs(appraisal["p50"] - 1800 - appraisal["waiting_ws"] / 4) <= 1800 / 40 + 1
    assert {each["procedure_code"] for each in seen["owed"]} <= {CODE}


def test_agencies_and_procedures_are_called_as_they_told_the_lake(desk, lake):
    seen = figures(desk)
    assert all(each["name"] for each in (*seen["by_agency"], *seen["by_procedure"]))
    assert {each["name"] for each in seen["by_month"]} == {""}
    own = next(each for each in seen["by_agency"] if each["key"] == desk_agency(desk))
    for path in (lake / "manifest").glob("names=*.json"):
        if own["key"] not in path.read_text(encoding="utf-8"):
            path.unlink()
    named = {each["key"]: each["name"] for each in figures(desk)["by_agency"]}
    assert named.pop(own["key"]) == own["name"]
    assert list(named.values()) == [""]


def test_months_without_work_are_empty_and_those_before_are_told(desk, lake):
    later = figures(desk, first=202604, last=202604, procedure=CODE)
    assert (later["whole"]["n"], later["before"]["n"]) == (0, 4)
    assert later["months"] == [202604, 202604]


def test_months_the_wrong_way_round_are_refused(desk, lake):
    wrong = desk.hung.get(CITY, params={"first": 202604, "last": 202603})
    assert refused(wrong, 422, "city.invalid_months") == {"first": "04/2026", "last": "03/2026"}


def test_a_server_without_a_lake_says_what_to_set(desk):
    answer = desk.hung.get(CITY)
    refused(answer, 404, "city.none")
    assert "QUYTRINH_CITY_AGENCY" in answer.text


def test_only_the_citys_agency_looks_and_there_only_who_reads_analysis(desk, lake):
    refused(desk.lan.get(CITY), 403, "not_allowed")
    opened(desk, lake, agency="000.00.00.H29")
    refused(desk.hung.get(CITY), 403, "city.other_agency")


def test_a_young_lake_without_finished_dossiers_has_no_figures(desk, tmp_path):
    folder = tmp_path / "young"
    desk.receive()
    refresh(desk.office.database, desk_agency(desk), folder, desk.clock.now())
    roll_up(folder, desk.clock.now())
    found = city(folder)
    assert isinstance(found, City)
    assert (found.whole.n, found.by_agency, found.owed) == (0, (), ())
    assert found.months[1] == 202603


def test_what_is_still_being_handled_is_counted_too(desk, lake):
    before = figures(desk)["open"]
    desk.at(2026, 4, 1, 8)
    desk.receive()
    refresh(desk.office.database, desk_agency(desk), lake, desk.clock.now())
    roll_up(lake, desk.clock.now())
    assert figures(desk)["open"] == before | {"within": before["within"] + 1}
    assert figures(desk, procedure=CODE)["open"] == {"within": 1, "overdue": 0, "paused": 0}
    desk.at(2026, 6, 1, 8)
    refresh(desk.office.database, desk_agency(desk), lake, desk.clock.now())
    late = figures(desk, procedure=CODE)["open"]
    assert late == {"within": 0, "overdue": 1, "paused": 0}


def test_long_lists_are_cut_and_say_how_much_is_left_out(desk, lake):
    every, first = figures(desk), figures(desk, most=1)
    assert every["left_out"] == {"by_procedure": 0, "owed": 0, "lacking": 0}
    for name, left in first["left_out"].items():
        assert first[name] == every[name][:1]
        assert left == max(0, len(every[name]) - 1)
    assert first["left_out"]["by_procedure"] > 0
    assert first["whole"] == every["whole"]
    refused(desk.hung.get(CITY, params={"most": 2_001}), 422, "request.invalid")
