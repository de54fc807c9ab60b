"""The page docs/reference/support.md, from the table of constructs and the tests that prove it.

    python -m tests.conformance.support_table > docs/reference/support.md

Runs: counted by the conformance cases that cover it. Refused: an example of it is put to the check
of an upload; where the proposed repairs take the refusal away, it is repaired with consent.
"""

from functools import cache

from processes.check import check
from processes.repair import KINDS
from processes.repair.repair import Kind
from processes.support import CONSTRUCTS, Construct, Verdict
from tests.conformance.registry import all_cases, numbers
from tests.processes.drawn import process
from tests.processes.test_support import EXAMPLES, FILES

HEAD = """# What runs of BPMN 2.0

Every flow element, event and attribute of BPMN 2.0.2, and what becomes of it here. Nothing is
silently wrong: what is not in this table is refused at upload as an unknown element.

This page is written by `python -m tests.conformance.support_table`; a test compares it. **Runs**:
so many conformance cases (`tests/conformance/cases/`) run with exact traces, straight and with a
save and restore between any two acts; {office} of the {cases} cases also through the acts of an
office on SQLite and PostgreSQL. **Repaired with consent**: the upload proposes a repair, which the
designer accepts. **Drawn**: kept in the file, without effect, as the standard has it. **Refused**:
the file cannot be published with it; the sentence says what to use instead.
"""

TAIL = """
## What holds where the standard leaves room

- **Data** are one set of fields for the whole dossier. Instances of a repeated step enter the same
  fields; the value that was entered last is kept. Collecting outputs is therefore refused.
- **Repeated activities.** Each instance is a step of its own in the worklist. Conditions see
  `loopCounter` (from 1) and the `inputDataItem` by its name; completion conditions also see
  `numberOfInstances`, `numberOfCompletedInstances`, `numberOfActiveInstances` and
  `numberOfTerminatedInstances` (and Camunda's `nrOf...`). The list (`loopDataInputRef`) is FEEL:
  the data object's name. How many there are is decided once, when the activity begins; at most
  500. A completion condition is asked whenever an instance is completed, and closes the rest. A
  loop's `loopCounter` in its own condition is the number of rounds done. Events on the border
  belong to the activity as a whole: a timer is armed once, not per instance.
- **Ad-hoc sub-processes.** An activity that no flow leads to is open from the beginning, and open
  again after each completion, until the completion condition holds; then all that is open is
  closed. The condition is asked after every activity inside.
- **Complex gateways.** A join goes on when its `activationCondition` holds (`activationCount`: on
  how many flows a token has arrived). Then it waits for reset: what still comes on the other flows
  is taken and leads nowhere; when nothing more can come, it begins anew. A flow without condition
  is taken when the gateway is activated, not at the reset.
- **Token quantities** of 1 to 100; `completionQuantity` tokens go out on every flow that is taken.
- **Sending back** goes to steps on the way to the open one; out of a repetition or sub-process to
  what came before it, but never into a finished one. Where other instances would be lost it is
  refused.
- **Several start events.** A dossier received by an officer opens at the none start event.
"""

_KINDS = {kind.code: kind for kind in KINDS}
_NAMES = {
    Verdict.RUNS: "runs",
    Verdict.DRAWN: "drawn",
    Verdict.REFUSED: "refused",
}


@cache
def example(code: str) -> bytes:
    """A file with the construct."""
    return FILES.get(code) or process(EXAMPLES[code])


@cache
def is_repaired(code: str) -> bool:
    """Whether a repair that answers to this very refusal takes it away.

    That the example is also loose, and would be dropped for it, is no repair of the construct.
    """
    found = check(example(code))
    rule = f"support.{code}"
    where = {finding.element for finding in found.findings if finding.rule == rule}
    answered = any(
        repair.element in where and answers(_KINDS[repair.kind], rule) for repair in found.repairs
    )
    return answered and all(left.rule != rule for left in found.remaining)


def answers(kind: Kind, rule: str) -> bool:
    """Whether repairs of a kind are for this rule, by its whole code or its beginning."""
    return any(
        rule == stated or rule.startswith(f"{stated.rstrip('.*')}.") for stated in kind.answers
    )


def verdict(construct: Construct) -> str:
    if construct.verdict is Verdict.REFUSED and is_repaired(construct.code):
        return "repaired with consent"
    return _NAMES[construct.verdict]


def page() -> str:
    """The whole document."""
    cases = all_cases()
    office = sum(case.office for case in cases)
    lines = [
        HEAD.format(cases=len(cases), office=office),
        "| construct | code | verdict | cases | instead |",
        "|---|---|---|---|---|",
    ]
    for code, construct in CONSTRUCTS.items():
        advice = construct.advice.en if construct.advice else ""
        proved = str(numbers()[code] or "")
        lines.append(
            f"| {construct.kind.en} | `{code}` | {verdict(construct)} | {proved} | {advice} |"
        )
    return "\n".join(lines) + "\n" + TAIL


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - this is what it is for
