"""A judge for the tests of the room: its jobs misbehave. Run as a program by `room`."""

import os
import time
from decimal import Decimal

from engine.judging import child
from processes.document import NotBpmn


def double(number):
    return Decimal(number) * 2


def turn_for_ever():
    while True:
        pass


def sleep():
    time.sleep(60)


def eat_memory():
    eaten = [bytearray(50_000_000) for _ in range(10_000)]
    return len(eaten)


def refuse():
    raise NotBpmn(root="html")


def break_down():
    raise KeyError("lane")


def die():
    os._exit(7)


def answer_a_function():
    return print


def who():
    return os.getpid(), sorted(os.environ)


def shout():
    print("noise on the standard output" * 1000, flush=True)  # noqa: T201
    return "done"


JOBS = (
    double,
    turn_for_ever,
    sleep,
    eat_memory,
    refuse,
    break_down,
    die,
    answer_a_function,
    who,
    shout,
)

if __name__ == "__main__":
    child.main({job.__name__: job for job in JOBS})
