"""Fills an office with very many dossiers, each a copy of a real one under ids of its own.

A copy has every row of its model, with its own ids, code and applicant and its journal sealed
anew; moments, clocks and state are the model's. Loaded in bulk, then checked: every reference by
the database, a sample seal by seal.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    and_,
    create_engine,
    func,
    insert,
    select,
    text,
    update,
)

from bench.office import AGENCY
from engine.ids import uuid7
from engine.journal import canonical, first_hash, seal
from engine.store.tables import (
    counter,
    dossier,
    dossier_component,
    execution,
    journal,
    pause,
    step_run,
    timer,
)
from processes.search_key import search_key

_AT_ONCE = 20_000
_SAMPLE = 300
_FILLED = (dossier, execution, step_run, dossier_component, journal, pause)

_own = MetaData()
_DOSSIERS = Table(
    "copied_dossier",
    _own,
    *(Column("model", Uuid), Column("dossier_id", Uuid)),
    *(Column("code", Text), Column("applicant", Text), Column("search", Text)),
    Column("head_hash", LargeBinary),
    prefixes=["TEMPORARY"],
)
_RUNS = Table(
    "copied_run",
    _own,
    *(Column("model", Uuid), Column("dossier_id", Uuid), Column("step_run_id", Uuid)),
    prefixes=["TEMPORARY"],
)
_PAUSES = Table(
    "copied_pause",
    _own,
    *(Column("model", Uuid), Column("dossier_id", Uuid), Column("pause_id", Uuid)),
    prefixes=["TEMPORARY"],
)
_EVENTS = Table(
    "copied_event",
    _own,
    *(Column("model", Uuid), Column("seq", Integer), Column("dossier_id", Uuid)),
    *(Column("body", Text), Column("hash", LargeBinary)),
    prefixes=["TEMPORARY"],
)


_MODELS = {
    table.name: Table(
        f"model_{table.name}",
        _own,
        *(Column(column.name, column.type) for column in table.c),
        prefixes=["TEMPORARY"],
    )
    for table in _FILLED
}  # the models' rows alone: what is copied is not to be searched for among the copies


class NotConsistent(Exception):
    """The copies do not hang together; what is measured on them would mean nothing."""


@dataclass
class _Original:
    """A model as its tables hold it."""

    dossier_id: UUID
    code: str
    received_at: datetime
    runs: list[UUID]
    pauses: list[UUID]
    events: list[Any]


@dataclass
class _Batch:
    """Values of new rows, in the order of the columns of the tables above."""

    dossiers: list[tuple[Any, ...]] = field(default_factory=list)
    runs: list[tuple[Any, ...]] = field(default_factory=list)
    pauses: list[tuple[Any, ...]] = field(default_factory=list)
    events: list[tuple[Any, ...]] = field(default_factory=list)


def copy(
    url: str, models: Sequence[UUID], shares: Sequence[int], apart: timedelta = timedelta(0)
) -> None:
    """Copy each model so many times; then check what there is (NotConsistent).

    apart: how much later than those of the copy before it an id says that it was made. With none,
    all copies of a model are of one millisecond, and their ids in no order.
    """
    engine = create_engine(url)
    with engine.connect() as connection:
        _prepare(connection)
        originals = [_original(connection, each) for each in models]
        for batch in _batches(originals, shares, apart, chance=random.Random(len(models))):
            _enter(connection, batch)
        _count_on(connection, originals, len(models) + sum(shares))
        connection.commit()
        _finish(connection)
        _require_consistent(connection, len(models) + sum(shares))
    engine.dispose()


def _prepare(connection: Connection) -> None:
    """Nothing here is kept longer than the run: loading need not wait for the disk."""
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -500000"):
            driver.execute(f"PRAGMA {setting}")
    else:
        connection.execute(text("SET session_replication_role = replica"))  # no check of each row
        connection.execute(text("SET synchronous_commit = off"))
    _own.create_all(connection, checkfirst=False)
    for table in _FILLED:
        model = _MODELS[table.name]
        connection.execute(insert(model).from_select(list(table.c.keys()), select(table)))


def _original(connection: Connection, dossier_id: UUID) -> _Original:
    def of(table: Any, *columns: Any) -> Any:
        return connection.execute(
            select(*columns).where(table.c.agency_id == AGENCY, table.c.dossier_id == dossier_id)
        )

    if of(timer, func.count()).scalar_one():
        raise NotConsistent("a model has timers, which are not copied")
    code, received_at = of(dossier, dossier.c.code, dossier.c.received_at).one()
    return _Original(
        *(dossier_id, code, received_at),
        runs=list(of(step_run, step_run.c.step_run_id).scalars()),
        pauses=list(of(pause, pause.c.pause_id).scalars()),
        events=sorted(of(journal, journal), key=lambda event: int(event.seq)),
    )


def _batches(
    originals: Sequence[_Original],
    shares: Sequence[int],
    apart: timedelta,
    chance: random.Random,
) -> Iterator[_Batch]:
    batch, number = _Batch(), len(originals)
    for original, share in zip(originals, shares, strict=True):
        for copied in range(share):
            number += 1
            _add(batch, original, number, original.received_at + copied * apart, chance)
            if len(batch.dossiers) == _AT_ONCE:
                yield batch
                batch = _Batch()
    yield batch


def _add(
    batch: _Batch, original: _Original, number: int, at: datetime, chance: random.Random
) -> None:
    """Add a copy. at: when its ids are made."""

    def new() -> UUID:
        return uuid7(at, chance.getrandbits(74))

    own, code = new(), f"{original.code.rpartition('-')[0]}-{number:07d}"
    applicant = f"Nguyễn Văn {number}"
    ids = [(old, new()) for old in (*original.runs, *original.pauses)]
    head = first_hash(own)
    for event in original.events:
        body = event.body
        for old, fresh in ids:
            body = body.replace(str(old), str(fresh))
        head = seal(head, canonical(event.seq, event.at, event.actor_id, event.kind, body))
        batch.events.append((original.dossier_id, event.seq, own, body, head))
    search = search_key(f"{code} {applicant} ")
    batch.dossiers.append((original.dossier_id, own, code, applicant, search, head))
    runs = len(original.runs)
    batch.runs += [(old, own, fresh) for old, fresh in ids[:runs]]
    batch.pauses += [(old, own, fresh) for old, fresh in ids[runs:]]


def _enter(connection: Connection, batch: _Batch) -> None:
    pairs = (
        (_DOSSIERS, batch.dossiers),
        (_RUNS, batch.runs),
        (_PAUSES, batch.pauses),
        (_EVENTS, batch.events),
    )
    for table, rows in pairs:
        _load(connection, table, rows)
    for table, own, keys in (
        (dossier, _DOSSIERS, ("dossier_id",)),
        (execution, _DOSSIERS, ("dossier_id",)),
        (dossier_component, _DOSSIERS, ("dossier_id",)),
        (step_run, _RUNS, ("step_run_id",)),
        (pause, _PAUSES, ("pause_id",)),
        (journal, _EVENTS, ("dossier_id", "seq")),
    ):
        model = _MODELS[table.name]
        same = and_(*(model.c[key] == own.c["seq" if key == "seq" else "model"] for key in keys))
        columns = [own.c.get(c.name, model.c[c.name]) for c in table.c]
        copies = select(*columns).select_from(own.join(model, same))
        connection.execute(insert(table).from_select(list(table.c.keys()), copies))
    for table, _ in pairs:
        connection.execute(table.delete())
    connection.commit()


def _load(connection: Connection, table: Table, rows: Iterable[tuple[Any, ...]]) -> None:
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        places = ", ".join("?" * len(table.c))
        driver.executemany(
            f"INSERT INTO {table.name} VALUES ({places})",
            ([v.hex if isinstance(v, UUID) else v for v in row] for row in rows),
        )
        return
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} FROM STDIN") as sink:
        for row in rows:
            sink.write_row(row)


def _count_on(connection: Connection, originals: Sequence[_Original], dossiers: int) -> None:
    """The next dossier received on one of those days gets a number that is free."""
    for day in {original.code.split("-")[1] for original in originals}:
        connection.execute(
            update(counter)
            .where(counter.c.agency_id == AGENCY, counter.c.series == f"dossier/{day}")
            .values(last=dossiers)
        )


def _finish(connection: Connection) -> None:
    """As it stands when the product works: counted by PostgreSQL's planner, as autovacuum would."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        driver.execute("PRAGMA journal_mode = WAL")
        return
    connection.commit()
    driver.autocommit = True
    driver.execute("VACUUM ANALYZE")
    driver.autocommit = False


def _require_consistent(connection: Connection, dossiers: int) -> None:
    """Every reference leads somewhere, there are as many as there should be, seals hold."""
    wrong: dict[str, Any] = {}
    found = connection.execute(select(func.count()).select_from(dossier)).scalar_one()
    waiting = connection.execute(select(func.count()).where(step_run.c.state == "open"))
    if (found, number := waiting.scalar_one()) != (dossiers, dossiers):
        wrong["dossiers, open steps"] = found, number
    for table in _FILLED:
        for key in table.foreign_key_constraints:
            parent = key.referred_table
            same = and_(*(each.parent == each.column for each in key.elements))
            lost = connection.execute(
                select(func.count())
                .select_from(table.outerjoin(parent, same))
                .where(next(iter(parent.primary_key)).is_(None))
            ).scalar_one()
            if lost:
                wrong[f"{table.name} without {parent.name}"] = lost
    broken = [each for each in _some(connection) if not _is_sealed(connection, each)]
    if wrong or broken:
        raise NotConsistent(f"{wrong}, seals broken: {broken}")


def _some(connection: Connection) -> list[UUID]:
    """Dossiers from all over: those that come next to places taken at random."""
    chance = random.Random(_SAMPLE)
    first, last = connection.execute(
        select(func.min(dossier.c.received_at), func.max(dossier.c.received_at))
    ).one()
    return [
        connection.execute(
            select(dossier.c.dossier_id)
            .where(
                dossier.c.agency_id == AGENCY,
                dossier.c.dossier_id
                >= uuid7(first + (last - first) * chance.random(), chance.getrandbits(74)),
            )
            .order_by(dossier.c.dossier_id)
            .limit(1)
        ).scalar_one()
        for _ in range(_SAMPLE)
    ]


def _is_sealed(connection: Connection, dossier_id: UUID) -> bool:
    head, events = first_hash(dossier_id), 0
    for row in connection.execute(
        select(journal)
        .where(journal.c.agency_id == AGENCY, journal.c.dossier_id == dossier_id)
        .order_by(journal.c.seq)
    ):
        events += 1
        head = seal(head, canonical(row.seq, row.at, row.actor_id, row.kind, row.body))
    said = connection.execute(
        select(dossier.c.head_hash, dossier.c.events).where(
            dossier.c.agency_id == AGENCY, dossier.c.dossier_id == dossier_id
        )
    ).one()
    return (head, events) == tuple(said)
