"""The measures on a real office's facts, on each database: ages of what is open, and its log."""

import io

import pytest

from analysis.comparison.durations import compare_dossiers
from analysis.comparison.on_time import compare_on_time
from analysis.comparison.side import Side
from analysis.conformance.conformance import conformance
from analysis.event_log.reading import read_log_stream
from analysis.facts.office import office_facts
from analysis.log_export.pieces import pieces
from analysis.log_export.pseudonyms import Pseudonyms
from analysis.log_export.xes import xes_chunks
from analysis.log_measures import measure_log
from analysis.survival.late_risk import late_risks
from analysis.survival.observed import Picked, curves
from engine.dossiers.claim import claim
from engine.dossiers.receive import receive
from engine.store.columns import to_microseconds
from processes.document import parse
from processes.reader import read
from tests.analysis.office_day import FILE, HOUR, RECEPTION, moment, play
from tests.engine.offices import BPMN


@pytest.fixture
def facts(ward):
    """Two dossiers that are over, and one received on the 5th at 08:00; now it is 10:00."""
    play(ward)
    ward.clock.set(moment(5, 8))
    clerk = ward.holder("can_bo_mot_cua", "mot_cua")
    step = receive(ward.office, clerk, RECEPTION).opened[0]
    ward.clock.set(moment(5, 9))
    claim(ward.office, clerk, step.step_run_id)
    with office_facts(ward.office.database, ward.agency_id, moment(5, 10)) as found:
        yield found


def test_what_is_open_has_the_age_of_its_working_clock(facts):
    (dossier,) = facts.rows("select age_ws, work_ws from dossier_fact where finished_us is null")
    (step,) = facts.rows("select age_ws from step_interval where ended_us is null")
    assert (dossier["age_ws"], dossier["work_ws"], step["age_ws"]) == (2 * HOUR, None, 2 * HOUR)
    (over,) = facts.rows(
        "select count(age_ws) as ages, count(work_ws) as n from dossier_fact"
        " where finished_us is not null"
    )
    assert over == {"ages": 0, "n": 2}


def test_curves_count_the_open_one_and_nothing_is_forecast_of_two(facts):
    (whole,) = curves(facts, "procedure")
    assert (whole.curve.n, whole.curve.ended) == (3, 2)
    (risk,) = late_risks(facts)
    assert (risk.share, risk.age_ws) == (None, 2 * HOUR)


def test_two_dossiers_are_too_few_to_say_a_difference(facts):
    third = to_microseconds(moment(3, 0))
    first, second = (Side("trước", Picked(to_us=third)), Side("sau", Picked(from_us=third)))
    on_time = compare_on_time(facts, first, second)
    assert (on_time.difference, on_time.enough, on_time.differs) == (-1.0, False, False)
    assert compare_dossiers(facts, first, second).shift_ws > 0


def test_its_log_says_of_waiting_and_handling_what_the_facts_say(facts):
    text = b"".join(xes_chunks(pieces(facts, Pseudonyms(b"key"))))
    measures = measure_log(read_log_stream(io.BytesIO(text), "log.xes"))
    for step in measures.steps:
        (told,) = facts.rows(
            "select count(*) as runs, sum(ended_us - started_us - paused_us) as handling,"
            " sum(started_us - enabled_us) as waiting from step_interval where name = $name",
            name=step.activity,
        )
        assert told["runs"] == step.runs
        assert told["handling"] == step.handling.sum * 1e6
        assert told["waiting"] == step.waiting.sum * 1e6


def test_what_the_engine_ran_goes_the_ways_of_its_diagram(facts):
    text = b"".join(xes_chunks(pieces(facts, Pseudonyms(b"key"))))
    log = read_log_stream(io.BytesIO(text), "log.xes")
    diagram = read(parse((BPMN / "procedures" / FILE).read_bytes())).diagram
    found = conformance(log, diagram)
    assert (found.cases, found.fitting) == (3, 2)  # the third is not over
    assert found.activities.unknown == frozenset()
    assert not any(each.added for each in found.deviations)
