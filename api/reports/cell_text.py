"""How cells of a report are written for people: 1.234,56, dd/mm/yyyy, – where nothing is known."""

from datetime import date
from decimal import ROUND_DOWN, Decimal

from analysis.rate import Rate
from analysis.reports.table import Cell, Kind, Report, Words
from processes.errors import Language

NOTHING = "–"
_NUMBERS = str.maketrans(",.", ".,")


def said(words: Words, language: Language) -> str:
    return words.vi if language == "vi" else words.en


def cell_text(cell: Cell, kind: Kind, language: Language) -> str:
    """The cell in words and figures of the language."""
    if cell is None:
        return NOTHING
    if isinstance(cell, Words):
        return said(cell, language)
    if isinstance(cell, Rate):
        return NOTHING if cell.percent is None else f"{_figure(f'{cell.percent}', language)}%"
    if isinstance(cell, str | date):
        return cell if isinstance(cell, str) else f"{cell:%d/%m/%Y}"
    if kind is Kind.HOURS:
        return _figure(f"{hours(int(cell)):,}", language)
    return _figure(f"{cell:,}", language)


def hours(seconds: int) -> Decimal:
    """Working hours to a tenth, truncated."""
    return (Decimal(seconds) / 3600).quantize(Decimal("0.1"), ROUND_DOWN)


def period_text(report: Report, language: Language) -> str:
    """Từ ngày ... đến ngày ..., in the language."""
    first, last = f"{report.period.first:%d/%m/%Y}", f"{report.period.last:%d/%m/%Y}"
    return f"Từ ngày {first} đến ngày {last}" if language == "vi" else f"From {first} to {last}"


def closed_text(report: Report, language: Language) -> str:
    """By whom and when the period was closed; "" while it is open."""
    closed = report.closed
    if closed is None:
        return ""
    at = f"{closed.closed_at:%H:%M %d/%m/%Y}"
    if language == "vi":
        return (
            f"Kỳ đã chốt lần {closed.edition} lúc {at}, người chốt: {closed.closed_by}. "
            f"SHA-256: {closed.sha256}"
        )
    return (
        f"Period closed, edition {closed.edition}, at {at} by {closed.closed_by}. "
        f"SHA-256: {closed.sha256}"
    )


def file_name(report: Report, ending: str) -> str:
    """What the file is called when it is saved."""
    group = f"-{report.group.replace('_', '-')}" if report.group else ""
    return f"bao-cao-{report.code}{group}-{report.period.first}-{report.period.last}.{ending}"


def _figure(text: str, language: Language) -> str:
    return text.translate(_NUMBERS) if language == "vi" else text
