"""A log is laid against a diagram: which cases go its ways, and what the others do instead."""

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.conformance import game
from analysis.conformance.conformance import conformance
from analysis.conformance.invalid_conformance import (
    DiagramNotPlayable,
    MappingUnknownElement,
    MappingUnreadable,
)
from analysis.conformance.mapping import read_mapping
from analysis.event_log.reading import read_log
from processes.document import parse
from processes.reader import read
from tests.analysis.conformance.drawn import drawn, log_of

HERE = Path(__file__).parent
IN_TURN = drawn("""
<startEvent id="s"/><userTask id="A"/><userTask id="B"/><userTask id="C"/><endEvent id="e"/>
s > A
A > B
B > C
C > e
""")
CHOICE = drawn("""
<startEvent id="s"/><userTask id="A"/><exclusiveGateway id="x"/><userTask id="B"/>
<userTask id="C"/><exclusiveGateway id="y"/><userTask id="D"/><endEvent id="e"/>
s > A
A > x
x > B
x > C
x > y
B > y
C > y
y > D
D > e
""")
SIDE_BY_SIDE = drawn("""
<startEvent id="s"/><parallelGateway id="x"/><userTask id="A"/><userTask id="B"/>
<userTask id="C"/><parallelGateway id="y"/><endEvent id="e"/>
s > x
x > A
x > B
x > C
A > y
B > y
C > y
y > e
""")
SOME = drawn("""
<startEvent id="s"/><inclusiveGateway id="x"/><userTask id="A"/><userTask id="B"/>
<inclusiveGateway id="y"/><userTask id="C"/><endEvent id="e"/>
s > x
x > A
x > B
A > y
B > y
y > C
C > e
""")
AGAIN = drawn("""
<startEvent id="s"/><exclusiveGateway id="m"/><userTask id="A"/><exclusiveGateway id="x"/>
<userTask id="B"/><endEvent id="e"/>
s > m
m > A
A > x
x > B
B > m
x > e
""")
INSIDE = drawn("""
<startEvent id="s"/><userTask id="A"/>
<subProcess id="S"><startEvent id="s2"/><userTask id="B"/><userTask id="C"/><endEvent id="e2"/>
<sequenceFlow id="g1" sourceRef="s2" targetRef="B"/><sequenceFlow id="g2" sourceRef="B" targetRef="C"/>
<sequenceFlow id="g3" sourceRef="C" targetRef="e2"/></subProcess>
<boundaryEvent id="t" attachedToRef="S"><timerEventDefinition/></boundaryEvent>
<userTask id="D"/><userTask id="E"/><endEvent id="e"/><endEvent id="e3"/>
s > A
A > S
S > D
D > e
t > E
E > e3
""")
TERMINATED = drawn("""
<startEvent id="s"/><parallelGateway id="x"/><userTask id="A"/><userTask id="B"/>
<endEvent id="e"/><endEvent id="k"><terminateEventDefinition/></endEvent>
s > x
x > A
x > B
A > e
B > k
""")


def one(diagram, case, **more):
    return conformance(log_of(case), diagram, **more)


@pytest.mark.parametrize(
    ("diagram", "cases"),
    [
        (IN_TURN, ["A B C"]),
        (CHOICE, ["A B D", "A C D", "A D"]),
        (SIDE_BY_SIDE, [" ".join(order) for order in permutations("ABC")]),
        (SOME, ["A C", "B C", "A B C", "B A C"]),
        (AGAIN, ["A", "A B A", "A B A B A"]),
        (INSIDE, ["A B C D", "A E", "A B E"]),
        (TERMINATED, ["A B", "B"]),
    ],
)
def test_cases_that_go_a_way_of_the_diagram(diagram, cases):
    for case in cases:
        found = one(diagram, case)
        assert (found.fitting, found.alignment, found.replay) == (1, 1.0, 1.0), case
        assert found.deviations == ()


@pytest.mark.parametrize(
    ("diagram", "case", "cost", "shortest"),
    [
        (IN_TURN, "A C", 1, 3),  # B is missing
        (IN_TURN, "B A C", 2, 3),  # B at the wrong place
        (IN_TURN, "A A B C", 1, 3),
        (IN_TURN, "", 3, 3),
        (CHOICE, "A B C D", 1, 2),
        (SIDE_BY_SIDE, "A B", 1, 3),
        (SOME, "C", 1, 2),
        (SOME, "A C B", 1, 2),
        (AGAIN, "A B", 1, 1),
        (INSIDE, "A B D", 1, 2),
        (TERMINATED, "A", 1, 1),
        (TERMINATED, "B A", 1, 1),
    ],
)
def test_the_least_that_must_be_changed(diagram, case, cost, shortest):
    found = one(diagram, case)
    (way,) = found.variants
    assert (way.alignment.cost, found.shortest) == (cost, shortest)
    assert found.alignment == 1 - cost / (len(case.split()) + shortest)
    assert found.replay < 1
    assert found.fitting == 0


def test_token_replay_by_hand():
    # A, then B is lent: p = start 1 + A 1 + C 1, c = A 1 + C 1 + end 1 and 1 lent, 1 left before B
    (way,) = one(IN_TURN, "A C").variants
    played = way.replay
    assert (played.missing, played.remaining) == (1, 1)
    assert played.fitness == (1 - 1 / played.consumed) / 2 + (1 - 1 / played.produced) / 2


def test_what_is_done_otherwise_is_counted():
    found = conformance(log_of("A C", "A C", "A X B C", "A B C"), IN_TURN)
    assert [(d.added, d.name, d.element, d.cases) for d in found.deviations] == [
        (False, "B", "B", 2), (True, "X", None, 1)
    ]  # fmt: skip
    assert (found.cases, found.fitting) == (4, 1)
    assert found.activities.unknown == {"X"}


def brute(diagram_language, case):
    """The edit distance (without replacing) to the nearest word of a finite language."""

    def distance(a, b):
        row = list(range(len(b) + 1))
        for i, x in enumerate(a, start=1):
            before, row[0] = row[0], i
            for j, y in enumerate(b, start=1):
                before, row[j] = row[j], before if x == y else 1 + min(row[j], row[j - 1])
        return row[-1]

    return min(distance(case, word) for word in diagram_language)


@given(st.lists(st.sampled_from("ABCDX"), max_size=7))
def test_an_alignment_is_the_nearest_way(case):
    assert cost_of(CHOICE, case) == brute(["ABD", "ACD", "AD"], case)
    assert cost_of(SIDE_BY_SIDE, case) == brute(["".join(p) for p in permutations("ABC")], case)
    assert cost_of(SOME, case) == brute(["AC", "BC", "ABC", "BAC"], case)


def cost_of(diagram, case):
    (way,) = one(diagram, " ".join(case)).variants
    return way.alignment.cost


def test_activities_are_found_by_name_whatever_the_accents():
    diagram = drawn("""
    <startEvent id="s"/><userTask id="T1" name="Thẩm định hồ sơ"/><userTask id="T2" name="Ký"/>
    <endEvent id="e"/>
    s > T1
    T1 > T2
    T2 > e
    """)
    assert conformance(log_of("Tham_dinh-ho_so KÝ"), diagram).fitting == 1
    told = read_mapping("activity,element\nduyet,T2\nlưu,\n")
    found = conformance(log_of("THẨM_ĐỊNH_HỒ_SƠ lưu duyet"), diagram, told)
    assert (found.fitting, found.activities.left_out) == (1, {"lưu"})


def test_two_steps_of_one_name_may_both_be_meant():
    diagram = drawn("""
    <startEvent id="s"/><userTask id="T1" name="Ký"/><userTask id="T2" name="Ký"/><endEvent id="e"/>
    s > T1
    T1 > T2
    T2 > e
    """)
    assert conformance(log_of("Ký Ký"), diagram).fitting == 1
    assert cost_of(diagram, ["Ký"]) == 1


def test_automatic_steps_that_no_log_shows_are_taken_as_done():
    diagram = drawn("""
    <startEvent id="s"/><userTask id="A"/><serviceTask id="mail"/><userTask id="B"/><endEvent id="e"/>
    s > A
    A > mail
    mail > B
    B > e
    """)
    found = conformance(log_of("A B"), diagram)
    assert (found.fitting, found.silent, found.not_in_log) == (1, ("mail",), ("mail",))
    seen = conformance(log_of("A mail B", "A B"), diagram)
    assert (seen.fitting, seen.silent) == (1, ())


def test_what_is_too_much_is_given_up_and_said():
    found = one(SIDE_BY_SIDE, "C C B B A A", most=3)
    assert (found.given_up, found.alignment, found.alignment_of_log) == (1, None, None)


def test_a_diagram_that_is_no_game_is_refused():
    with pytest.raises(DiagramNotPlayable, match="cannot be compared"):
        one(drawn('<userTask id="A"/><userTask id="B"/>\nA > B\nB > A'), "A B")


@pytest.mark.parametrize("text", ["A", "A,B,C", ",B"])
def test_a_mapping_that_cannot_be_read_is_refused(text):
    with pytest.raises(MappingUnreadable):
        read_mapping(text)


def test_a_mapping_names_steps_of_the_diagram():
    with pytest.raises(MappingUnknownElement):
        one(IN_TURN, "A", told={"A": "Z"})


@pytest.mark.slow
@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "fitting", "average"),
    [  # PM4Py 2.7.23.11, fitness_alignments on the same two diagrams: 100 %, 49.72105997 %
        ("receipt_every_way", 1434, 1.0),
        ("receipt_usual_ways", 713, 0.8154953330871839),
    ],
)
def test_a_real_log_against_diagrams_found_in_it(corpora, name, fitting, average):
    diagram = read(parse((HERE / f"{name}.bpmn").read_bytes())).diagram
    found = conformance(read_log(corpora / "logs" / "receipt.xes.gz"), diagram)
    assert (found.cases, found.fitting, found.given_up) == (1434, fitting, 0)
    assert found.alignment == pytest.approx(average, rel=1e-12)
    assert found.activities.unknown == frozenset()
    assert sum(way.n for way in found.variants if way.replay.fits) == fitting
    assert (found.replay == 1.0) == (fitting == 1434)


@pytest.mark.slow
@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "fitting", "average", "of_log"),
    [  # PM4Py 2.7.23.11, token replay: fitting in per cent, average and of the log
        ("receipt_every_way", 100.0, 1.0, 1.0),
        ("receipt_usual_ways", 49.72105997, 0.9166772114, 0.9447162280),
    ],
)
def test_token_replay_of_a_real_log_is_never_below_one_that_chooses_without_foresight(
    corpora, name, fitting, average, of_log
):
    """Both choose silent moves; ours with foresight. Where none is to be chosen, they are equal."""
    diagram = read(parse((HERE / f"{name}.bpmn").read_bytes())).diagram
    found = conformance(read_log(corpora / "logs" / "receipt.xes.gz"), diagram)
    fits = sum(way.n for way in found.variants if way.replay.fits)
    assert fits / found.cases * 100 == pytest.approx(fitting, abs=1e-6)
    if average == 1.0:
        assert found.replay == pytest.approx(average, abs=1e-6)
        assert found.replay_of_log == pytest.approx(of_log, abs=1e-6)
    else:
        assert average < found.replay < 1
        assert of_log < found.replay_of_log < 1
    total = {
        name: sum(way.n * getattr(way.replay, name) for way in found.variants)
        for name in ("produced", "consumed", "missing", "remaining")
    }
    by_definition = (1 - total["missing"] / total["consumed"]) / 2 + (
        1 - total["remaining"] / total["produced"]
    ) / 2
    assert found.replay_of_log == pytest.approx(by_definition, abs=1e-12)


BESIDE = drawn("""
<startEvent id="s"/>
<subProcess id="S"><startEvent id="s2"/><userTask id="B"/><userTask id="C"/><endEvent id="e2"/>
<sequenceFlow id="g1" sourceRef="s2" targetRef="B"/><sequenceFlow id="g2" sourceRef="B" targetRef="C"/>
<sequenceFlow id="g3" sourceRef="C" targetRef="e2"/></subProcess>
<boundaryEvent id="t" attachedToRef="S" cancelActivity="false"><timerEventDefinition/></boundaryEvent>
<userTask id="D"/><userTask id="E"/><endEvent id="e"/><endEvent id="e3"/>
s > S
S > D
D > e
t > E
E > e3
""")


@pytest.mark.parametrize(
    ("case", "cost"), [("B C D", 0), ("B E C D", 0), ("E B C D", 0), ("B C D E", 0), ("B E D", 1)]
)
def test_a_sub_process_goes_on_beside_an_event_that_fired(case, cost):
    assert cost_of(BESIDE, case.split()) == cost


def side_by_side(number):
    """So many steps, all at once."""
    names = [f"T{n}" for n in range(number)]
    tasks = "".join(f'<userTask id="{name}"/>' for name in names)
    flows = "\n".join(f"x > {name}\n{name} > y" for name in names)
    gates = '<parallelGateway id="x"/><parallelGateway id="y"/>'
    return drawn(f'<startEvent id="s"/><endEvent id="e"/>{gates}{tasks}\ns > x\n{flows}\ny > e')


def test_all_ways_together_are_bounded_and_the_usual_ones_come_first():
    diagram = side_by_side(13)  # 8,192 positions: nothing is known beforehand
    fits = " ".join(f"T{n}" for n in range(13))
    log = log_of(fits, fits, *(f"T0 T{n} T{n} T1" for n in range(2, 12)))
    told = []
    found = conformance(
        log, diagram, most=3_000, in_all=4_000, progress=lambda *step: told.append(step)
    )
    assert (found.fitting, found.given_up) == (2, 10)
    assert told == [(n, 11) for n in range(1, 12)]


def test_markings_of_the_whole_log_are_bounded(monkeypatch):
    diagram = side_by_side(13)
    monkeypatch.setattr(game, "MOST_IN_ALL", 100)
    found = conformance(log_of("T0", "T1"), diagram)
    assert (found.cases, found.given_up, found.replay_given_up) == (2, 2, 2)


def test_a_case_longer_than_what_is_looked_at_is_given_up_at_once():
    long = log_of(" ".join(["A"] * 300))
    found = conformance(long, IN_TURN, most=300)
    assert (found.given_up, found.replay_given_up) == (1, 0)


def test_a_step_that_was_withdrawn_was_not_done():
    log = log_of("A B C")
    events = log.traces[0].events
    gone = (*events[:1], events[1]._replace(transition="withdraw"), *events[2:])
    found = conformance(replace(log, traces=(replace(log.traces[0], events=gone),)), IN_TURN)
    assert [(d.added, d.name) for d in found.deviations] == [(False, "B")]
