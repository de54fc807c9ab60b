"""What tests share: databases, the corpora, and the rule that where nothing may be skipped nothing is.

Environment: QUYTRINH_NO_SKIP=1 makes each skip a failure; CI leaves out tests marked `corpus`, whose
input never comes there, and those marked `s3` where there is no server for them. Places are named by
QUYTRINH_CORPORA, QUYTRINH_TEST_POSTGRESQL, QUYTRINH_CHROMIUM, QUYTRINH_CLAMD, QUYTRINH_S3_SERVER.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.databases import PostgreSQLServer, PostgreSQLUnavailable, SQLiteFiles
from tests.engine.documents.s3_server import find_server

ROOT = Path(__file__).resolve().parent.parent
NO_SKIP = os.environ.get("QUYTRINH_NO_SKIP") == "1"
_LONGEST_ID = 100
IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}


# Machines are slow at times: an example is judged by what it shows, not by how long it takes. In CI
# the same examples are tried each time, so that a run there says something of the change alone.
settings.register_profile("office", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if IN_CI else "office")


def upgrade(url: str) -> None:
    from engine.store.migrations import upgrade  # noqa: PLC0415  most tests need no database

    upgrade(url)


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SQLiteFiles:
    return SQLiteFiles(tmp_path_factory.mktemp("sqlite"), upgrade)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgreSQLServer]:
    try:
        server = PostgreSQLServer.start()
    except PostgreSQLUnavailable as missing:
        pytest.skip(f"NOT TESTED ON POSTGRESQL: {missing}")
    yield server
    server.stop()


@pytest.fixture
def sqlite_url(sqlite_files: SQLiteFiles, tmp_path: Path) -> str:
    """A fresh SQLite database with the newest schema."""
    return sqlite_files.fresh(tmp_path)


@pytest.fixture
def postgresql_url(postgresql_server: PostgreSQLServer) -> Iterator[str]:
    """A fresh PostgreSQL database with the newest schema."""
    url = postgresql_server.fresh(upgrade)
    yield url
    postgresql_server.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh database with the newest schema: the test runs once on each kind."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database without tables, once on each kind: for tests of the migrations."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: PostgreSQLServer = request.getfixturevalue("postgresql_server")
    url = server.empty()
    yield url
    server.drop(url)


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of real input; tests that use it are marked `corpus`."""
    folder = Path(os.environ.get("QUYTRINH_CORPORA", ROOT / ".." / "shared" / "corpora")).resolve()
    if not folder.is_dir():
        pytest.skip(f"NOT TESTED ON REAL INPUT: no folder {folder}; set QUYTRINH_CORPORA")
    return folder


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Names of tests are short and the same in every worker, whatever the value is."""
    shown = repr(val)
    if " at 0x" in shown:
        return f"{argname}-{type(val).__name__}"
    if len(shown) > _LONGEST_ID:
        return f"{argname}-{type(val).__name__}-{len(shown) // 1000}k"
    return None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not IN_CI:
        return
    left_out = [
        item
        for item in items
        if item.get_closest_marker("corpus")
        or (item.get_closest_marker("s3") and find_server() is None)
    ]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("corpus")]


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if NO_SKIP and report.outcome == "skipped" and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid}: nothing may be skipped here, but: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[None]:
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    report = yield
    _refuse_skip(report)
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One loud line for each thing that this machine could not test."""
    reasons: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reasons[reason] = reasons.get(reason, 0) + 1
    for reason, number in sorted(reasons.items()):
        if "NOT TESTED" in reason:
            line = f"!!! {reason.removeprefix('Skipped: ')} ({number} tests skipped)"
            terminalreporter.write_line(line, red=True, bold=True)
