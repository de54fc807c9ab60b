"""Signatures that a document has to carry: who signs, in which order, and what is lacking."""

from dataclasses import dataclass

from processes.digital_signature import (
    KIND_WORDS,
    SignatureFinding,
    SignatureFindings,
    SignerKind,
)
from processes.search_key import search_key


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who has to sign. login, name: of the officer; empty where any officer may."""

    kind: SignerKind
    login: str = ""
    name: str = ""

    def made(self, found: SignatureFinding) -> bool:
        """Whether the signature is this one's.

        By the certificate, where the office has told whose it is, and else by the name in it.
        """
        if found.kind is not self.kind:
            return False
        if self.login and found.login is not None:
            return found.login == self.login
        return not self.name or search_key(found.name) == search_key(self.name)


@dataclass(frozen=True, slots=True)
class Unsigned:
    """What stands against a document that has to be signed.

    who: is expected to sign next. found: a signature that does not hold, or stands in that place.
    """

    who: Signatory
    found: SignatureFinding | None = None

    def describe(self, language: str) -> str:
        """E.g. "thiếu chữ ký số cá nhân của Nguyễn Văn A"."""
        vi, en = KIND_WORDS[self.who.kind]
        is_vi = language == "vi"
        whose = (f" của {self.who.name}" if is_vi else f" of {self.who.name}") * bool(self.who.name)
        lacking = f"thiếu {vi}{whose}" if is_vi else f"the {en}{whose} is missing"
        if self.found is None:
            return lacking
        name, why = self.found.name, self.found.words(language)
        if why:
            return f"chữ ký của {name}: {why}" if is_vi else f"the signature of {name}: {why}"
        there = f"mới có chữ ký của {name}" if is_vi else f"there is that of {name}"
        return f"{lacking} ({there})"


def unsigned(
    demanded: tuple[Signatory, ...], findings: SignatureFindings | None
) -> tuple[Unsigned, ...]:
    """What the document lacks of the signatures demanded, in their order; empty: nothing.

    Every signature in the document has to hold, also one that nobody asked for. The demanded ones
    have to stand in it in the order asked; others may stand between them.
    """
    rest = [] if findings is None or findings.obstacle else list(findings.signatures)
    for found in rest:
        if not found.holds:
            return (Unsigned(Signatory(found.kind or SignerKind.PERSONAL), found),)
    for at, who in enumerate(demanded):
        place = next((i for i, found in enumerate(rest) if who.made(found)), None)
        if place is None:
            stands = rest[0] if rest else None
            return (Unsigned(who, stands), *(Unsigned(each) for each in demanded[at + 1 :]))
        del rest[: place + 1]
    return ()
