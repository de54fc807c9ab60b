"""PostgreSQL ends connections at random: each command happened once or not at all, and can be told
again under its key until it has happened."""

import os
import random
import threading
import time
from collections import Counter

import psycopg
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from engine.dossiers.claim import claim, release
from engine.dossiers.complete_step import complete_step
from engine.journal import verify
from engine.store.tables import journal
from tests.engine.drawing import CLERK, OFFICER
from tests.faults.condition import require_sound
from tests.faults.permit import open_run, receive_permit

CUTS = int(os.environ.get("QUYTRINH_CUTS", "15"))
WORKERS = 4
PATIENCE = 120  # seconds
CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND state <> 'idle' ORDER BY random() LIMIT 1"
)


def until_done(act, cut):
    """Tell the command under its key until it is acknowledged."""
    while True:
        try:
            return act()
        except DBAPIError as broken:
            if not broken.connection_invalidated and broken.orig.sqlstate != "57P01":
                raise
            cut["told again"] += 1


def work(ward, name, over, cut, done):
    number, office = 0, ward.office
    officer, clerk = ward.holders(*OFFICER)[0], ward.holder(*CLERK)
    while not over.is_set():
        number += 1
        key = f"{name}-{number}"
        outcome = until_done(lambda k=key: receive_permit(ward, k), cut)
        done[outcome.dossier_id] = ["dossier.received"]
        first = outcome.opened[0].step_run_id
        outcome = until_done(
            lambda f=first, k=key: complete_step(office, clerk, f, key=f"{k}A"), cut
        )
        done[outcome.dossier_id].append("step.completed")
        run = next(step.step_run_id for step in outcome.opened if step.element_id == "B")
        for act, kind in ((claim, "claimed"), (release, "released"), (claim, "claimed")):
            turn = f"{key}{len(done[outcome.dossier_id])}"
            until_done(lambda a=act, r=run, k=turn: a(office, officer, r, key=k), cut)
            done[outcome.dossier_id].append(f"step.{kind}")


def test_commands_on_cut_connections_happen_once_or_not_at_all(postgresql_permits):
    ward = postgresql_permits
    over, cut = threading.Event(), Counter()
    done = [{} for _ in range(WORKERS)]
    threads = [
        threading.Thread(target=work, args=(ward, f"w{n}", over, cut, done[n]))
        for n in range(WORKERS)
    ]
    for thread in threads:
        thread.start()
    chance = random.Random(3)
    plain = ward.office.database.url.replace("+psycopg", "")
    with psycopg.connect(plain, autocommit=True) as connection:
        until = time.monotonic() + PATIENCE
        while cut["cut"] < CUTS and time.monotonic() < until:
            if happened(done) > 3 * cut["cut"]:  # let some through between two cuts
                cut["cut"] += len(connection.execute(CUT).fetchall())
            over.wait(chance.uniform(0, 0.01))
    over.set()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    require_once(ward, {k: v for each in done for k, v in each.items()})
    assert cut["cut"] >= CUTS
    print(f"{dict(cut)}, {happened(done)} commands, 0 lost, 0 doubled")  # noqa: T201  a figure, shown by pytest -rP


def happened(done):
    return sum(len(kinds) for each in done for kinds in list(each.values()))


def require_once(ward, done):
    with ward.office.database.read() as connection:
        _, breaks = verify(connection)
        written = {}
        for row in connection.execute(
            select(journal).order_by(journal.c.dossier_id, journal.c.seq)
        ):
            written.setdefault(row.dossier_id, []).append(row.kind)
    assert breaks == ()
    assert written == done
    require_sound(ward.office)
    assert open_run(ward, receive_permit(ward), "A")
