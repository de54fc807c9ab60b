"""The page of errors is what the errors say."""

from pathlib import Path

from api.error_reference import errors, reference

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "errors.md"


def test_the_page_is_what_the_errors_say():
    hint = "run: python -m api.error_reference > docs/reference/errors.md"
    assert PAGE.read_text(encoding="utf-8") == reference(), hint


def test_it_knows_the_errors_of_every_room():
    codes = {error.code for error in errors()}
    assert {"time_limit.invalid", "step.components_missing", "session.foreign_page"} <= codes
    assert len(codes) > 100
