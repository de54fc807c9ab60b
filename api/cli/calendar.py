"""`quytrinh calendar`: what the office counts by, and how that is changed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import orjson
import typer

from api.background import collect_less_often
from api.cli.officer import WhichAgency
from api.cli.options import Database, settings_with
from api.cli.refusal import told_to_people
from api.opening import open_office
from engine.accounts import actors
from engine.actor import Actor
from engine.calendar import Calendar
from engine.calendar_change import change as changing
from engine.calendar_change.preview import MovedLine, Preview
from engine.calendar_change.reprojection import follow_calendars, left_to_follow
from engine.office import Office
from engine.store.condition import agencies
from engine.working_calendar.editions import layers_of
from engine.working_calendar.file import read_layer, write_layer
from engine.working_calendar.layer import DayRule, Layer, Level, RuleKind
from engine.working_calendar.office_hours import NoDateGiven, UnreadableCalendar, spoken_date
from processes.errors import NotFound

calendar = typer.Typer(help="Lịch làm việc / the working calendar", no_args_is_help=True)

As = Annotated[str, typer.Option("--as", help="Tên đăng nhập của người làm / who does it")]
Reason = Annotated[str, typer.Option("--reason", help="Lý do / why")]
Agency = Annotated[str | None, typer.Option("--agency", help="Mã cơ quan / agency")]
Json = Annotated[bool, typer.Option("--json", help="JSON")]
_AT_A_TIME = 200_000
Local = Callable[[datetime], datetime]


@contextmanager
def _office(database: str | None, agency: str | None) -> Iterator[tuple[Office, str]]:
    with told_to_people():
        office = open_office(settings_with(database_url=database))
        try:
            known = agencies(office.database)
            if agency is None and len(known) == 1:
                agency = known[0]
            if agency not in known:
                raise WhichAgency(known=", ".join(known) or "–")
            yield office, agency
        finally:
            office.database.close()


def _actor(office: Office, agency_id: str, login: str) -> Actor:
    with office.database.read() as connection:
        found = actors(connection, agency_id, office.clock.now()).get(login)
    if found is None:
        raise NotFound(what=f"cán bộ / officer {login}")
    return found


@calendar.command("list")
def list_them(database: Database = None, agency: Agency = None, json: Json = False) -> None:
    """Các bản lịch và đề xuất đổi lịch. / Editions and proposals."""
    with _office(database, agency) as (office, agency_id), office.database.read() as connection:
        lines = changing.editions(connection, agency_id)
        local = office.calendar(connection, agency_id).local
        proposals = changing.changes(connection, agency_id)
        waiting = {
            p.change_id: left_to_follow(connection, agency_id, p.edition)
            for p in proposals
            if p.state == changing.APPLYING and p.edition is not None
        }
    if json:
        editions = [
            {"edition": e.number, "since": e.since, "reason": e.reason, "decision": e.decision_no}
            for e in lines
        ]
        stated = [_told(p) | {"left": waiting.get(p.change_id, 0)} for p in proposals]
        typer.echo(orjson.dumps({"editions": editions, "proposals": stated}).decode())
        return
    for line in lines:
        decided = f" ({line.decision_no})" if line.decision_no else ""
        since = f"{local(line.since):%d/%m/%Y %H:%M}"
        typer.echo(f"bản / edition {line.number}  {since}  {line.reason}{decided}")
    for proposal in proposals:
        left = waiting.get(proposal.change_id, 0)
        more = f", còn / left {left}" if left else ""
        typer.echo(f"{proposal.change_id}  {proposal.state}{more}  {proposal.reason}")


@calendar.command("show")
def show(
    year: Annotated[int | None, typer.Option(help="Năm / year")] = None,
    unit: Annotated[str | None, typer.Option(help="Đơn vị / unit")] = None,
    edition: Annotated[int | None, typer.Option(help="Bản lịch / edition")] = None,
    layer: Annotated[
        str | None,
        typer.Option(help="Xuất một tầng ra YAML / export: country, city, office, unit:MÃ"),
    ] = None,
    database: Database = None,
    agency: Agency = None,
) -> None:
    """Lịch của một năm, hoặc một tầng để sửa. / A year, or a layer to be edited."""
    with _office(database, agency) as (office, agency_id):
        with office.database.read() as connection:
            newest = changing.newest_edition(connection, agency_id) if edition is None else edition
            if layer is not None:
                typer.echo(
                    write_layer(_layer_named(layers_of(connection, agency_id, newest), layer))
                )
                return
            counted = office.edition_numbered(connection, agency_id, newest).calendar_of(unit)
        asked = counted.local(office.clock.now()).year if year is None else year
        for line in _year(counted, asked):
            typer.echo(line)


def _layer_named(layers: tuple[Layer, ...], named: str) -> Layer:
    key = _key(named)
    found = next((layer for layer in layers if layer.key == key), None)
    if found is None:
        raise NotFound(what=f"tầng lịch / layer {named}")
    return found


def _key(named: str) -> tuple[Level, str]:
    level, _, code = named.partition(":")
    try:
        return Level(level), code
    except ValueError as unknown:
        raise UnreadableCalendar(detail=named) from unknown


def _year(counted: Calendar, year: int) -> Iterator[str]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    days = counted.working_days(first, last)
    yield f"{year}: {days} ngày làm việc / working days; lịch / calendar {counted.version}"
    if year in counted.undecided_years:
        yield f"{year}: chưa có quyết định cho mọi ngày nghỉ / not all days are decided yet"
    for stated in counted.exceptions:
        if first <= stated.day <= last:
            mark = "nghỉ / off  " if stated.kind == "off" else "làm / work "
            unsure = " [dự kiến / expected]" if stated.undecided else ""
            yield f"{spoken_date(stated.day)}  {mark} {stated.name}{unsure} — {stated.basis}"


@calendar.command("propose")
def propose(
    day: Annotated[str, typer.Argument(help="Ngày đầu, YYYY-MM-DD / first day")],
    name: Annotated[str, typer.Option(help="Tên / name")],
    basis: Annotated[str, typer.Option(help="Căn cứ / legal basis")],
    as_: As,
    reason: Reason,
    until: Annotated[str | None, typer.Option(help="Ngày cuối / last day")] = None,
    kind: Annotated[RuleKind, typer.Option(help="Loại / kind")] = RuleKind.CLOSURE,
    instead_of: Annotated[str | None, typer.Option(help="Làm bù cho ngày / made up for")] = None,
    level: Annotated[str, typer.Option(help="office, city, country, unit:MÃ")] = "office",
    database: Database = None,
    agency: Agency = None,
    json: Json = False,
) -> None:
    """Đề xuất thêm một ngày vào lịch, rồi xem trước. / Propose one more day, and preview it."""
    with _office(database, agency) as (office, agency_id):
        actor = _actor(office, agency_id, as_)
        first = _date(day)
        rule = DayRule(
            first,
            first if until is None else _date(until),
            kind,
            name,
            basis,
            in_place_of=None if instead_of is None else _date(instead_of),
        )
        with office.database.read() as connection:
            newest = changing.newest_edition(connection, agency_id)
            layers = layers_of(connection, agency_id, newest)
        key = _key(level)
        known = next((each for each in layers if each.key == key), None)
        layer = (known or Layer(key[0], unit=key[1])).with_day(rule)
        _propose(office, actor, (layer,), reason, json=json)


@calendar.command("import")
def import_layers(
    files: Annotated[list[Path], typer.Argument(help="Tệp tầng lịch, YAML hoặc JSON / layers")],
    as_: As,
    reason: Reason,
    without: Annotated[
        list[str] | None, typer.Option(help="Bỏ tầng / take a layer away; nhiều lần / repeat")
    ] = None,
    database: Database = None,
    agency: Agency = None,
    json: Json = False,
) -> None:
    """Đề xuất các tầng trong tệp, rồi xem trước. / Propose the layers of files, and preview."""
    with _office(database, agency) as (office, agency_id):
        actor = _actor(office, agency_id, as_)
        layers = tuple(read_layer(file.read_bytes()) for file in files)
        gone = tuple(_key(each) for each in without or ())
        _propose(office, actor, layers, reason, gone, json=json)


def _propose(
    office: Office,
    actor: Actor,
    layers: tuple[Layer, ...],
    reason: str,
    without: tuple[tuple[Level, str], ...] = (),
    *,
    json: bool,
) -> None:
    proposed = changing.propose(office, actor, layers, reason, without=without)
    found = changing.preview(office, actor, proposed.change_id)
    _print_preview(proposed.change_id, found, _local(office, actor.agency_id), json=json)


@calendar.command("preview")
def preview(
    change_id: Annotated[UUID, typer.Argument(help="Đề xuất / proposal")],
    as_: As,
    database: Database = None,
    agency: Agency = None,
    json: Json = False,
) -> None:
    """Hồ sơ nào bị dời hạn, dời thế nào. / Which open dossiers move, and how."""
    with _office(database, agency) as (office, agency_id):
        found = changing.preview(office, _actor(office, agency_id, as_), change_id)
        _print_preview(change_id, found, _local(office, agency_id), json=json)


@calendar.command("approve")
def approve(
    change_id: Annotated[UUID, typer.Argument(help="Đề xuất / proposal")],
    as_: As,
    decision: Annotated[str, typer.Option(help="Số quyết định / decision number")],
    database: Database = None,
    agency: Agency = None,
) -> None:
    """Duyệt đề xuất và dời hạn hồ sơ đang mở. / Approve, and have open dossiers follow."""
    with _office(database, agency) as (office, agency_id):
        actor = _actor(office, agency_id, as_)
        approved = changing.approve(office, actor, change_id, decision)
        typer.echo(f"bản / edition {approved.edition}")
        _apply(office)


@calendar.command("apply")
def apply(database: Database = None, agency: Agency = None) -> None:
    """Dời tiếp hồ sơ theo các lịch đã duyệt. / Go on with what was approved."""
    with _office(database, agency) as (office, _):
        _apply(office)


def _apply(office: Office) -> None:
    """A worker beside this one does the same work; together they do it once."""
    collect_less_often()
    looked = moved = failed = 0
    while (done := follow_calendars(office, _AT_A_TIME, alone=True)).looked_at:
        looked, moved, failed = looked + done.looked_at, moved + done.moved, failed + done.failed
        typer.echo(f"\r{looked:,}", nl=False, err=True)
    typer.echo(
        f"{looked:,} hồ sơ đã xem, {moved:,} hồ sơ dời hạn / dossiers looked at, moved"
        + (f"; {failed} không tính được / could not be counted" if failed else "")
    )


def _local(office: Office, agency_id: str) -> Local:
    """The office's own time of a moment."""
    with office.database.read() as connection:
        return office.calendar(connection, agency_id).local


def _print_preview(change_id: UUID, found: Preview, local: Local, *, json: bool) -> None:
    if json:
        typer.echo(orjson.dumps({"change": str(change_id), **found.to_data()}).decode())
        return
    typer.echo(f"đề xuất / proposal {change_id}")
    typer.echo(
        f"{found.open:,} hồ sơ mở, {found.moved:,} thay đổi / open dossiers, changed: "
        f"{found.later:,} lùi hạn / later, {found.earlier:,} sớm hơn / earlier, "
        f"{found.becomes_late:,} thành quá hạn / become late, "
        f"{found.no_longer_late:,} hết quá hạn / late no longer"
    )
    typer.echo(
        f"{found.steps:,} bước, {found.timers:,} hẹn giờ / steps, timers; "
        f"{found.promises:,} ngày hẹn trả công dân thay đổi, phải báo / promised dates change: tell"
    )
    for line in found.lines:
        typer.echo(_moved(line, local))
    if found.uncountable:
        codes = ", ".join(found.uncounted[:20])
        typer.echo(f"{found.uncountable} không tính được / cannot be counted: {codes}")


def _moved(line: MovedLine, local: Local) -> str:
    shown = [f"{local(at):%d/%m/%Y %H:%M}" if at else "–" for at in (line.before, line.after)]
    return f"{line.code}  {shown[0]} -> {shown[1]}  {line.effect}"


def _told(proposal: changing.Change) -> dict[str, Any]:
    return {
        "change": str(proposal.change_id),
        "state": proposal.state,
        "base": proposal.base,
        "edition": proposal.edition,
        "reason": proposal.reason,
        "decision": proposal.decision_no,
        "looked_at": proposal.looked_at,
        "moved": proposal.moved,
    }


def _date(text: str) -> date:
    """A day as machines write it, or as people do: 03/09/2026."""
    parts = text.strip().split("/")
    try:
        if len(parts) == 3:
            return date(int(parts[2]), int(parts[1]), int(parts[0]))
        return date.fromisoformat(text.strip())
    except ValueError as unreadable:
        raise NoDateGiven(given=text.strip()[:40]) from unreadable
