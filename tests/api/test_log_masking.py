"""What the server writes to its log names nobody."""

import io
import logging

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from api.log_masking import MaskingFormatter, mask_logs


@pytest.fixture
def log():
    """A log of its own, and what was written to it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(MaskingFormatter("%(levelname)s %(message)s"))
    logger = logging.getLogger("quytrinh.masked")
    logger.propagate = False
    logger.addHandler(handler)
    return logger, written


def test_arguments_are_masked_like_words(log):
    logger, written = log
    logger.warning("no %s at %s", "079090001234", "an@vi.du.vn")
    assert written.getvalue() == "WARNING no *********234 at a***@vi.du.vn\n"


def test_a_failed_statement_does_not_tell_whom_it_was_about(log):
    logger, written = log
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE d (code TEXT PRIMARY KEY, applicant TEXT)"))
        row = {"code": "H01", "applicant": "Lê Thị Hoa"}
        insert = text("INSERT INTO d VALUES (:code, :applicant)")
        connection.execute(insert, row)
        try:
            connection.execute(insert, row)
        except IntegrityError:
            logger.exception("could not be written")
    engine.dispose()
    assert "IntegrityError" in written.getvalue()
    assert "Hoa" not in written.getvalue()
    assert "[parameters: ***]" in written.getvalue()


def test_every_handler_of_the_process_is_made_to_mask():
    root, handler = logging.getLogger(), logging.StreamHandler(io.StringIO())
    before = [(each, each.formatter) for each in root.handlers]
    root.addHandler(handler)
    try:
        mask_logs("%(message)s")
        assert isinstance(handler.formatter, MaskingFormatter)
    finally:
        root.removeHandler(handler)
        for each, formatter in before:
            each.setFormatter(formatter)
