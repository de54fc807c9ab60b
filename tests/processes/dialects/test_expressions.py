"""Conditions as designers wrote them for other engines, said in FEEL with the same meaning."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.dialects import (
    Untranslatable,
    bare_name,
    is_usable,
    names_in,
    to_feel,
    to_feel_value,
)
from processes.feel import compile_expression

TRANSLATED = {
    "juel-compare": ("${amount > 1000}", "amount > 1000"),
    "juel-equal": ("${status == 'open'}", 'status = "open"'),
    "juel-words": ("${a gt 5 and b le 3}", "a > 5 and b <= 3"),
    "juel-truth": ("${approved}", "approved = true"),
    "juel-not": ("${!approved}", "approved = false"),
    "juel-and": ("${amount > 1000 && !urgent}", "amount > 1000 and urgent = false"),
    "juel-or": ("#{a || b}", "a = true or b = true"),
    "juel-empty": ("${empty note}", 'note = null or note = ""'),
    "juel-path": ("${order.amount >= 5}", "order_amount >= 5"),
    "juel-variable": ("${execution.getVariable('x') == 1}", "x = 1"),
    "flowable": ("${vars:eq(status, 'a')}", 'status = "a"'),
    "activiti": ('${input.equals("yes")}', 'input = "yes"'),
    "zeebe": ("= amount > 1000", "= amount > 1000"),
    "zeebe-path": ("= order.ok", "order_ok = true"),
    "python": ('result == "ok" and not late', 'result = "ok" and late = false'),
    "python-in": ("x in [1, 2]", "x in [1, 2]"),
    "python-none": ("x is not None", "x != null"),
    "python-get": ('form.get("ok") == True', "form_ok = true"),
    "script": ("a === 1 || b !== 'x'", 'a = 1 or b != "x"'),
    "ternary": ("${a ? b > 1 : c > 1}", "(if a = true then b > 1 else c > 1)"),
    "brackets": ("${(a + b) * 2 > 10}", "(a + b) * 2 > 10"),
    "modulo": ("${n % 2 == 0}", "modulo(n, 2) = 0"),
    "xpath": ("bpmn:getDataObject('status') = 'x'", 'status = "x"'),
    "vietnamese": ("${kết_quả == 'đạt'}", 'kết_quả = "đạt"'),
}
REFUSED = {
    "method": "${service.check(order)}",
    "lambda": "any(x for x in y)",
    "prose": "low or medium risk",
    "import": "__import__('os').system('x') == 1; 2",
    "number": "${5}",
    "unfinished": "${a == }",
    "deep": "${" + "!" * 60 + "a}",
    "long": "a == 1 and " * 300 + "a == 1",
    "assignment": "${x = 1; y}",
    "template": "${a} ${b}",
    "nothing": "",
}


@pytest.mark.parametrize(("foreign", "feel"), TRANSLATED.values(), ids=TRANSLATED.keys())
def test_a_condition_is_said_in_feel(foreign, feel):
    assert to_feel(foreign) == feel
    compile_expression(feel)


@pytest.mark.parametrize("foreign", REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_said_is_not_guessed(foreign):
    with pytest.raises(Untranslatable):
        to_feel(foreign)


@given(st.text(max_size=60))
def test_any_text_is_translated_to_a_condition_that_compiles_or_refused(text):
    try:
        feel = to_feel(text)
    except Untranslatable:
        return
    assert is_usable(feel)


@given(st.sampled_from(sorted(feel for _, feel in TRANSLATED.values())))
def test_what_is_feel_already_stays(feel):
    assert to_feel(feel) == feel


@pytest.mark.parametrize(
    ("text", "feel"),
    [("${n + 1}", "n + 1"), ("5", "5"), ("= count", "count"), ("#{list.size}", "list_size")],
    ids=["juel", "number", "zeebe", "path"],
)
def test_a_number_of_times_is_said_in_feel(text, feel):
    assert to_feel_value(text) == feel


def test_names_are_those_of_the_data():
    assert names_in("a > 1 and b = c") == {"a", "b", "c"}
    assert names_in("= = =") == frozenset()
    assert bare_name("approved") == "approved"
    assert bare_name("approved = true") is None
