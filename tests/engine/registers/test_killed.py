"""A process that is killed between drawing a number and its commit leaves no gap."""

import subprocess
import sys
from pathlib import Path

from engine.store.numbers import next_number

ROOT = Path(__file__).resolve().parents[3]
DRAW_AND_WAIT = """
import sys, time
from engine.store.database import Database
from engine.store.numbers import next_number

def draw(transaction):
    print(next_number(transaction, sys.argv[2], "thu/2026"), flush=True)
    time.sleep(600)

Database(sys.argv[1]).write(draw)
"""


def test_a_number_that_died_is_drawn_again(ward):
    database, agency = ward.office.database, ward.agency_id

    def draw(transaction):
        return next_number(transaction, agency, "thu/2026")

    assert database.write(draw) == 1
    for _ in range(2):
        program = [sys.executable, "-c", DRAW_AND_WAIT, database.url, agency]
        with subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, text=True) as killed:
            assert killed.stdout.readline().strip() == "2"
            killed.kill()
    assert database.write(draw) == 2
    assert database.write(draw) == 3
