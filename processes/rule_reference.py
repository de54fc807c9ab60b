"""docs/reference/rules.md, written from the rules: `python -m processes.rule_reference`."""

import sys
from collections.abc import Iterable, Iterator

from processes import limits, lint, reader, soundness, standard, support
from processes.rule import Rule
from processes.standard import Constraint

_HEAD = """# Rules

Written by `python -m processes.rule_reference > docs/reference/rules.md`; a test compares both.

What `quytrinh check`, the upload page and the API look for in a diagram. An **error** keeps it from
being published, a **warning** should be looked at, an **info** is there to be known. Words in
`{braces}` are filled in, with elements as the designer sees them. Refusals of a file that cannot be
read at all are in [errors.md](errors.md) (`document.`).
"""
_STANDARD = (
    "What the text of the BPMN 2.0.2 specification asks of a model, in every process of the file, "
    "with the section that asks it. Of one problem that rules above, or the table of constructs, "
    "name at the same element, theirs is the finding."
)
_FAMILIES: tuple[tuple[str, str, Iterable[Rule]], ...] = (
    (
        "The vocabulary",
        "What is written in `qt:` elements can be read ([vocabulary.md](vocabulary.md)).",
        reader.RULES,
    ),
    (
        "The drawing and the office",
        "Names are bpmnlint's where it has the rule.",
        lint.RULES,
    ),
    (
        "Limits",
        "Limits of the steps on the longest way against the limit of each case.",
        limits.RULES,
    ),
    ("Soundness", "Every run ends well; each finding carries a walk of tokens.", soundness.RULES),
    (
        "The standard",
        _STANDARD,
        standard.RULES,
    ),
    (
        "What runs here",
        "Constructs that the engine does not run, or that have no effect when it runs.",
        tuple(support.RULES.values()),
    ),
)


def reference() -> str:
    """The page."""
    return "\n".join((_HEAD.rstrip("\n"), *_families())) + "\n"


def _families() -> Iterator[str]:
    for title, about, rules in _FAMILIES:
        listed = sorted(rules, key=lambda rule: rule.code)
        yield f"\n## {title}\n\n{about}\n"
        yield from _table(listed)


def _table(rules: list[Rule]) -> Iterator[str]:
    sections = any(isinstance(rule, Constraint) for rule in rules)
    yield f"| rule | severity |{' section |' * sections} Tiếng Việt | English |"
    yield f"|---|---|{'---|' * sections}---|---|"
    for rule in rules:
        section = f" {rule.section} |" if isinstance(rule, Constraint) else ""
        yield (
            f"| `{rule.code}` | {rule.severity.value} |{section} {_cell(rule.vi)} | "
            f"{_cell(rule.en)} |"
        )


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    sys.stdout.write(reference())
