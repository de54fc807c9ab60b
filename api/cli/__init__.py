"""The command line: `quytrinh serve | check | import | ...`; every command in both languages."""

import sys

import typer

from api.cli.commands import CommandsOnDemand

app = typer.Typer(
    name="quytrinh",
    help="Quy trình nội bộ: phục vụ, kiểm tra, đo lường. / Serve, check and measure procedures.",
    cls=CommandsOnDemand,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def quytrinh() -> None:
    """Nothing is done before a command: each one reads only what it needs."""


def main() -> None:
    """The entry point; output is UTF-8 whatever the terminal says."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    app()
