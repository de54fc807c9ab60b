"""Commands for tests of the database: they found agencies, fail, and queue up."""

import threading
import time

from sqlalchemy import insert, select

from engine.store.tables import agency


def found(name):
    return lambda transaction: transaction.execute(
        insert(agency), {"agency_id": name, "name": name}
    )


def names(database):
    with database.read() as connection:
        return sorted(connection.execute(select(agency.c.agency_id)).scalars())


class Refused(Exception):
    pass


def refuse_after(name):
    def command(transaction):
        found(name)(transaction)
        raise Refused(name)

    return command


def together(*acts):
    """Run each in a thread of its own; what each answered or raised, in order."""
    answers = [None] * len(acts)
    begin = threading.Barrier(len(acts))

    def run(place, act):
        begin.wait()
        try:
            answers[place] = act()
        except Exception as error:  # noqa: BLE001 - told to the test
            answers[place] = error

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


class Held:
    """A command that keeps the writer busy until it is let go, so that others queue up."""

    def __init__(self, database):
        self.begun, self.free = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=database.write, args=(self,))

    def __call__(self, transaction):
        self.begun.set()
        assert self.free.wait(30)

    def __enter__(self):
        self.thread.start()
        assert self.begun.wait(30)
        return self

    def __exit__(self, *_):
        self.free.set()
        self.thread.join()


def queued(database, *commands):
    """Run commands as one group: all are queued while the writer is busy."""
    threads, answers = [], {}

    def run(place, command):
        try:
            answers[place] = database.write(command)
        except Exception as error:  # noqa: BLE001 - told to the test
            answers[place] = error

    with Held(database):
        for place, command in enumerate(commands):
            thread = threading.Thread(target=run, args=(place, command))
            thread.start()
            threads.append(thread)
            while database._writer._queue.qsize() <= place:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    return [answers[place] for place in range(len(commands))]
