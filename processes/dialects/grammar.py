"""The grammar that conditions of other engines have in common, read into FEEL."""

from collections.abc import Callable

from processes.dialects.calls import HOLDERS, NAMED, function, literal, method, variable
from processes.dialects.feel_text import (
    ADDED,
    ATOM,
    COMPARED,
    JOINED_AND,
    JOINED_OR,
    MULTIPLIED,
    Sort,
    Term,
    as_condition,
    compared,
    is_empty,
    negated,
)
from processes.dialects.words import Untranslatable, cut

_DEEPEST = 40
_COMPARING = {
    **dict.fromkeys(("==", "===", "=", "eq"), "="),
    **dict.fromkeys(("!=", "!==", "<>", "ne"), "!="),
    "<": "<",
    "lt": "<",
    "<=": "<=",
    "le": "<=",
    ">": ">",
    "gt": ">",
    ">=": ">=",
    "ge": ">=",
}
_MULTIPLYING = {"*": "*", "/": "/", "div": "/"}
_REMAINDER = ("%", "mod")
_CONSTANTS = {
    **dict.fromkeys(("true", "True", "TRUE"), Term("true", ATOM, Sort.CONDITION)),
    **dict.fromkeys(("false", "False", "FALSE"), Term("false", ATOM, Sort.CONDITION)),
    **dict.fromkeys(("null", "None", "undefined", "nil"), Term("null")),
}
_PREFIXES = ("bpmn", "variables", "vars", "var", "fn")
_SIGNS = frozenset(sign for sign in _COMPARING if not sign.isalpha())
_RESERVED = frozenset(
    {"if", "then", "else", "for", "some", "every", "in", "is", "return", "satisfies", "lambda"}
    | {"instanceof", "between", "new", "function", "def", "import", "and", "or", "not"}
)
_AFTER_NAMES = _RESERVED | _COMPARING.keys() | {"div", "mod", "empty"}


def read_condition(expression: str) -> str:
    """The FEEL of a condition. Errors: Untranslatable."""
    reader = _Reader(expression)
    term = as_condition(reader.expression())
    reader.end()
    return term.text


def read_value(expression: str) -> str:
    """The FEEL of an expression of any type, such as a number of times. Errors: Untranslatable."""
    reader = _Reader(expression)
    term = reader.expression()
    reader.end()
    return term.text


class _Reader:
    """Recursive descent; every method reads one layer of the grammar, the loosest first."""

    def __init__(self, expression: str) -> None:
        self._text = expression
        self._words = cut(expression)
        self._at = 0
        self._depth = 0
        self._has_long_names = False

    def expression(self) -> Term:
        self._deeper()
        term = self._any()
        if self._take("?"):
            then = self.expression()
            self._expect(":")
            term = _chosen(term, then, self.expression())
        elif self._take("if"):
            condition = self._any()
            self._expect("else")
            term = _chosen(condition, term, self.expression())
        self._depth -= 1
        return term

    def end(self) -> None:
        """Nothing may be left, and names of several words only stand beside a comparison."""
        if self._words[self._at].kind != "end":
            raise self._unknown()
        if self._has_long_names and not any(word.text in _SIGNS for word in self._words):
            raise Untranslatable(text=self._text, detail="=")  # prose: "low or medium risk"

    def _any(self) -> Term:
        return self._joined(("or", "||"), "or", JOINED_OR, self._all)

    def _all(self) -> Term:
        return self._joined(("and", "&&"), "and", JOINED_AND, self._negation)

    def _joined(
        self, words: tuple[str, ...], feel: str, level: int, operand: Callable[[], Term]
    ) -> Term:
        terms = [operand()]
        while self._take(*words):
            terms.append(operand())
        if len(terms) == 1:
            return terms[0]
        text = f" {feel} ".join(as_condition(term).at(level) for term in terms)
        return Term(text, level, Sort.CONDITION)

    def _negation(self) -> Term:
        if not self._take("not"):
            return self._comparison()
        self._deeper()
        term = negated(self._negation())
        self._depth -= 1
        return term

    def _comparison(self) -> Term:
        left = self._sum()
        if (sign := self._take(*_COMPARING)) is not None:
            return compared(left, _COMPARING[sign], self._sum())
        if self._take("is"):  # Python compares with None so, and prose reads so
            operator = "!=" if self._take("not") else "="
            right = self._sum()
            if right not in _CONSTANTS.values():
                raise self._unknown()
            return compared(left, operator, right)
        if self._take("in"):
            return self._within(left)
        if self._word() == "not" and self._words[self._at + 1].text == "in":
            self._at += 2
            return negated(self._within(left))
        return left

    def _within(self, left: Term) -> Term:
        return Term(f"{left.at(ADDED)} in {self._sum().at(ADDED)}", COMPARED, Sort.CONDITION)

    def _sum(self) -> Term:
        term = self._product()
        while (sign := self._take("+", "-")) is not None:
            text = f"{term.at(ADDED)} {sign} {self._product().at(MULTIPLIED)}"
            term = Term(text, ADDED)
        return term

    def _product(self) -> Term:
        term = self._unary()
        while (sign := self._take(*_MULTIPLYING, *_REMAINDER)) is not None:
            right = self._unary()
            if sign in _REMAINDER:
                term = Term(f"modulo({term.text}, {right.text})")
            else:
                text = f"{term.at(MULTIPLIED)} {_MULTIPLYING[sign]} {right.at(ATOM)}"
                term = Term(text, MULTIPLIED)
        return term

    def _unary(self) -> Term:
        if (sign := self._take("!", "-", "empty")) is None:
            return self._access()
        self._deeper()
        operand = self._unary()
        self._depth -= 1
        if sign == "!":
            return negated(operand)
        return is_empty(operand) if sign == "empty" else Term(f"-{operand.at(ATOM)}", MULTIPLIED)

    def _access(self) -> Term:
        term = self._first()
        while True:
            if self._take("."):
                term = self._member(term, self._name())
            elif self._word() == "[" and term.path:
                self._at += 1
                if self._words[self._at].kind != "string":
                    raise self._unknown()
                term = _inside(term, self._next())
                self._expect("]")
            else:
                return term

    def _member(self, of: Term, name: str) -> Term:
        if self._word() != "(":
            if not of.path:
                raise self._unknown()
            return _inside(of, name)
        arguments, texts = self._arguments()
        if of.path and name in NAMED and len(texts) == 1:
            if of.path[0] in HOLDERS:
                return function(name, arguments, texts)
            if texts[0]:
                return _inside(of, texts[0])  # Python's `order.get("amount")`
        return method(of, name, arguments)

    def _first(self) -> Term:
        word = self._words[self._at]
        if word.kind == "number":
            return Term(self._next())
        if word.kind == "string":
            return literal(self._next())
        if self._take("("):
            term = self.expression()
            self._expect(")")
            return term  # its level says where brackets are needed
        if self._take("["):
            return Term(f"[{', '.join(term.text for term in self._list(']')[0])}]")
        return self._named(self._name())

    def _named(self, name: str) -> Term:
        if name in _CONSTANTS:
            return _CONSTANTS[name]
        if name in _PREFIXES and self._word() == ":":
            self._at += 1
            name = self._name()
        if name in _RESERVED:
            raise self._unknown()
        if self._word() == "(":
            return function(name, *self._arguments())
        while self._words[self._at].kind == "name" and self._word() not in _AFTER_NAMES:
            name = f"{name} {self._name()}"
            self._has_long_names = True
        return variable(name)

    def _arguments(self) -> tuple[list[Term], list[str | None]]:
        self._expect("(")
        return self._list(")")

    def _list(self, closing: str) -> tuple[list[Term], list[str | None]]:
        """Expressions separated by commas, and of each the text where it is a bare text."""
        terms: list[Term] = []
        texts: list[str | None] = []
        while not self._take(closing):
            if terms:
                self._expect(",")
            word = self._words[self._at]
            terms.append(self.expression())
            texts.append(word.text if word.kind == "string" else None)
        return terms, texts

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Untranslatable(text=self._text[:60], detail="((((…")

    def _word(self) -> str:
        """The word that comes next, "" for a text or a number."""
        word = self._words[self._at]
        return word.text if word.kind in ("sign", "name") else ""

    def _take(self, *words: str) -> str | None:
        """Read the next word if it is one of these."""
        if (word := self._word()) not in words or not word:
            return None
        self._at += 1
        return word

    def _expect(self, word: str) -> None:
        if self._take(word) is None:
            raise self._unknown()

    def _name(self) -> str:
        if self._words[self._at].kind != "name":
            raise self._unknown()
        return self._next()

    def _next(self) -> str:
        self._at += 1
        return self._words[self._at - 1].text

    def _unknown(self) -> Untranslatable:
        return Untranslatable(text=self._text, detail=self._words[self._at].text or "…")


def _chosen(condition: Term, then: Term, otherwise: Term) -> Term:
    """`condition ? then : otherwise`."""
    if Sort.VALUE not in (then.sort, otherwise.sort):
        then, otherwise = as_condition(then), as_condition(otherwise)
    text = f"(if {as_condition(condition).text} then {then.text} else {otherwise.text})"
    return Term(text, ATOM, then.sort)


def _inside(of: Term, name: str) -> Term:
    """An entry of a variable: data are flat here, so it is a field with a longer name."""
    path = (name,) if of.path[0] in HOLDERS and len(of.path) == 1 else (*of.path, name)
    return Term(variable("_".join(path)).text, ATOM, Sort.NAME, path)
