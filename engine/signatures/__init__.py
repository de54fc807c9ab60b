"""Digital signatures: verified by the roots an office trusts, in a process that can be killed.

Private keys never live here: documents are prepared, signed by people elsewhere, and verified when
they come back. Why: docs/decisions/0016.
"""

from engine.signatures.trust import RevocationRule, Trust, read_trust
from engine.signatures.verifying import prepare, require_same, verify

__all__ = ["RevocationRule", "Trust", "prepare", "read_trust", "require_same", "verify"]
