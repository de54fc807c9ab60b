"""After each pass: is everything there that was acknowledged?"""

from typing import Any

from sqlalchemy import func, select

from bench.office import AGENCY
from bench.procedure import entered_bytes
from engine.journal import verify
from engine.office import Office
from engine.store.tables import dossier, idempotency, journal, step_run


class NotKept(Exception):
    """The tables do not hold what was acknowledged; the figures are worth nothing."""


def require_kept(office: Office, finished: dict[int, int], *, keys: bool = True) -> None:
    """Refuse the pass unless `finished` (chain length -> dossiers) is in the tables to the byte."""
    dossiers = sum(finished.values())
    steps = sum(length * number for length, number in finished.items())
    entered = sum(entered_bytes(length) * number for length, number in finished.items())
    with office.database.read() as connection:

        def number(of: Any, *conditions: Any) -> int:
            return int(connection.execute(select(of).where(*conditions)).scalar_one())

        completed = step_run.c.state == "completed"
        count = func.count()
        rows = {
            "dossiers returned": (
                number(count, dossier.c.state == "returned", dossier.c.outcome == "granted"),
                dossiers,
            ),
            "dossiers": (number(count, dossier.c.agency_id == AGENCY), dossiers),
            "steps completed": (number(count, completed), steps),
            "steps": (number(count, step_run.c.agency_id == AGENCY), steps),
            "events": (number(count, journal.c.agency_id == AGENCY), steps + dossiers),
            "keys": (
                number(count, idempotency.c.agency_id == AGENCY),
                steps + dossiers if keys else 0,
            ),
        }
        read, breaks = verify(connection)
        rows["sealed events"] = (read - len(breaks), steps + dossiers)
        data = connection.execute(select(step_run.c.data).where(completed)).scalars()
        held = sum(len(value.encode()) for each in data for value in each.values())
        rows["bytes entered"] = (held, entered)
    wrong = {name: pair for name, pair in rows.items() if pair[0] != pair[1]}
    if wrong:
        raise NotKept(f"(found, expected): {wrong}")
