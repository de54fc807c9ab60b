"""Settings of a running product, from the environment (`QUYTRINH_...`) or the command line."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from engine.delivery.mail_post import Security
from engine.signatures.trust import RevocationRule
from processes.procedure import ProcedureKind

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
    private_webhooks: whether webhooks may lead to addresses of the office's own network.
    public_address: of the product, for links in letters. smtp_*, text_*: how reminders leave by
    e-mail and as text messages; without a host or an address they wait for who has one.
    smtp_authority: a PEM file, where the mail server's certificate is the office's own.
    documents_folder: where documents lie, None = `documents` in the var folder; document_megabytes,
    dossier_megabytes: how large one file and all files of a dossier may be. clamd_address: of the
    virus scanner, "host:port" or a socket's path; with one, nothing counts that it has not passed.
    s3_*: an S3-compatible store for them instead, the folder being for what arrives only.
    trust_folder: certificates and revocation lists that signatures are judged by, None = `trust` in
    the var folder; revocation_rule: what follows where no list tells of a certificate;
    sign_anywhere: whether visible signatures may stand outside of prepared places.
    retention_years: by kind of procedure, for those that state none; 0 = for ever.
    lake_folder: of the Parquet lake, None = there is none; lake_minutes: how often workers refresh.
    city_agency: whose reform team and heads read the figures of every agency in the lake.
    what_if_seconds, what_if_replications: what one what-if asked of the server may cost.
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
    private_webhooks: bool = False
    public_address: Annotated[str, Field(pattern=r"^(https?://[^/\s]+)?$")] = ""
    smtp_host: str = ""
    smtp_port: Annotated[int, Field(ge=1, le=65_535)] = 587
    smtp_security: Security = Security.STARTTLS
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_sender: str = ""
    smtp_authority: str = ""
    text_address: str = ""
    text_headers: dict[str, str] = Field(default_factory=dict)
    text_body: str = '{"to": "{to}", "text": "{text}", "id": "{id}"}'
    text_secret: SecretStr = SecretStr("")
    documents_folder: Path | None = None
    document_megabytes: Annotated[int, Field(ge=1, le=2_000)] = 50
    dossier_megabytes: Annotated[int, Field(ge=1, le=100_000)] = 500
    clamd_address: str = ""
    s3_bucket: str = ""
    s3_endpoint: Annotated[str, Field(pattern=r"^(https?://[^/\s]+)?$")] = ""
    s3_region: str = "us-east-1"
    s3_key: str = ""
    s3_secret: SecretStr = SecretStr("")
    s3_prefix: str = ""
    trust_folder: Path | None = None
    revocation_rule: RevocationRule = RevocationRule.SOFT
    sign_anywhere: bool = False
    retention_years: dict[ProcedureKind, Annotated[int, Field(ge=0, le=999)]] = Field(
        default_factory=dict
    )
    lake_folder: Path | None = None
    lake_minutes: Annotated[float, Field(gt=0, le=10_080)] = 60.0
    city_agency: str = ""
    what_if_seconds: Annotated[float, Field(gt=0, le=3600)] = 60.0
    what_if_replications: Annotated[int, Field(ge=2, le=1000)] = 100

    @property
    def every_seconds(self) -> float:
        """How often a worker looks; `tick_seconds` is 0 where the server leaves it to workers."""
        return self.tick_seconds or 5.0
