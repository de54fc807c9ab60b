"""`quytrinh webhook`: who is told of events; `quytrinh outbox`: what could not be delivered."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from uuid import UUID

import typer

from api.cli.officer import WhichAgency
from api.cli.options import Database, settings_with
from api.cli.refusal import told_to_people
from engine.actor import SYSTEM, Actor, Role
from engine.clock import SystemClock
from engine.delivery.dead_letters import DeadLetter, dead_letters
from engine.delivery.dead_letters import discard as discard_letter
from engine.delivery.dead_letters import retry as retry_letters
from engine.delivery.webhooks import add_webhook, listed_webhooks, remove_webhook
from engine.ids import unguessable_ids
from engine.office import Office
from engine.store.condition import agencies
from engine.store.database import Database as Store
from processes.errors import NotFound

webhook = typer.Typer(help="Địa chỉ nhận sự kiện / webhooks", no_args_is_help=True)
outbox = typer.Typer(help="Thư không gửi được / dead letters", no_args_is_help=True)
Agency = Annotated[str | None, typer.Option("--agency", help="Mã cơ quan / agency")]
Number = Annotated[str, typer.Argument(help="Mã trong danh sách / its id in the list")]
_UNDELIVERED = 1


@contextmanager
def at_work(database: str | None, agency: str | None) -> Iterator[tuple[Office, Actor]]:
    """The office, and its administrator at the machine itself."""
    with told_to_people():
        store = Store(settings_with(database_url=database).database_url)
        try:
            known = agencies(store)
            chosen = agency or (known[0] if len(known) == 1 else None)
            if chosen not in known:
                raise WhichAgency(known=", ".join(known) or "–")
            actor = Actor(SYSTEM, chosen, "Hệ thống", frozenset({Role.ADMIN}))
            yield Office(store, SystemClock(), unguessable_ids()), actor
        finally:
            store.close()


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(what=text) from None


@webhook.command("add")
def add(
    address: Annotated[str, typer.Argument(help="https://…")],
    event: Annotated[
        list[str] | None, typer.Option(help="Loại sự kiện / event type; nhiều lần / repeat")
    ] = None,
    agency: Agency = None,
    database: Database = None,
) -> None:
    """Thêm một địa chỉ; in khóa ký một lần. / Add an address; prints its secret once."""
    with at_work(database, agency) as (office, actor):
        added = add_webhook(office, actor, address, secrets.token_bytes, event or ())
    typer.echo(f"{added.webhook_id}\nKhóa ký / secret: {added.secret}")


@webhook.command("list")
def list_webhooks(agency: Agency = None, database: Database = None) -> None:
    """Các địa chỉ nhận sự kiện. / The addresses that are told of events."""
    with at_work(database, agency) as (office, actor), office.database.read() as connection:
        found = listed_webhooks(connection, actor)
    for each in found:
        wanted = ", ".join(each.events) or "mọi sự kiện / all events"
        typer.echo(f"{each.webhook_id} {each.address} [{wanted}] {each.secret}")
    typer.echo(f"{len(found)} địa chỉ / addresses")


@webhook.command("remove")
def remove(webhook_id: Number, agency: Agency = None, database: Database = None) -> None:
    """Bỏ một địa chỉ. / Remove an address."""
    with at_work(database, agency) as (office, actor):
        remove_webhook(office, actor, _id(webhook_id))
    typer.echo("Đã bỏ. / Removed.")


@outbox.command("list")
def list_dead(agency: Agency = None, database: Database = None) -> None:
    """Thư không gửi được; mã thoát 1 nếu có. / Dead letters; exit code 1 where there are any."""
    with at_work(database, agency) as (office, actor), office.database.read() as connection:
        found = dead_letters(connection, actor)
    for each in found:
        typer.echo(_told(each))
    typer.echo(f"{len(found)} thư không gửi được / dead letters")
    if found:
        raise typer.Exit(_UNDELIVERED)


@outbox.command("retry")
def retry(
    letter_id: Annotated[
        str | None, typer.Argument(help="Mã thư; không ghi: tất cả / its id; without: all")
    ] = None,
    agency: Agency = None,
    database: Database = None,
) -> None:
    """Gửi lại một thư hoặc tất cả. / Have one or all go out again."""
    with at_work(database, agency) as (office, actor):
        number = retry_letters(office, actor, None if letter_id is None else _id(letter_id))
    typer.echo(f"{number} thư sẽ được gửi lại / go out again")


@outbox.command("discard")
def discard(
    letter_id: Number,
    reason: Annotated[str, typer.Argument(help="Lý do / reason")],
    agency: Agency = None,
    database: Database = None,
) -> None:
    """Bỏ hẳn một thư, có lý do. / Give a letter up for good, with a reason."""
    with at_work(database, agency) as (office, actor):
        discard_letter(office, actor, _id(letter_id), reason)
    typer.echo("Đã bỏ. / Discarded.")


def _told(each: DeadLetter) -> str:
    about = each.dossier_code or "–"
    return (
        f"{each.letter_id} {about} {each.event} -> {each.destination}: "
        f"{each.attempts} lần / attempts; {each.error}"
    )
