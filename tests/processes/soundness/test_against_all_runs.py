"""The prover beside a look at every marking of random diagrams: the same verdict, both ways."""

from dataclasses import replace
from random import Random

from hypothesis import assume, event, example, given, settings
from hypothesis import strategies as st

from processes.soundness import Verdict, apply, prove
from tests.processes.soundness.random_diagrams import at_will, gathering, in_blocks, spoilt
from tests.processes.soundness.replay import replay
from tests.processes.soundness.token_game import TokenGame, TooMany

SEEDS = st.integers(0, 10**9)


def drawn_in_blocks(seed):
    random = Random(seed)
    return in_blocks(random, random.randint(1, 9))


def drawn_wrongly(seed):
    random = Random(seed)
    return spoilt(random, in_blocks(random, random.randint(1, 9)), random.randint(1, 3))


def drawn_at_will(seed):
    random = Random(seed)
    return at_will(random, random.randint(1, 7))


def answers_of(diagram):
    """What all the runs of the process say; examples with too many runs are left out."""
    try:
        return TokenGame(diagram).judge()
    except TooMany:
        assume(False)


def compare(diagram):
    """The prover says of the process itself what all its runs say, and can play each flaw."""
    answers = answers_of(diagram)
    proof = prove(diagram, proposals=False)
    assume(proof.verdict is not Verdict.UNPROVED)
    top = {
        flaw.rule.removeprefix("soundness-")
        for flaw in proof.findings
        if flaw.element == "P" or diagram.by_id[flaw.element].parent is None
    }
    assume("unproved" not in top)
    event("sound" if answers.is_sound else "unsound")
    assert ("lack-of-synchronisation" in top) == answers.lack_of_synchronisation
    if not answers.lack_of_synchronisation:  # runs end where tokens meet: mended first
        assert ("deadlock" in top) == answers.deadlock
        assert ("improper-completion" in top) == answers.improper_completion
        assert ("dead-step" in top) == bool(answers.dead_steps)
        assert "endless-loop" in top or not answers.no_way_out
        assert "endless-loop" not in top or answers.no_way_out or answers.automatic
        assert top & {"endless-loop", "idle-loop"} or not answers.idle
        assert "idle-loop" not in top or answers.idle
    for flaw in proof.findings:
        if flaw.walk:
            try:
                assert replay(diagram, flaw) == ""
            except TooMany:
                assume(False)


@given(SEEDS)
@settings(max_examples=60)
def test_drawn_in_blocks_is_sound(seed):
    diagram = drawn_in_blocks(seed)
    compare(diagram)
    assert prove(diagram).verdict is Verdict.SOUND


@given(SEEDS)
@settings(max_examples=120)
def test_drawn_wrongly_is_judged_as_all_its_runs_are(seed):
    compare(drawn_wrongly(seed))


@given(SEEDS)
@example(502)  # an inclusive gateway that may give a token to itself, and need not
@settings(max_examples=120)
def test_drawn_at_will_is_judged_as_all_its_runs_are(seed):
    compare(drawn_at_will(seed))


@given(SEEDS)
@settings(max_examples=80)
def test_steps_that_gather_tokens_are_judged_as_all_their_runs_are(seed):
    diagram = gathering(Random(seed), drawn_at_will(seed))
    # Of a side branch the slow game does not ask which of its steps are reached.
    assume(not TokenGame(diagram).side_branches())
    compare(diagram)


@given(SEEDS)
@settings(max_examples=60)
def test_a_proposal_takes_its_flaw_away_and_adds_none(seed):
    diagram = drawn_wrongly(seed)
    proof = prove(diagram)
    before = {(flaw.rule, flaw.element) for flaw in proof.findings}
    for flaw in proof.findings:
        if flaw.fix is not None:
            after = {(f.rule, f.element) for f in prove(apply(flaw.fix, diagram)).findings}
            assert after < before
            assert (flaw.rule, flaw.element) not in after


def test_a_wrong_walk_is_noticed():
    """The player is no rubber stamp: a walk with a move left out, or with another marking, fails."""
    noticed = 0
    for seed in range(40):
        diagram = drawn_wrongly(seed)
        for flaw in prove(diagram).findings:
            if len(flaw.walk) > 2 and not flaw.again:
                shorter = replace(flaw, walk=(flaw.walk[0], *flaw.walk[2:]))
                assert replay(diagram, shorter)
                assert replay(diagram, replace(flaw, marking=(*flaw.marking, "?"))) != ""
                noticed += 1
    assert noticed > 4
