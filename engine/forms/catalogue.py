"""Which template a form is drawn by: dated, of the law, or of an agency's or unit's own."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from engine.actor import Actor, Role
from engine.forms import press
from engine.forms.kinds import SAID, FormKind
from engine.forms.press_child import TEMPLATES
from engine.forms.refusals import FormFailed, FormTooCostly, InvalidTemplate, NoTemplate
from engine.office import Office
from engine.store.database import Transaction
from engine.store.tables import form_template

_MOST_SOURCE = 200_000
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Template:
    """A template and the days on which it is valid, both counted.

    form: what the law calls it; basis: the instrument. unit: of which it is, "" = of all.
    source: Typst; it may import the parts of the product's own templates.
    """

    template: str
    kind: FormKind
    form: str
    basis: str
    valid_from: date
    valid_to: date | None
    source: str
    unit: str = ""
    own: bool = False

    @property
    def sha256(self) -> bytes:
        """Of the source and, for what it imports, of the product's templates as they are."""
        return hashlib.sha256(_shipped() + self.source.encode()).digest()

    def is_valid(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@cache
def shipped_templates() -> tuple[Template, ...]:
    """The templates of the law that come with the product."""
    listed: list[dict[str, Any]] = json.loads(
        (TEMPLATES / "catalogue.json").read_text(encoding="utf-8")
    )
    return tuple(
        Template(
            template=each["template"],
            kind=FormKind(each["kind"]),
            form=each["form"],
            basis=each["basis"],
            valid_from=date.fromisoformat(each["from"]),
            valid_to=None if each["to"] is None else date.fromisoformat(each["to"]),
            source=(TEMPLATES / each["file"]).read_text(encoding="utf-8"),
        )
        for each in listed
    )


@cache
def _shipped() -> bytes:
    """A digest of all that templates may import."""
    digest = hashlib.sha256()
    for path in sorted(TEMPLATES.rglob("*.typ")):
        digest.update(path.relative_to(TEMPLATES).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.digest()


@cache
def samples() -> Mapping[FormKind, Mapping[str, Any]]:
    """Facts of a form of each kind, to try templates with."""
    read = json.loads(Path(__file__).with_name("samples.json").read_text(encoding="utf-8"))
    return {FormKind(kind): facts for kind, facts in read.items()}


def own_templates(connection: Connection, agency_id: str) -> tuple[Template, ...]:
    """The agency's own templates."""
    rows = connection.execute(
        select(form_template)
        .where(form_template.c.agency_id == agency_id)
        .order_by(form_template.c.template)
    )
    return tuple(
        Template(
            template=row.template,
            kind=FormKind(row.kind),
            form=row.form_number,
            basis=row.legal_basis,
            valid_from=date.fromisoformat(row.valid_from),
            valid_to=date.fromisoformat(row.valid_to) if row.valid_to else None,
            source=row.source,
            unit=row.unit,
            own=True,
        )
        for row in rows
    )


def template_for(
    connection: Connection, agency_id: str, kind: FormKind, unit: str | None, day: date
) -> Template:
    """The template valid that day: the unit's own, the agency's own, the law's; of several of one
    rank the newest (NoTemplate).
    """

    def rank(template: Template) -> tuple[bool, bool, date]:
        return bool(template.unit), template.own, template.valid_from

    fitting = [
        template
        for template in (*own_templates(connection, agency_id), *shipped_templates())
        if template.kind is kind and template.unit in ("", unit or "") and template.is_valid(day)
    ]
    if not fitting:
        raise NoTemplate(form=SAID[kind].vi, day=f"{day:%d/%m/%Y}")
    return max(fitting, key=rank)


def keep_template(office: Office, actor: Actor, template: Template) -> None:
    """Have a template of the agency's own; it is drawn once before it is kept.

    Errors: NotAllowed, InvalidTemplate. The same name again replaces it; what was issued by it
    stays as it was issued.
    """
    actor.require(Role.ADMIN, who="quản trị / administrators")
    _require_usable(template)
    row = {
        "agency_id": actor.agency_id,
        "template": template.template,
        "kind": template.kind.value,
        "unit": template.unit,
        "form_number": template.form,
        "legal_basis": template.basis,
        "valid_from": template.valid_from.isoformat(),
        "valid_to": template.valid_to.isoformat() if template.valid_to else None,
        "source": template.source,
        "set_at": office.clock.now(),
        "set_by": actor.account_id,
    }

    def command(transaction: Transaction) -> None:
        transaction.execute(delete(form_template).where(*_this(actor, template.template)))
        transaction.execute(insert(form_template), row)

    office.database.write(command)


def drop_template(office: Office, actor: Actor, name: str) -> bool:
    """Have the law's template again; whether there was an own one of that name."""
    actor.require(Role.ADMIN, who="quản trị / administrators")

    def command(transaction: Transaction) -> bool:
        gone = transaction.execute(delete(form_template).where(*_this(actor, name)))
        return bool(gone.rowcount)

    return office.database.write(command)


def _this(actor: Actor, name: str) -> Sequence[Any]:
    return (form_template.c.agency_id == actor.agency_id, form_template.c.template == name)


def _require_usable(template: Template) -> None:
    shipped = {each.template for each in shipped_templates()}
    name = template.template
    if not 0 < len(name) <= _LONGEST_NAME or name in shipped:
        raise InvalidTemplate(template=name[:_LONGEST_NAME], why="đặt tên khác / another name")
    if len(template.source) > _MOST_SOURCE:
        raise InvalidTemplate(template=name, why=f"dài quá / longer than {_MOST_SOURCE}")
    if template.valid_to is not None and template.valid_to < template.valid_from:
        raise InvalidTemplate(template=name, why="hết hạn trước khi có hiệu lực / ends too early")
    try:
        press.pdf(template.source, samples()[template.kind], datetime(2026, 3, 2, tzinfo=UTC))
    except (FormFailed, FormTooCostly) as refusal:
        raise InvalidTemplate(template=name, why=refusal.message("en")) from refusal


def as_data(template: Template) -> Mapping[str, Any]:
    """As it is listed."""
    return {
        "template": template.template,
        "kind": template.kind.value,
        "form": template.form,
        "basis": template.basis,
        "valid_from": template.valid_from.isoformat(),
        "valid_to": template.valid_to.isoformat() if template.valid_to else None,
        "unit": template.unit,
        "own": template.own,
        "sha256": template.sha256.hex(),
    }
