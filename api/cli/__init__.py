"""The command line: `quytrinh serve | check | import | ...`; every command in both languages."""

import importlib
import importlib.util
import sys

import typer

from api.cli.analyse import analyse
from api.cli.check import check
from api.cli.import_file import import_files
from api.cli.migrate import migrate
from api.cli.officer import officer
from api.cli.serve import serve, worker
from api.cli.verify import verify

_OF_OTHER_ROOMS = ("demo", "rehearse", "report", "backup", "restore", "doctor")

app = typer.Typer(
    name="quytrinh",
    help="Quy trình nội bộ: phục vụ, kiểm tra, đo lường. / Serve, check and measure procedures.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("serve")(serve)
app.command("worker")(worker)
app.command("migrate")(migrate)
app.command("check")(check)
app.command("import")(import_files)
app.command("analyse")(analyse)
app.command("verify")(verify)
app.add_typer(officer, name="officer")
for _name in _OF_OTHER_ROOMS:  # each is a module with a function of its own name
    if importlib.util.find_spec(f"api.cli.{_name}") is not None:
        app.command(_name)(getattr(importlib.import_module(f"api.cli.{_name}"), _name))


def main() -> None:
    """The entry point; output is UTF-8 whatever the terminal says."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    app()
