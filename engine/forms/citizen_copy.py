"""The citizen's copy of the receipt: the kept one with the secret on it, drawn once, kept nowhere.

Two copies are made of form 01. The office's is kept and printed again byte for byte; the citizen's
says the secret of the citizen's page, too, and its QR opens that page.
"""

from sqlalchemy import Connection, select

from engine.actor import Actor
from engine.forms import press
from engine.forms.catalogue import template_for
from engine.forms.issued import Issued
from engine.forms.kinds import FormKind
from engine.forms.legible import legible_form
from engine.forms.refusals import NoSuchForm
from engine.lookup.secret_hash import Kept, fits
from engine.office import Office
from engine.store.tables import dossier, lookup_secret
from processes.lookup_secret import read_secret, shown_secret


def citizen_copy(
    office: Office, connection: Connection, actor: Actor, issued: Issued, secret: str, qr: str
) -> bytes | None:
    """The receipt with the secret, None where that is not the dossier's secret (any more).

    qr: what the QR says. Errors: NoSuchForm, FormFailed.
    """
    read = read_secret(secret)
    if issued.kind is not FormKind.RECEIPT or issued.dossier_id is None:
        raise NoSuchForm
    known = connection.execute(
        select(lookup_secret.c.salt, lookup_secret.c.hash, dossier.c.receiving_unit)
        .join(
            dossier,
            (dossier.c.agency_id == lookup_secret.c.agency_id)
            & (dossier.c.dossier_id == lookup_secret.c.dossier_id),
        )
        .where(
            lookup_secret.c.agency_id == actor.agency_id,
            lookup_secret.c.dossier_id == issued.dossier_id,
        )
    ).one_or_none()
    if known is None or read is None or not fits(read, Kept(known.salt, known.hash)):
        return None
    day = office.calendar(connection, actor.agency_id).local(issued.issued_at).date()
    template = template_for(connection, actor.agency_id, issued.kind, known.receiving_unit, day)
    facts = {**issued.facts, "secret": shown_secret(read), "qr": qr}
    return press.pdf(template.source, legible_form(facts), issued.issued_at)
