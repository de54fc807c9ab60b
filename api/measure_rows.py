"""Measured values as plain data, and as a table for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

import numpy as np

from analysis.rate import Rate
from api.spreadsheet_text import harmless


def plain(value: Any) -> Any:
    """A value in the words of JSON; a rate says its percentage too, truncated."""
    if isinstance(value, Rate):
        return _rate(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, frozenset)):
        return [plain(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    return value.item() if isinstance(value, np.generic) else value


def _rate(rate: Rate) -> dict[str, float | None]:
    percent = rate.percent
    return {
        "part": rate.part,
        "whole": rate.whole,
        "percent": None if percent is None else float(percent),
    }


def table(rows: Iterable[Any]) -> bytes:
    """One line a row, UTF-8 with its mark; what a value consists of becomes columns `a.b`.

    Lists stand in one cell, separated by semicolons.
    """
    columns, lines = cells(rows)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    for line in lines:
        writer.writerow(_in_csv(line.get(name)) for name in columns)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _in_csv(value: Any) -> str:
    """Words stay words; a negative number is no formula."""
    return harmless(value) if isinstance(value, str) else _cell(value)


def cells(rows: Iterable[Any]) -> tuple[list[str], list[dict[str, Any]]]:
    """The columns, and of each row what stands in them; lists are texts, the rest as it is."""
    flat = [_flat(plain(row)) for row in rows]
    return list(dict.fromkeys(name for row in flat for name in row)), flat


def _flat(value: Any, name: str = "") -> dict[str, Any]:
    if isinstance(value, dict):
        found: dict[str, Any] = {}
        for key, each in value.items():
            found |= _flat(each, f"{name}.{key}" if name else key)
        return found
    if isinstance(value, list):
        return {name: "; ".join(_cell(each) for each in value)}
    return {name: value}


def _cell(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(f"{key}={_cell(each)}" for key, each in value.items())
    if isinstance(value, list):
        return " ".join(_cell(each) for each in value)
    return "" if value is None else str(value)
