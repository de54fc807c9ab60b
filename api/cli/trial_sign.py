"""`quytrinh trial-sign`: sign a prepared PDF with trial keys, to try a procedure to its end."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.form import As, officer_of
from api.cli.options import Database, settings_with
from api.cli.post import Agency, at_work
from api.cli.refusal import REFUSED, told_to_people
from api.demo.pen import pen_of
from api.trust import trust_folder
from processes.digital_signature import SignerKind


def trial_sign(
    file: Annotated[Path, typer.Argument(help="Tệp PDF đã tạo ô ký / a prepared PDF")],
    out: Annotated[Path, typer.Option("--out", help="Ghi ra tệp / file to write")],
    login: As,
    seal: Annotated[
        bool, typer.Option("--seal", help="Ký số cơ quan / the agency's signature")
    ] = False,
    agency: Agency = None,
    database: Database = None,
) -> None:
    """Ký thử một tệp, không có giá trị. / Sign a file for trial; it is worth nothing."""
    settings = settings_with(database_url=database)
    kind = SignerKind.AGENCY if seal else SignerKind.PERSONAL
    with told_to_people(), at_work(database, agency) as (office, actor):
        officer = officer_of(office, actor, login)
        now = office.clock.now()
        pen = pen_of(settings.var_folder, trust_folder(settings), actor.agency_id, now)
        try:
            made = pen.sign(file.read_bytes(), kind, officer.name, now)
            out.write_bytes(made)
        except OSError as error:
            typer.echo(f"{error.filename}: {error.strerror}", err=True)
            raise typer.Exit(REFUSED) from error
    typer.echo(f"{out}: chữ ký thử, không có giá trị / a trial signature, worth nothing")
