"""What the check says of the file as it stands: repairs answer that and nothing else."""

from collections.abc import Iterable

from processes.finding import Finding
from processes.repair.repair import Kind


class Complaints:
    """The rules that the file breaks, each with the elements that break it."""

    def __init__(self, findings: Iterable[Finding] = ()) -> None:
        self._broken: set[str] = set()
        self._of: dict[str | None, set[str]] = {}
        for finding in findings:
            self._broken.add(finding.rule)
            self._of.setdefault(finding.element, set()).add(finding.rule)

    def wants(self, kind: Kind) -> bool:
        """Whether a repair of this kind answers something."""
        return not kind.answers or any(_is_among(rule, self._broken) for rule in kind.answers)

    def at(self, element: str | None, rules: Iterable[str]) -> bool:
        """Whether the element breaks one of the rules, or a part of one."""
        broken = self._of.get(element)
        return broken is not None and any(_is_among(rule, broken) for rule in rules)

    def answered(self, element: str | None, rule: str) -> None:
        """A repair has just seen to it."""
        self._of.get(element, set()).discard(rule)


def _is_among(rule: str, broken: set[str]) -> bool:
    """`support.callActivity` is broken where `support.callActivity.unknown` is."""
    return rule in broken or any(each.startswith(f"{rule}.") for each in broken)
