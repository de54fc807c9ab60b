"""Scenarios in YAML or JSON say who does what and what is expected; what differs is told."""

import pytest

from engine.rehearsal import InvalidScenario, Rehearsal, UnreadableScenarios, load, read_scenarios
from engine.working_calendar.viet_nam import vietnam
from tests.engine.drawing import draw, end, field, gateway, start, step, timer
from tests.engine.offices import BPMN, START

CALENDAR = vietnam(2026, 2030)
DECIDED = draw(
    start(),
    step("Look", field("ok", "boolean", required="true"), field("sum", "number")),
    gateway("exclusive", "G", default="No"),
    end("Yes", "granted"),
    end("No", "refused"),
    flows=("S Look", "Look G", "G Yes: ok", "G No"),
)
GRANTED = """
scenarios:
  - name: Đủ điều kiện
    steps:
      - {element: Look, by: chuyen_vien, data: {ok: true, sum: 1.5}}
    expect:
      end: "Yes"
      result: granted
      trace: [S, Look, "Yes"]
      exact: true
      data: {ok: true, sum: 1.5}
"""


def play(diagram, text):
    scenarios = read_scenarios(load(text.encode()))
    return list(Rehearsal(diagram, CALENDAR, START).play(scenarios))


def test_a_scenario_that_goes_as_expected_is_completed():
    (run,) = play(DECIDED, GRANTED)
    assert (run.outcome, run.error, run.name) == ("completed", None, "Đủ điều kiện")
    assert run.data == {"ok": True, "sum": 1.5}


DIFFERS = {
    "end": ('end: "Yes"', "end: No", "No"),
    "result": ("result: granted", "result: refused", "refused"),
    "way": ('[S, Look, "Yes"]', "[S, Look, No]", "S → Look → No"),
    "datum": ("data: {ok: true, sum: 1.5}\n", "data: {sum: 2}\n", "1.5"),
    "holder": ("chuyen_vien", "truong_phong", "truong_phong"),
    "outcome": ("end:", "outcome: stuck\n      end:", "completed"),
    "one step too many": (
        "    expect:",
        "      - {element: Look, data: {ok: true}}\n    expect:",
        "đã kết thúc",
    ),
}


@pytest.mark.parametrize(("was", "now", "said"), DIFFERS.values(), ids=DIFFERS.keys())
def test_what_differs_fails_with_a_sentence_in_both_languages(was, now, said):
    assert was in GRANTED
    (run,) = play(DECIDED, GRANTED.replace(was, now, 1))
    assert run.outcome == "failed"
    assert said in run.error
    assert "The scenario expects" in run.error


def test_steps_are_done_in_the_order_of_the_scenario():
    parallel = draw(
        start(),
        gateway("parallel", "P"),
        step("A"),
        step("B"),
        gateway("parallel", "J"),
        end(),
        flows=("S P", "P A", "P B", "A J", "B J", "J E"),
    )
    for order in ("A, B", "B, A"):
        steps = ", ".join(f"{{element: {each}}}" for each in order.split(", "))
        (run,) = play(parallel, f"scenarios: [{{steps: [{steps}]}}]")
        assert [p.id for p in run.trace if p.kind == "userTask"] == order.split(", ")


def test_a_step_that_is_not_open_when_its_turn_comes_is_told():
    row = draw(start(), step("A"), step("B"), end(), flows=("S A", "A B", "B E"))
    (run,) = play(row, "scenarios: [{steps: [{element: B}, {element: A}]}]")
    assert run.outcome == "failed"
    assert "đang mở: A" in run.error


def test_a_timer_of_the_scenario_comes_before_a_person_has_answered():
    late = draw(
        start(),
        step("A"),
        timer("T", after="P2D", on="A"),
        end(),
        end("Late"),
        flows=("S A", "A E", "T Late"),
    )
    (run,) = play(late, "scenarios: [{steps: [{timer: T}], expect: {end: Late}}]")
    assert run.outcome == "completed"
    assert [p.id for p in run.trace] == ["S", "T", "Late"]


def test_to_be_stuck_can_be_what_is_expected():
    stuck = draw(
        start(),
        gateway("exclusive", "G", default="A"),
        step("A"),
        step("B"),
        gateway("parallel", "J"),
        end(),
        head=field("x", "boolean", required="true"),
        flows=("S G", "G A", "G B: x", "A J", "B J", "J E"),
    )
    (run,) = play(stuck, "scenarios: [{reception: {x: true}, expect: {outcome: stuck}}]")
    assert (run.outcome, run.error) == ("stuck", None)


@pytest.mark.parametrize("path", sorted((BPMN / "scenarios").glob("*.json")), ids=lambda p: p.stem)
def test_the_scenarios_of_the_procedures_are_played(path):
    stated = load(path.read_bytes())
    diagram = (BPMN / "procedures" / stated["procedure"]).read_bytes()
    runs = list(Rehearsal(diagram, CALENDAR, START).play(read_scenarios(stated)))
    assert {(run.outcome, run.error) for run in runs} == {("completed", None)}


def test_words_and_times_are_texts_not_what_yaml_1_1_makes_of_them():
    assert load(b"[no, on, 12:30, null, ~, true, -1, 1e3]".join([b"a: ", b""])) == {
        "a": ["no", "on", "12:30", None, None, True, -1, 1000.0]
    }
    assert load(b"a:") == {"a": None}


UNREADABLE = {
    "nothing": b"",
    "a list": b"[1]",
    "an alias": b"a: &x [1]\nb: *x",
    "an alias bomb": b"a: &a [1,1]\nb: &b [*a,*a]\nc: [*b,*b]",
    "a Python object": b"a: !!python/object/apply:os.getcwd []",
    "too deep": b"a: " + b"[" * 60 + b"]" * 60,
    "deep without end": b"[" * 100_000,
    "too long": b"a: [" + b"1," * 200_000 + b"1]",
    "too large": b"#" * 500_001,
    "other letters": b"a: \xff",
    "a tab": b"a:\n\t- 1",
}


@pytest.mark.parametrize("data", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_hostile_scenario_file_is_refused(data):
    with pytest.raises(UnreadableScenarios) as refusal:
        load(data)
    assert refusal.value.message("vi") != refusal.value.message("en")


def test_dates_are_text_as_in_json():
    assert load(b"a: 2026-03-02\nb: [1, {c: 2.5}]") == {"a": "2026-03-02", "b": [1, {"c": 2.5}]}


INVALID = {
    "no list": "scenarios: 1",
    "no object": "scenarios: [1]",
    "an odd word": "scenarios: [{stepps: []}]",
    "steps are no list": "scenarios: [{steps: {}}]",
    "a step without a subject": "scenarios: [{steps: [{data: {}}]}]",
    "a step of two subjects": "scenarios: [{steps: [{element: A, message: B}]}]",
    "data are no object": "scenarios: [{steps: [{element: A, data: [1]}]}]",
    "the way is no list": "scenarios: [{expect: {trace: A}}]",
}


@pytest.mark.parametrize("text", INVALID.values(), ids=INVALID.keys())
def test_a_scenario_that_cannot_be_played_is_refused(text):
    with pytest.raises(InvalidScenario):
        read_scenarios(load(text.encode()))
