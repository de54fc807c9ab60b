"""What the game of any sound diagram plays, its own alignment finds to fit."""

from random import Random

import pytest

from analysis.conformance import positions as positions_of
from analysis.conformance.alignment import align, shortest_way
from analysis.conformance.game import MOST_IN_ALL, fired, game_of
from analysis.conformance.positions import Positions
from analysis.conformance.token_replay import replay
from processes.soundness import Verdict, prove
from tests.analysis.conformance.drawn import drawn
from tests.processes.soundness.random_diagrams import in_blocks

LONGEST = 15


def walk(game, chance):
    """Steps of a run that chance takes, None where it grew too long."""
    marking = chosen(game, chance, game.initial)
    done = []
    while marking:
        move = chance.choice(sorted(game.visible(marking), key=lambda m: (m.element, m.gives)))
        done.append(move.element)
        if len(done) > LONGEST:
            return None
        marking = chosen(game, chance, (fired(marking, move),))
    return done


def chosen(game, chance, starts):
    """Where silent moves lead; one that can only go on silently leads to others of these."""
    found = sorted(game.positions(starts))
    return chance.choice([m for m in found if not m or any(game.visible(m))])


@pytest.mark.parametrize("seed", range(25))
def test_a_run_of_the_diagram_fits_it_and_one_step_more_or_less_costs_one_at_most(
    seed, monkeypatch
):
    monkeypatch.setattr(positions_of, "MOST_POSITIONS", 300)  # a loop may leave ever more behind
    chance = Random(seed)
    diagram = in_blocks(chance, 5)
    assert prove(diagram, proposals=False).verdict is Verdict.SOUND
    game = game_of(diagram)
    labels = {element: number for number, element in enumerate(sorted(game.steps))}
    positions = Positions(game, labels)
    shortest = shortest_way(positions)
    for _ in range(3):
        done = walk(game, chance)
        if done is None:
            continue
        case = [labels[element] for element in done]
        found = align(positions, case, shortest)
        assert (found.cost, len(found.path)) == (0, len(case) + 1)
        assert shortest <= len(case)
        path = [positions.markings[position] for position in found.path]
        played = replay(game, [(e,) for e in done], lambda m, at, p=path: int(m != p[at]))
        assert played.fits
        assert played.fitness == 1
        if case:
            gone = chance.randrange(len(case))
            less = align(positions, case[:gone] + case[gone + 1 :], shortest)
            more = align(positions, [*case[:gone], case[gone], *case[gone:]], shortest)
            assert less.cost <= 1
            assert more.cost <= 1


def test_where_silent_moves_never_end_that_is_soon_known_and_what_was_looked_at_is_spent():
    """A sub-process for each of a list begins as often as the list is long: a log does not say."""
    game = game_of(
        drawn("""
            <startEvent id="S"/><endEvent id="E"/>
            <subProcess id="P"><multiInstanceLoopCharacteristics/>
            <startEvent id="PS"/><userTask id="A"/><endEvent id="PE"/>
            <sequenceFlow id="p1" sourceRef="PS" targetRef="A"/>
            <sequenceFlow id="p2" sourceRef="A" targetRef="PE"/></subProcess>
            S > P
            P > E
        """)
    )
    before = game.markings.left
    assert replay(game, [("A",)]) is None
    few_hundred_tokens_each = 20_000
    assert few_hundred_tokens_each < before - game.markings.left < MOST_IN_ALL / 10
    game.markings.left = 1
    assert replay(game, [("A",)]) is None
    assert game.markings.left < 0
