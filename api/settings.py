"""Settings of a running product, from the environment (`QUYTRINH_...`) or the command line."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

_POSTGRESQL = ("postgresql://", "postgres://")


def _with_driver(url: str) -> str:
    """PostgreSQL is always spoken to through psycopg, however the address was written."""
    for prefix in _POSTGRESQL:
        if url.startswith(prefix):
            return f"postgresql+psycopg://{url.removeprefix(prefix)}"
    return url


DatabaseUrl = Annotated[str, AfterValidator(_with_driver)]


class Settings(BaseSettings):
    """What an installation decides; docs/reference/cli.md lists the variables.

    bpmn_folder: where `office.json` and `procedures/` stand, None = those of the product.
    var_folder: where the first login is written. tick_seconds: how often the server looks what has
    fallen due, 0 = never (`quytrinh worker` does it). secure_cookies: behind HTTPS.
    """

    model_config = SettingsConfigDict(env_prefix="QUYTRINH_", extra="forbid", frozen=True)

    database_url: DatabaseUrl = "sqlite:///./var/quytrinh.db"
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65_535)] = 8000
    secure_cookies: bool = False
    language: Literal["vi", "en"] = "vi"
    bpmn_folder: Path | None = None
    var_folder: Path = Path("var")
    tick_seconds: Annotated[float, Field(ge=0, le=3600)] = 5.0
