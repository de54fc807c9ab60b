"""`quytrinh demo`: months of office life played through the real engine, with progress."""

import time
import urllib.error
import urllib.request
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Annotated

import typer

from api.cli.options import Database, settings_with
from api.cli.refusal import told_to_people
from api.demo.office_life import OfficeLife
from api.demo.pen import RealTrust, TrialPen, pen_of
from api.demo.plan import read_scenarios
from api.opening import FirstLogin, bpmn_folder, open_office
from api.settings import Settings
from api.trust import trust_folder
from engine.accounts import actors
from engine.actor import system_actor
from engine.clock import SetClock, SystemClock
from engine.dossier_list import counts_by_state
from engine.office import Office, Version
from engine.procedure_version import version as stored_version
from engine.procedures import listed
from engine.store.condition import agencies
from engine.store.in_use import in_use
from processes.errors import Conflict, NotFound

_MONTH = timedelta(days=30)
_SCENARIOS = "scenarios"


class OfficeHasDossiers(Conflict):
    """A played office and a real one are not mixed."""

    code = "demo.has_dossiers"
    vi = "Cơ sở dữ liệu đã có {number} hồ sơ. Chọn một tệp mới, ví dụ --database {example}."
    en = "The database holds {number} dossiers. Choose a new file, e.g. --database {example}."


class ServerRuns(Conflict):
    """The server acts at today's time while the play is in the past."""

    code = "demo.server_runs"
    vi = "Máy chủ đang chạy tại {address}. Dừng máy chủ, chạy demo, rồi mở lại."
    en = "The server runs at {address}. Stop it, run the demo, then start it again."


class DatabaseInUse(Conflict):
    """A server at another address, or a worker, acts on it at today's time."""

    code = "demo.database_in_use"
    vi = "Chương trình khác đang mở {database}. Dừng máy chủ và worker, chạy demo, rồi mở lại."
    en = "Another program has {database} open. Stop server and workers, run the demo, start again."


class NothingToPlay(NotFound):
    """No scenario belongs to a procedure in force."""

    code = "demo.nothing_to_play"
    vi = "Không có kịch bản nào trong {folder} cho các quy trình đang có hiệu lực."
    en = "No scenario in {folder} belongs to a procedure in force."


def demo(
    dossiers: Annotated[
        int, typer.Option(min=1, max=200_000, help="Số hồ sơ / number of dossiers")
    ] = 2000,
    months: Annotated[int, typer.Option(min=1, max=24, help="Số tháng / months")] = 6,
    seed: Annotated[int, typer.Option(help="Số gieo ngẫu nhiên / random seed")] = 1,
    database: Database = None,
) -> None:
    """Diễn lại nhiều tháng làm việc của một cơ quan mẫu. / Play months of a sample office."""
    settings = settings_with(database_url=database)
    end = SystemClock().now().replace(microsecond=0)
    start = end - _MONTH * months
    clock = SetClock(start)
    with told_to_people():
        _require_no_server(settings)
        office = open_office(settings, clock=clock, tell=_tell)
        try:
            life = _life(office, clock, settings, seed, end)
            _play(life, dossiers, start, end)
        finally:
            office.database.close()
    typer.echo("Xong. Mở “quytrinh serve” (make run) để xem. / Done. Run 'quytrinh serve' to look.")


def _require_no_server(settings: Settings) -> None:
    address = f"http://{settings.host}:{settings.port}/health/live"
    with suppress(urllib.error.URLError, OSError), urllib.request.urlopen(address, timeout=1):
        raise ServerRuns(address=address)
    if in_use(settings.database_url):
        raise DatabaseInUse(database=settings.database_url.rpartition("/")[2])


def _life(
    office: Office, clock: SetClock, settings: Settings, seed: int, now: datetime
) -> OfficeLife:
    agency_id = agencies(office.database)[0]
    watcher = system_actor(agency_id)
    folder = bpmn_folder(settings) / _SCENARIOS
    with office.database.read() as connection:
        number = sum(counts_by_state(connection, watcher).values())
        if number:
            raise OfficeHasDossiers(number=number, example="sqlite:///./var/demo.db")
        versions = _versions(office, agency_id)
        people = actors(connection, agency_id, now)
        calendar = office.calendar(connection, agency_id)
    scenarios = read_scenarios(folder, {v.file_name: v.code for v in versions.values()})
    playable = {code: found for code, found in scenarios.items() if code in versions}
    if not playable:
        raise NothingToPlay(folder=folder)
    prepared = {code: versions[code].version for code in playable}
    pen = _pen(settings, agency_id, clock.now())
    return OfficeLife(office, clock, people, calendar, playable, prepared, seed, pen)


def _pen(settings: Settings, agency_id: str, at: datetime) -> TrialPen | None:
    """Who signs in the play; nobody where the office trusts real issuers, and that is said."""
    try:
        return pen_of(settings.var_folder, trust_folder(settings), agency_id, at)
    except RealTrust as refusal:
        typer.echo(f"{refusal.message('vi')} / {refusal.message('en')}")
        return None


class _InForce:
    """A procedure in force with the name of the file it came from."""

    def __init__(self, code: str, file_name: str, version: Version) -> None:
        self.code = code
        self.file_name = file_name
        self.version = version


def _versions(office: Office, agency_id: str) -> dict[str, _InForce]:
    watcher = system_actor(agency_id)
    found = {}
    with office.database.read() as connection:
        for row in listed(connection, watcher, in_force=True, most=10_000):
            assert row.version_id is not None
            record = stored_version(connection, watcher, row.version_id)
            prepared = office.version(connection, agency_id, row.version_id)
            found[row.code] = _InForce(row.code, record.file_name, prepared)
    return found


def _play(life: OfficeLife, dossiers: int, start: datetime, end: datetime) -> None:
    began = time.perf_counter()
    label = "Đang diễn / playing"
    with typer.progressbar(length=dossiers, label=label, show_pos=True) as bar:
        shown = 0
        for received in life.play(dossiers, start, end):
            bar.update(received - shown)
            shown = received
    seconds = time.perf_counter() - began
    typer.echo(f"{shown} hồ sơ / dossiers, {seconds:.0f} s")


def _tell(first: FirstLogin) -> None:
    typer.echo(f"Mật khẩu đầu tiên / first password: {first.password}  ({first.file})")
