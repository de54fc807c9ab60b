"""Microseconds of a warm FEEL evaluation, beside compiled Python that says the same."""

import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from bench.machine import load
from bench.spread import Spread
from processes.feel import compile_expression

_DATA = {
    "ket_qua": "dat",
    "co_uy_quyen": True,
    "dien_tich": Decimal("152.5"),
    "đơn_giá": Decimal(2700000),
    "ngay_nop": date(2026, 3, 2),
    "so_tang": Decimal(3),
}
EXPRESSIONS = {  # name: FEEL, the same in Python, the answer
    "equality": ('ket_qua = "dat"', 'd["ket_qua"] == "dat"', True),
    "logic": (
        'ket_qua = "dat" and (co_uy_quyen = false or so_tang > 2)',
        'd["ket_qua"] == "dat" and (d["co_uy_quyen"] is False or d["so_tang"] > 2)',
        True,
    ),
    "arithmetic": (
        "dien_tich * đơn_giá * 0.5 > 200000000",
        'd["dien_tich"] * d["đơn_giá"] * Decimal("0.5") > 200000000',
        True,
    ),
    "list": (
        'list contains(["dat", "dat_co_dieu_kien"], ket_qua)',
        'd["ket_qua"] in ["dat", "dat_co_dieu_kien"]',
        True,
    ),
    "date": (
        'ngay_nop < date("2026-07-01")',
        'd["ngay_nop"] < date.fromisoformat("2026-07-01")',
        True,
    ),
}


def measure(passes: int, times: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Microseconds of each expression, and how often the same in Python fits into it."""
    begun = load()
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in EXPRESSIONS}
    for number in range(passes):
        say(f"feel: pass {number + 1} of {passes}")
        for name, (feel, python, expected) in EXPRESSIONS.items():
            found[name].append(_one(feel, python, expected, times))
    return {
        "loads": [[begun, load()]],
        "times": times,
        "expressions": {
            name: {
                "feel": EXPRESSIONS[name][0],
                "feel_us": Spread.of(feel * 1e6 for feel, _ in each),
                "python_us": Spread.of(python * 1e6 for _, python in each),
                "feel_per_python": Spread.of(feel / python for feel, python in each),
            }
            for name, each in found.items()
        },
    }


def _one(feel: str, python: str, expected: object, times: int) -> tuple[float, float]:
    expression = compile_expression(feel)
    code = compile(python, "<bench>", "eval")
    names = {"d": _DATA, "Decimal": Decimal, "date": date}
    ours = _seconds(lambda: expression.evaluate(_DATA), expected, times)
    theirs = _seconds(lambda: eval(code, names), expected, times)
    return ours, theirs


def _seconds(evaluate: Callable[[], object], expected: object, times: int) -> float:
    """CPU seconds of one evaluation; every answer is looked at."""
    evaluate()
    begun = time.process_time()
    right = sum(evaluate() is expected for _ in range(times))
    used = time.process_time() - begun
    if right != times:
        raise AssertionError(f"{times - right} of {times} answers were not {expected}")
    return used / times
