"""Whatever officers do, in whatever order, and whatever of it is refused: the office stays whole."""

import os
from collections import Counter
from datetime import timedelta
from typing import ClassVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from engine.dossiers.change_case import change_case
from engine.dossiers.claim import claim, hand_over, release
from engine.dossiers.complete_step import LateReason, complete_step
from engine.dossiers.components import Brought, record_components, waive_component
from engine.dossiers.drafts import save_draft
from engine.dossiers.end_early import discontinue, refuse, withdraw
from engine.dossiers.extend import extend
from engine.dossiers.pauses import (
    SupplementRequest,
    receive_supplement,
    request_supplement,
    resume,
    suspend,
)
from engine.dossiers.return_result import return_result
from engine.dossiers.send_back import send_back
from engine.dossiers.timeouts import let_time_pass
from engine.proofs.rebuild import rebuild
from engine.store.tables import dossier, journal, step_run
from processes.errors import RuleError
from tests.engine.drawing import CHIEF, CLERK, OFFICER
from tests.faults.acts import REASON
from tests.faults.condition import dump, require_sound
from tests.faults.permit import ELEMENTS, open_permits, receive_permit

WALKS = int(os.environ.get("QUYTRINH_WALKS", "8"))
STEPS = 30
LATE = LateReason("overload", "Quá nhiều hồ sơ")
WORDS = st.sampled_from([REASON, REASON, REASON, "vì"])  # the last is refused
BROUGHT = st.lists(
    st.builds(
        Brought,
        st.sampled_from(["DON", "ANH", "KHÁC"]),
        st.sampled_from(["original", "plain_copy"]),
        st.integers(-1, 3),
    ),
    max_size=2,
).map(tuple)
COMPLETE = (Brought("DON"), Brought("ANH", "plain_copy", 2))
ENTRIES = {
    "A": st.fixed_dictionaries({}, optional={"so_trang": st.sampled_from([1, "2,5", 3, "x"])}),
    "B": st.fixed_dictionaries({}, optional={"ghi_chu": st.sampled_from(["", "đủ", "thiếu"])}),
    "D": st.fixed_dictionaries(
        {},
        optional={"y_kien": st.sampled_from(["lam_lai", "lam_lai", "lam_lai", "dong_y", "khac"])},
    ),
}
ON_STEP = {
    "complete": lambda o, a, s, d: complete_step(
        o,
        a,
        s.step_run_id,
        d(ENTRIES.get(s.element_id, st.just({}))),
        d(st.sampled_from([LATE, LATE, LATE, None])),
    ),
    "claim": lambda o, a, s, d: claim(o, a, s.step_run_id),
    "release": lambda o, a, s, d: release(o, a, s.step_run_id),
    "send back": lambda o, a, s, d: send_back(
        o, a, s.step_run_id, d(st.sampled_from(ELEMENTS)), d(WORDS)
    ),
    "supplement": lambda o, a, s, d: request_supplement(
        o, a, s.step_run_id, SupplementRequest(("ANH",), d(WORDS))
    ),
    "suspend": lambda o, a, s, d: suspend(o, a, s.step_run_id, d(WORDS), REASON),
    "change case": lambda o, a, s, d: change_case(
        o, a, s.step_run_id, d(st.sampled_from(["normal", "remote", "?"])), d(WORDS)
    ),
    "refuse": lambda o, a, s, d: refuse(o, a, s.step_run_id, d(WORDS)),
    "draft": lambda o, a, s, d: save_draft(o, a, s.step_run_id, {"ghi_chu": d(WORDS)}),
}
ON_DOSSIER = {
    "record": lambda o, a, f, d: record_components(o, a, f.dossier_id, d(BROUGHT)),
    "waive": lambda o, a, f, d: waive_component(o, a, f.dossier_id, "ANH", d(WORDS)),
    "supplemented": lambda o, a, f, d: receive_supplement(o, a, f.dossier_id, d(BROUGHT)),
    "resume": lambda o, a, f, d: resume(o, a, f.dossier_id, d(WORDS)),
    "extend": lambda o, a, f, d: extend(
        o, a, f.dossier_id, o.clock.now() + timedelta(days=d(st.integers(-1, 20))), d(WORDS)
    ),
    "withdraw": lambda o, a, f, d: withdraw(o, a, f.dossier_id, d(WORDS)),
    "discontinue": lambda o, a, f, d: discontinue(o, a, f.dossier_id, d(WORDS)),
    "return": lambda o, a, f, d: return_result(o, a, f.dossier_id),
}
FREQUENT = ("complete",) * 12 + ("claim",) * 2 + ("send back",) * 2
ENDING = ("withdraw", "discontinue")


class OfficeWalk(RuleBasedStateMachine):
    """Random acts by random officers; `open_ward` gives each walk an office of its own."""

    open_ward = None
    tally: ClassVar[Counter] = Counter()

    @initialize()
    def open_office(self):
        self.ward = type(self).open_ward()
        self.keys = 0

    @property
    def office(self):
        return self.ward.office

    def attempt(self, data, act):
        """Do it; what is refused changes nothing, what is done is one event of one dossier."""
        before = dump(self.office)
        events = self.events()
        try:
            act()
        except RuleError:
            assert dump(self.office) == before
            self.tally["refused"] += 1
        else:
            assert self.events() - events in (0, 1)
            self.tally["done"] += 1

    def events(self):
        with self.office.database.read() as connection:
            return len(connection.execute(select(journal.c.seq)).all())

    def rows(self, table):
        with self.office.database.read() as connection:
            return connection.execute(select(table).order_by(*table.primary_key)).all()

    def somebody(self, data, run=None):
        """Mostly one who may."""
        able = self.ward.holders(run.position, run.unit) if run is not None else []
        around = [self.ward.holder(*CLERK), *self.ward.holders(*OFFICER)[:3], self.ward.head]
        around += [self.ward.holder(*CHIEF), self.ward.designer]
        return data.draw(st.sampled_from([*able[:2] * 15, *around]))

    @rule(data=st.data())
    def receive(self, data):
        if len(self.rows(dossier)) < 4:
            brought = data.draw(st.sampled_from([COMPLETE, COMPLETE, ()]))
            self.attempt(data, lambda: receive_permit(self.ward, components=brought))

    @rule(data=st.data())
    def act_on_steps(self, data):
        for _ in range(3):
            self._act_on_a_step(data)
            require_sound(self.office)

    def _act_on_a_step(self, data):
        runs = self.rows(step_run)
        standing = [run for run in runs if run.state == "open"]
        if not runs:
            receive_permit(self.ward)
            return
        run = data.draw(st.sampled_from([*standing * 9, *runs]))
        name = data.draw(st.sampled_from([*FREQUENT, *ON_STEP]))
        actor = self.somebody(data, run)
        self.attempt(data, lambda: ON_STEP[name](self.office, actor, run, data.draw))

    @rule(data=st.data())
    def hand_a_step_over(self, data):
        runs = [run for run in self.rows(step_run) if run.state == "open"]
        if runs:
            run = data.draw(st.sampled_from(runs))
            by, to = self.somebody(data, run), self.somebody(data, run)
            self.attempt(data, lambda: hand_over(self.office, by, run.step_run_id, to, REASON))

    @rule(data=st.data())
    def act_on_a_dossier(self, data):
        rows = self.rows(dossier)
        if rows:
            row = data.draw(st.sampled_from(rows))
            name = data.draw(
                st.sampled_from([n for n in ON_DOSSIER if n not in ENDING] * 3 + [*ENDING])
            )
            actor = self.somebody(data)
            self.attempt(data, lambda: ON_DOSSIER[name](self.office, actor, row, data.draw))

    @rule(data=st.data())
    def do_the_same_twice_under_one_key(self, data):
        runs = [run for run in self.rows(step_run) if run.state == "open"]
        if not runs:
            return
        run = data.draw(st.sampled_from(runs))
        actor = self.somebody(data, run)
        self.keys += 1
        key = f"k{self.keys}"
        entered = {"y_kien": "lam_lai"} if run.element_id == "D" else {}

        def act():
            return complete_step(self.office, actor, run.step_run_id, entered, LATE, key=key)

        try:
            first = act()
        except RuleError:
            return
        events = self.events()
        assert act() == first
        assert self.events() == events

    @rule(minutes=st.sampled_from([1, 30, 240, 1500]))
    def time_goes_by(self, minutes):
        self.ward.clock.advance(timedelta(minutes=minutes))
        let_time_pass(self.office)
        assert let_time_pass(self.office) == 0

    @rule()
    def restart(self):
        self.ward.forget()

    @invariant()
    def whole(self):
        if hasattr(self, "ward"):
            require_sound(self.office)

    def teardown(self):
        if hasattr(self, "ward"):
            with self.office.database.read() as connection:
                for made in rebuild(connection):
                    assert made.differences == ()
                self.tally.update(connection.execute(select(journal.c.kind)).scalars())


def walk(fresh, examples, steps):
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    )
    run_state_machine_as_test(
        type("Walk", (OfficeWalk,), {"open_ward": staticmethod(fresh)}), settings=chosen
    )


def test_no_walk_through_the_office_breaks_it(open_permit_ward):
    walk(open_permit_ward, WALKS, STEPS)
    tally = OfficeWalk.tally
    assert min(tally["done"], tally["refused"]) >= WALKS
    assert len(tally) >= 8  # kinds of events: no walk stands still
    print(dict(tally))  # noqa: T201  a figure, shown by pytest -rP


def test_nor_does_one_on_postgresql(postgresql_server):
    from tests.conftest import upgrade  # noqa: PLC0415

    opened = []

    def fresh():
        ward = open_permits(postgresql_server.fresh(upgrade))
        opened.append(ward)
        return ward

    try:
        walk(fresh, max(1, WALKS // 8), STEPS)
    finally:
        for ward in opened:
            ward.office.database.close()
            postgresql_server.drop(ward.office.database.url)
