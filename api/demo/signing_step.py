"""A step that demands signatures, done as officers do it: drawn, prepared, signed, taken back."""

import io
from uuid import UUID

from api.demo.pen import TrialPen
from engine.actor import Actor
from engine.documents.keeping import arrive_from
from engine.documents.reading import documents_of
from engine.documents.taking_in import Offered, take_in
from engine.dossiers.signature_demand import Signer, document_name, unsigned_documents
from engine.forms import press
from engine.office import Office
from engine.signatures.exchange import prepare_document, take_back
from processes.digital_signature import SignerKind
from processes.procedure import Procedure
from processes.step import Signature, StepSpec

_KINDS = {
    Signature.PERSONAL: (SignerKind.PERSONAL,),
    Signature.AGENCY: (SignerKind.AGENCY,),
    Signature.BOTH: (SignerKind.PERSONAL, SignerKind.AGENCY),
    Signature.NONE: (),
}
_SHEET = """\
#let facts = json(bytes(sys.inputs.facts))
#set document(title: facts.title)
#set text(font: "Libertinus Serif", size: 13pt, lang: "vi")
#set page(paper: "a4", margin: 25mm)
= #facts.title
#facts.words
"""


def sign_step(
    office: Office,
    pen: TrialPen,
    actor: Actor,
    dossier_id: UUID,
    procedure: Procedure,
    spec: StepSpec,
) -> None:
    """Have the documents of the step carry what it demands; nothing where they do."""
    for code in spec.signs:
        kinds = _KINDS[spec.signature]
        if not _lacks(office, actor, dossier_id, procedure, spec, code):
            continue
        current = _current(office, actor, dossier_id, code)
        if current is None or SignerKind.PERSONAL in kinds:
            current = _prepared(office, actor, dossier_id, procedure, code, current)
        for kind in kinds:
            current = _signed(office, pen, actor, dossier_id, current, kind)


def _lacks(
    office: Office,
    actor: Actor,
    dossier_id: UUID,
    procedure: Procedure,
    spec: StepSpec,
    code: str,
) -> bool:
    signer = Signer(actor.account_id, actor.name)
    this = (actor.agency_id, dossier_id, procedure, spec, signer)
    with office.database.read() as connection:
        found = unsigned_documents(connection.execute, *this)
    return any(each.code == code for each in found)


def _current(office: Office, actor: Actor, dossier_id: UUID, code: str) -> int | None:
    """The number of the newest version of the document."""
    with office.database.read() as connection:
        known = documents_of(connection, actor.agency_id, dossier_id)
    here = [each.number for each in known if each.component == code and each.current]
    return here[-1] if here else None


def _prepared(
    office: Office,
    actor: Actor,
    dossier_id: UUID,
    procedure: Procedure,
    code: str,
    replaces: int | None,
) -> int:
    """The document drawn anew, with its places for signatures; its number."""
    name = document_name(procedure, code)
    words = f"{procedure.name}. Văn bản diễn thử, không có giá trị. / A trial, worth nothing."
    facts = {"title": name, "words": words, "code": ""}
    offered = Offered(dossier_id, code, f"{name}.pdf", replaces)
    with arrive_from(office, io.BytesIO(press.pdf(_SHEET, facts, office.clock.now()))) as drawn:
        number = take_in(office, actor, offered, drawn).outcome.version
    return prepare_document(office, actor, dossier_id, number).version


def _signed(
    office: Office,
    pen: TrialPen,
    actor: Actor,
    dossier_id: UUID,
    number: int,
    kind: SignerKind,
) -> int:
    with office.database.read() as connection:
        known = documents_of(connection, actor.agency_id, dossier_id)
    lying = next(each for each in known if each.number == number)
    with office.documents.store.open(actor.agency_id, lying.sha256) as stream:
        data = stream.read()
    made = pen.sign(data, kind, actor.name, office.clock.now())
    with arrive_from(office, io.BytesIO(made)) as arrived:
        return take_back(office, actor, dossier_id, number, arrived).version
