"""Options that commands share; what is not given comes from the environment (QUYTRINH_...)."""

from typing import Annotated, Any

import typer
from pydantic import ValidationError

from api.cli.refusal import REFUSED
from api.settings import Settings

Database = Annotated[
    str | None,
    typer.Option(
        "--database",
        help="Địa chỉ cơ sở dữ liệu / database address; QUYTRINH_DATABASE_URL",
        show_default="sqlite:///./var/quytrinh.db",
    ),
]


def settings_with(**given: Any) -> Settings:
    """The settings of the environment, with what the command line gives."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as wrong:
        for error in wrong.errors():
            name = ".".join(str(part) for part in error["loc"])
            typer.echo(f"QUYTRINH_{name.upper()}: giá trị không hợp lệ / {error['msg']}", err=True)
        raise typer.Exit(REFUSED) from wrong
