"""What the settings have signatures judged by; uploads are looked at for them, and for PDF/A."""

from pathlib import Path

from api.settings import Settings
from engine.documents.archival import ARCHIVAL, look_for_archival
from engine.documents.taking_in import EXAMINERS
from engine.dossiers.signature_demand import SIGNATURES
from engine.signatures.exchange import look_for_signatures
from engine.signatures.trust import TrustFolder


def trust_of(settings: Settings) -> TrustFolder:
    """The folder of trusted certificates, read once now. Errors: TrustUnreadable."""
    EXAMINERS[SIGNATURES] = look_for_signatures
    EXAMINERS[ARCHIVAL] = look_for_archival
    trusted = TrustFolder(
        trust_folder(settings), settings.revocation_rule, anywhere=settings.sign_anywhere
    )
    trusted.now()
    return trusted


def trust_folder(settings: Settings) -> Path:
    """Where certificates and revocation lists lie."""
    return settings.trust_folder or settings.var_folder / "trust"
