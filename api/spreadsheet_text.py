"""People's words in tables for spreadsheets."""

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: str) -> str:
    """People's words stay words: a spreadsheet would calculate what begins like a formula."""
    return f"'{cell}" if cell.startswith(_FORMULAS) else cell
