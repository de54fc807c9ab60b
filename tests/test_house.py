"""The house stands: who may import, store, read the time; what no file may hold. Exceptions are written.

Each failure names the place and says what to do instead.
"""

import ast
import importlib
import pkgutil
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from processes.errors import RuleError

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("processes", "engine", "analysis", "api")
LOCKS = ("requirements.lock", "requirements-dev.lock")
LINES = 500
SOURCES = {".py", ".js", ".mjs", ".css", ".html", ".sql"}
LONG_FOR_A_REASON = {  # path: why it is one concept all the same
}
CLOCK = "engine/clock.py"
# Taken apart here, so that this file does not hold what it looks for.
INDEX_HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "yarnpkg", "com"),
        ("crates", "io"),
        ("proxy", "golang", "org"),
        ("repo", "maven", "apache", "org"),
        ("deb", "debian", "org"),
    )
]
MACHINE_PATHS = [f"/{first}/" for first in ("root", "work", "Users")]


@cache
def files() -> tuple[str, ...]:
    """Every file of the project: tracked, or new and not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    names = [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    return tuple(sorted(names))


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8", errors="replace")


@cache
def modules() -> dict[str, ast.Module]:
    own = [n for n in files() if n.endswith(".py") and n.split("/")[0] in PACKAGES]
    return {name: ast.parse(text_of(name), name) for name in own}


def imports_of(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, node.lineno


def importers_of(package: str) -> list[str]:
    return [
        f"{name}:{line}"
        for name, tree in modules().items()
        for imported, line in imports_of(tree)
        if imported.split(".")[0] == package
    ]


def outside(places: list[str], *rooms: str) -> list[str]:
    return [place for place in places if not place.startswith(rooms)]


def test_imports_point_one_way(capsys):
    outcome = lint_imports(no_cache=True)
    assert outcome == 0, "api -> analysis -> engine -> processes:\n" + capsys.readouterr().out


def test_only_engine_and_analysis_speak_to_the_database():
    found = outside(importers_of("sqlalchemy"), "engine/", "analysis/")
    assert found == [], "call a function of engine/ or analysis/ instead of writing a query"


def test_only_the_store_speaks_to_database_drivers():
    drivers = [*importers_of("sqlite3"), *importers_of("psycopg"), *importers_of("psycopg_pool")]
    exchanged = ("analysis/event_log/ocel_sqlite.py", "analysis/log_export/ocel_sqlite.py")
    found = outside(drivers, "engine/store/", *exchanged)  # files that come and go, no database
    assert found == [], "take a connection from engine/store"


def test_only_the_runtime_knows_the_workflow_library():
    found = outside(importers_of("SpiffWorkflow"), "engine/runtime/")
    assert found == [], "ask engine/runtime, which keeps the library in one room"


def test_only_the_clock_reads_the_time():
    reads = {"now", "utcnow", "today"}
    found = [
        f"{name}:{node.lineno}"
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and (
            (node.func.value.id in {"datetime", "date"} and node.func.attr in reads)
            or (node.func.value.id == "time" and node.func.attr in {"time", "time_ns"})
        )
    ]
    assert outside(found, CLOCK) == [], "time is an argument: take `at`, or a Clock"


def test_a_concept_has_a_name():
    vague = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
    found = [name for name in files() if vague & set(re.split(r"[/._]", name))]
    assert found == [], "name the file after the word an officer would say"


def test_a_file_is_one_concept():
    sources = [name for name in files() if Path(name).suffix in SOURCES]
    lengths = {name: text_of(name).count("\n") for name in sources if name not in LONG_FOR_A_REASON}
    too_long = {name: lines for name, lines in lengths.items() if lines > LINES}
    assert too_long == {}, "is it two concepts? split it"


def test_each_reason_for_length_is_still_needed():
    short = [n for n in LONG_FOR_A_REASON if text_of(n).count("\n") <= LINES]
    assert short == [], "take it off the list"


def rule_errors() -> list[type[RuleError]]:
    for package in PACKAGES:
        root = importlib.import_module(package)
        for found in pkgutil.walk_packages(root.__path__, f"{package}."):
            if "__main__" not in found.name and ".migrations." not in found.name:
                importlib.import_module(found.name)
    known, new = {RuleError}, {RuleError}
    while new:
        new = {child for parent in new for child in parent.__subclasses__()} - known
        known |= new
    return sorted((e for e in known if e.__module__.split(".")[0] in PACKAGES), key=str)


def test_each_refusal_has_a_code_of_its_own():
    by_code: dict[str, list[str]] = {}
    for error in rule_errors():
        by_code.setdefault(error.code, []).append(f"{error.__module__}.{error.__name__}")
    shared = {code: names for code, names in by_code.items() if len(names) > 1}
    assert shared == {}, "give each error its own dotted-word `code`"


def test_each_refusal_speaks_both_languages():
    silent = [
        f"{error.__module__}.{error.__name__}"
        for error in rule_errors()
        if not error.vi.strip()
        or not error.en.strip()
        or error.vi == error.en
        or not {"code", "vi", "en"} <= set(vars(error))
    ]
    assert silent == [], "state `code`, `vi` and `en`: what is wrong and what to do"


def test_no_file_names_a_package_index_or_a_place_on_one_machine():
    forbidden = [*INDEX_HOSTS, *MACHINE_PATHS]
    found = [f"{name}: {word}" for name in files() for word in forbidden if word in text_of(name)]
    assert found == [], "the machine's own settings say where packages come from"


def test_locks_are_of_the_kind_that_holds_no_addresses():
    assert not [name for name in files() if Path(name).name == "uv.lock"]
    assert '"resolved"' not in text_of("api/web/package-lock.json"), "keep api/web/.npmrc in force"


def pinned(lock: str) -> dict[str, str]:
    """Name: version, of requirements that carry at least one hash; others are not in it."""
    stated = re.findall(
        r"^([a-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)[^\n]*\\\n    --hash=sha256:",
        text_of(lock),
        re.MULTILINE,
    )
    return dict(stated)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_hashes(lock):
    stated = re.findall(r"^([a-z0-9][a-z0-9._-]*)", text_of(lock), re.MULTILINE)
    assert stated
    assert sorted(set(stated) - set(pinned(lock))) == []


def test_the_two_locks_agree():
    product, everything = (pinned(lock) for lock in LOCKS)
    assert {name: everything.get(name) for name in product} == product


def test_the_locks_hold_what_the_project_asks_for():
    project = tomllib.loads(text_of("pyproject.toml"))
    groups = project["dependency-groups"]
    asked = [each for each in groups["build"] + groups["dev"] if isinstance(each, str)]
    names = {bare(each) for each in project["project"]["dependencies"] + asked}
    assert sorted(names - set(pinned("requirements-dev.lock"))) == [], "run `make lock`"


def test_what_the_product_imports_it_declares():
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    extras = [each for extra in project["optional-dependencies"].values() for each in extra]
    declared = {bare(each) for each in [*project["dependencies"], *extras]}
    declared |= {"starlette"}  # FastAPI's own base, which its documents tell to import
    known = packages_distributions()
    undeclared = sorted(
        f"{name}:{line} {imported}"
        for name, tree in modules().items()
        if name != "api/web/hatch_build.py"  # runs in the build, with the build's packages
        for imported, line in imports_of(tree)
        if (top := imported.split(".")[0]) in known
        and top not in PACKAGES
        and not {bare(each) for each in known[top]} & declared
    )
    assert undeclared == [], "add it to [project.dependencies] and run `make lock`"


def bare(requirement: str) -> str:
    name = re.match(r"[A-Za-z0-9._-]+", requirement)[0]
    return re.sub(r"[-_.]+", "-", name).lower()
