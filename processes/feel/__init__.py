"""FEEL, the expression language of DMN 1.3: the only language conditions and rules are written in.

An expression is compiled once (`compile_expression`) and evaluated often. Numbers are exact
decimals, names may be Vietnamese, and every evaluation ends: text, depth, steps and sizes are
bounded.
"""

from processes.feel.errors import (
    ConditionNotBoolean,
    ExpressionTooCostly,
    InvalidExpression,
    MomentMissing,
    UnusableValue,
)
from processes.feel.expression import (
    Expression,
    UnaryTests,
    compile_expression,
    compile_unary_tests,
    evaluate_condition,
)
from processes.feel.values import FeelFunction, Range, YearsMonths

__all__ = [
    "ConditionNotBoolean",
    "Expression",
    "ExpressionTooCostly",
    "FeelFunction",
    "InvalidExpression",
    "MomentMissing",
    "Range",
    "UnaryTests",
    "UnusableValue",
    "YearsMonths",
    "compile_expression",
    "compile_unary_tests",
    "evaluate_condition",
]
