"""The register of returns as a table for spreadsheets: UTF-8 with its mark, commas, one header."""

import csv
import io
from collections.abc import Iterable

from analysis.period import VIET_NAM
from analysis.returns import Return
from api.spreadsheet_text import harmless

COLUMNS = (
    *("at", "kind", "stage", "code", "procedure_code", "procedure", "components", "reason"),
    *("legal_basis", "officer", "unit"),
)


def returns_csv(lines: Iterable[Return]) -> bytes:
    """One row for each return; times in the office's zone."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(COLUMNS)
    for line in lines:
        cells = (
            f"{line.at.astimezone(VIET_NAM):%Y-%m-%d %H:%M:%S}",
            line.kind.value,
            line.stage,
            line.code,
            line.procedure_code,
            line.procedure_name,
            "; ".join(name for _, name in line.components),
            line.reason,
            line.legal_basis,
            line.officer,
            line.unit_name,
        )
        table.writerow(harmless(cell) for cell in cells)
    return b"\xef\xbb\xbf" + text.getvalue().encode()
