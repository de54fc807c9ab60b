"""The page of rules says what the rules say."""

from pathlib import Path

from processes import soundness
from processes.check import RULES
from processes.rule_reference import reference

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "rules.md"


def test_the_page_of_rules_is_up_to_date():
    """If not: python -m processes.rule_reference > docs/reference/rules.md."""
    assert PAGE.read_text(encoding="utf-8") == reference()


def test_every_rule_of_the_check_is_on_the_page():
    page = reference()
    for rule in (*RULES, *soundness.RULES):
        assert f"| `{rule.code}` | {rule.severity.value} |" in page


def test_no_two_rules_share_a_code():
    codes = [line.split("`")[1] for line in reference().splitlines() if line.startswith("| `")]
    assert len(codes) == len(set(codes))
