"""What the check says of the file as it stands: repairs answer that and nothing else."""

from collections.abc import Iterable

from processes.finding import Finding
from processes.repair.repair import Kind


class Complaints:
    """The rules that the file breaks, each with the elements that break it."""

    def __init__(self, findings: Iterable[Finding] = ()) -> None:
        self._broken: dict[str, set[str | None]] = {}
        for finding in findings:
            self._broken.setdefault(finding.rule, set()).add(finding.element)

    def wants(self, kind: Kind) -> bool:
        """Whether a repair of this kind answers something."""
        return not kind.answers or any(self._breaks(rule) for rule in kind.answers)

    def at(self, element: str | None, rules: Iterable[str]) -> bool:
        """Whether the element breaks one of the rules."""
        return any(element in self._broken.get(rule, ()) for rule in rules)

    def _breaks(self, rule: str) -> bool:
        if not rule.endswith("*"):
            return rule in self._broken
        return any(broken.startswith(rule[:-1]) for broken in self._broken)
