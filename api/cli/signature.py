"""`quytrinh signature`: what the signatures of a file are worth by the roots trusted here."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from api.cli.options import settings_with
from api.cli.refusal import REFUSED, told_to_people
from api.rest.signatures import signatures_answer
from api.trust import trust_folder
from engine.clock import SystemClock
from engine.signatures import read_trust, verify
from processes.digital_signature import (
    COVERAGE_WORDS,
    KIND_WORDS,
    SignatureFinding,
    SignatureFindings,
)

DOES_NOT_HOLD = 1


def signature(
    file: Annotated[Path, typer.Argument(help="Tệp PDF hoặc XML / a PDF or XML file")],
    trust: Annotated[
        Path | None,
        typer.Option(
            help="Thư mục chứng thư tin cậy / trusted certificates; QUYTRINH_TRUST_FOLDER"
        ),
    ] = None,
    agency: Annotated[
        str, typer.Option(help="Mã cơ quan, để nhận ra chữ ký cơ quan / whose seals count")
    ] = "",
    at: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"],
            help="Thời điểm xét, UTC; bỏ trống: bây giờ / the moment of the check",
        ),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Một đối tượng JSON / one JSON object")
    ] = False,
) -> None:
    """Kiểm tra chữ ký số của một tệp. / Verify the signatures of a file, without any network."""
    settings = settings_with(trust_folder=trust)
    moment = SystemClock().now() if at is None else at.replace(tzinfo=UTC)
    with told_to_people():
        roots = read_trust(trust_folder(settings), settings.revocation_rule)
        found = verify(_bytes_of(file), roots, agency, moment)
    if json:
        typer.echo(orjson.dumps(_data(file, found)).decode())
    else:
        _tell(file, found)
    if not found.hold:
        raise typer.Exit(DOES_NOT_HOLD)


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        typer.echo(f"{file}: {error.strerror}", err=True)
        raise typer.Exit(REFUSED) from error


def _data(file: Path, found: SignatureFindings) -> dict[str, Any]:
    answer = signatures_answer(found).model_dump(mode="json")
    return {"file": str(file), "sha256": found.sha256, **answer}


def _tell(file: Path, found: SignatureFindings) -> None:
    if found.obstacle is not None:
        typer.echo(f"{file}: {found.words('vi')} / {found.words('en')}")
    elif not found.signed:
        typer.echo(f"{file}: chưa ký số / not signed")
    for number, each in enumerate(found.signatures, 1):
        for line in _lines(each):
            typer.echo(f"{number}. {line}" if line is not None else "")


def _lines(each: SignatureFinding) -> list[str]:
    holds = "ĐÚNG / holds" if each.holds else "KHÔNG DÙNG ĐƯỢC / does NOT hold"
    signer = each.signer
    lines = [f"{holds}: {each.name}" + (f" ({signer.organisation})" if signer else "")]
    if each.kind is not None:
        lines[0] += f", {' / '.join(KIND_WORDS[each.kind])}"
    if signer is not None:
        lines.append(f"   nơi cấp / issuer: {signer.issuer}; số / serial: {signer.serial}")
    at = "–" if each.signed_at is None else each.signed_at.isoformat()
    by = "–"
    if each.time_stamp is not None:
        by = each.time_stamp.authority
    lines.append(f"   ký lúc / signed at: {at}; dấu thời gian / timestamp: {by}")
    lines.append(f"   bao trùm / covers: {' / '.join(COVERAGE_WORDS[each.coverage])}")
    if each.flaws:
        lines.append(f"   {each.words('vi')} / {each.words('en')}")
    return lines
