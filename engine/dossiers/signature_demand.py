"""Steps that demand signatures: what their documents lack of them, and the refusal that says it.

What was found in a document when it came in is what counts; nothing is verified anew here. A
document that was prepared to be signed has to be the one that came back of it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine.dossiers.documents import CURRENT
from engine.dossiers.in_hand import InHand
from engine.signatures.refusals import SignaturesMissing
from engine.store.tables import account, document, signing, step_run
from processes.digital_signature import SignatureFindings, SignerKind
from processes.procedure import Procedure
from processes.signature_demand import Signatory, unsigned
from processes.step import Signature, StepSpec

SIGNATURES = "signatures"
"""The name under which a document's findings are kept with it."""

Execute = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class UnsignedDocument:
    """A document that a step needs signed, and what it lacks. number: None without a file."""

    code: str
    name: str
    number: int | None
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Signer:
    """The officer who would complete the step."""

    account_id: UUID
    name: str


def unsigned_documents(
    execute: Execute,
    agency_id: str,
    dossier_id: UUID,
    procedure: Procedure,
    spec: StepSpec,
    signer: Signer,
) -> tuple[UnsignedDocument, ...]:
    """What stands against completing the step, as far as signatures are concerned.

    The page says it and the engine enforces it with this same call.
    """
    if not spec.signs or spec.signature is Signature.NONE:
        return ()
    lacking: list[UnsignedDocument] = []
    for code in spec.signs:
        name = document_name(procedure, code)
        demanded = _demanded(execute, agency_id, dossier_id, procedure, spec, code, signer)
        rows = _documents(execute, agency_id, dossier_id, code)
        if not rows:
            vi, en = "chưa có tệp trong hồ sơ", "there is no file in the dossier"
            lacking.append(UnsignedDocument(code, name, None, vi, en))
        for row in rows:
            lacking.extend(_lacking(row, code, name, demanded))
    return tuple(lacking)


def require_signatures(hand: InHand) -> None:
    """Refuse where a document lacks the signatures that the step demands; name them."""
    spec: StepSpec = hand.spec
    if not spec.signs:
        return
    lacking = unsigned_documents(
        hand.transaction.execute,
        hand.agency_id,
        hand.dossier_id,
        hand.version.procedure,
        spec,
        Signer(hand.actor.account_id, hand.actor.name),
    )
    if lacking:
        raise SignaturesMissing(
            step=hand.step.name,
            document=", ".join(dict.fromkeys(each.name for each in lacking)),
            missing_vi="; ".join(dict.fromkeys(each.vi for each in lacking)),
            missing_en="; ".join(dict.fromkeys(each.en for each in lacking)),
            codes=[each.code for each in lacking],
        )


def document_name(procedure: Procedure, code: str) -> str:
    """How people call the document of that code."""
    component = procedure.component(code)
    if component is not None:
        return component.name
    made = (name for step in procedure.steps for made, name in step.produces if made == code)
    return next(made, code)


def kinds_that_sign(procedure: Procedure, code: str) -> tuple[SignerKind, ...]:
    """Which kinds of signatures the procedure puts on a document, personal first."""
    stated = {step.signature for step in procedure.steps if code in step.signs}
    personal = bool(stated & {Signature.PERSONAL, Signature.BOTH})
    agency = bool(stated & {Signature.AGENCY, Signature.BOTH})
    return (SignerKind.PERSONAL,) * personal + (SignerKind.AGENCY,) * agency


def _lacking(
    row: Any, code: str, name: str, demanded: Sequence[Signatory]
) -> Iterator[UnsignedDocument]:
    if row.accepted_sha256 is not None and row.accepted_sha256 != row.sha256:
        vi = "bản hiện tại không phải bản đã chuẩn bị để ký rồi nhận về"
        en = "the present version is not the prepared one that came back signed"
        yield UnsignedDocument(code, name, row.number, vi, en)
        return
    told = row.findings.get(SIGNATURES)
    findings = None if told is None else SignatureFindings.from_data(told)
    if findings is not None and findings.obstacle is not None:
        yield UnsignedDocument(code, name, row.number, findings.words("vi"), findings.words("en"))
        return
    for each in unsigned(tuple(demanded), findings):
        yield UnsignedDocument(code, name, row.number, each.describe("vi"), each.describe("en"))


def _documents(execute: Execute, agency_id: str, dossier_id: UUID, code: str) -> list[Any]:
    same = (
        (signing.c.agency_id == document.c.agency_id)
        & (signing.c.dossier_id == document.c.dossier_id)
        & (signing.c.first_number == document.c.first_number)
    )
    return list(
        execute(
            select(
                document.c.number,
                document.c.sha256,
                document.c.findings,
                signing.c.accepted_sha256,
            )
            .select_from(document.outerjoin(signing, same))
            .where(
                document.c.agency_id == agency_id,
                document.c.dossier_id == dossier_id,
                document.c.component == code,
                document.c.state == CURRENT,
            )
            .order_by(document.c.number)
        )
    )


def _demanded(
    execute: Execute,
    agency_id: str,
    dossier_id: UUID,
    procedure: Procedure,
    spec: StepSpec,
    code: str,
    signer: Signer,
) -> tuple[Signatory, ...]:
    """Who has to have signed: those of completed steps before, then who completes this one."""
    me = Signatory(SignerKind.PERSONAL, _login(execute, agency_id, signer.account_id), signer.name)
    demanded = _before(execute, agency_id, dossier_id, procedure, spec, code)
    if spec.signature in (Signature.PERSONAL, Signature.BOTH):
        demanded.append(me)
    if spec.signature in (Signature.AGENCY, Signature.BOTH):
        demanded.append(Signatory(SignerKind.AGENCY))
    return tuple(demanded)


def _before(
    execute: Execute,
    agency_id: str,
    dossier_id: UUID,
    procedure: Procedure,
    spec: StepSpec,
    code: str,
) -> list[Signatory]:
    """The officers whose signature earlier steps demanded on the same document, in their order."""
    earlier = [
        step.element_id
        for step in procedure.steps
        if code in step.signs
        and step.element_id != spec.element_id
        and step.signature in (Signature.PERSONAL, Signature.BOTH)
    ]
    if not earlier:
        return []
    rows = execute(
        select(step_run.c.element_id, account.c.login, account.c.name)
        .select_from(step_run)
        .join(
            account,
            (account.c.agency_id == step_run.c.agency_id)
            & (account.c.account_id == step_run.c.completed_by),
        )
        .where(
            step_run.c.agency_id == agency_id,
            step_run.c.dossier_id == dossier_id,
            step_run.c.element_id.in_(earlier),
            step_run.c.state == "completed",
        )
        .order_by(step_run.c.ended_at)
    )
    latest: dict[str, Signatory] = {}
    for row in rows:
        latest.pop(row.element_id, None)
        latest[row.element_id] = Signatory(SignerKind.PERSONAL, row.login, row.name)
    return list(latest.values())


def _login(execute: Execute, agency_id: str, account_id: UUID) -> str:
    found = execute(
        select(account.c.login).where(
            account.c.agency_id == agency_id, account.c.account_id == account_id
        )
    ).scalar_one_or_none()
    return str(found or "")
