"""How a command says no: both languages on the error output, exit code 2."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from processes.errors import RuleError

REFUSED = 2


@contextmanager
def told_to_people() -> Iterator[None]:
    """Turn a refusal of the rules into two sentences and exit code 2."""
    try:
        yield
    except RuleError as refusal:
        typer.echo(f"{refusal.message('vi')}\n{refusal.message('en')}", err=True)
        raise typer.Exit(REFUSED) from refusal
