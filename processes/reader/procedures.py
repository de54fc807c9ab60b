"""The qt:procedure of a process: what holds for the procedure as a whole."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml.etree import _Element as Element

from processes.component import (
    Component,
    ComponentGroup,
    Copies,
    CopyForm,
    GroupRule,
    Requirement,
)
from processes.document import local_name, qt
from processes.file_kind import FileKind
from processes.finding import Severity
from processes.procedure import Case, LegalBasis, Supplement, SupplementPolicy
from processes.reader.values import VALUE, Values
from processes.rule import Rule, Words, listed
from processes.vocabulary import LEVELS, PARTS

CUTOFF = Rule(
    "qt-cutoff-misplaced",
    Severity.WARNING,
    "{where}: cutoff chỉ có tác dụng trên thời hạn của bước, không có tác dụng với thời hạn chung. "
    "Ghi cutoff ở bước tiếp nhận.",
    "{where}: a cutoff only has an effect on a step's limit, not on a total limit. "
    "Put it on the reception step.",
)
RULES = (CUTOFF,)


@dataclass(frozen=True, slots=True)
class Lists:
    """What a qt:procedure states in its children."""

    cases: tuple[Case, ...]
    components: tuple[Component, ...]
    component_groups: tuple[ComponentGroup, ...]
    legal_basis: tuple[LegalBasis, ...]
    parts: tuple[tuple[str, str], ...]
    levels: tuple[str, ...]
    supplement: Supplement
    extensions_at_most: int


def read_lists(stated: Element, values: Values) -> Lists:
    """Everything of a qt:procedure that is more than one attribute."""
    return Lists(
        cases=tuple(_cases(stated, values)),
        components=tuple(_components(stated, values)),
        component_groups=tuple(_groups(stated, values)),
        legal_basis=tuple(_legal_basis(stated, values)),
        parts=tuple(_parts(stated, values)),
        levels=tuple(_levels(stated, values)),
        supplement=_supplement(stated, values),
        extensions_at_most=_extensions(stated, values),
    )


def _cases(stated: Element, values: Values) -> Iterator[Case]:
    for element in stated.iterchildren(qt("case")):
        if not (code := values.text(element, "code")):
            continue
        limit = element.find(qt("limit"))
        if limit is not None and limit.get("cutoff"):
            values.report(CUTOFF)
        name = element.get("name", "").strip() or code
        yield Case(code, name, values.limit(limit), element.get("legalBasis"))


def _supplement(stated: Element, values: Values) -> Supplement:
    element = stated.find(qt("supplement"))
    if element is None:
        return Supplement()
    return Supplement(
        policy=values.choice(element, "policy", SupplementPolicy.RESET),
        at_most=values.number(element, "atMost", otherwise=1, least=0),
        within=values.limit(element.find(qt("limit"))),
    )


def _extensions(stated: Element, values: Values) -> int:
    """How often the due date may be extended: once, unless the procedure says otherwise."""
    element = stated.find(qt("extension"))
    return 1 if element is None else values.number(element, "atMost", otherwise=1, least=0)


def _components(stated: Element, values: Values) -> Iterator[Component]:
    for element in stated.iterchildren(qt("component")):
        if not (code := values.text(element, "code")):
            continue
        when = element.get("when", "").strip() or None
        unstated = Requirement.WHEN if when else Requirement.REQUIRED
        yield Component(
            code=code,
            name=element.get("name", "").strip() or code,
            requirement=values.choice(element, "required", unstated),
            copies=tuple(_copies(element, values)),
            when=when,
            group=element.get("group", "").strip() or None,
            present_only=values.boolean(element, "presentOnly", otherwise=False),
            reusable_source=element.get("reusable", "").strip() or None,
            legal_basis=element.get("legalBasis", "").strip() or None,
            accepts=values.words(element, "accepts", FileKind),
        )


def _copies(component: Element, values: Values) -> Iterator[Copies]:
    for element in component.iterchildren(qt("copies")):
        form = values.choice(element, "form", CopyForm.ORIGINAL)
        yield Copies(form, values.number(element, "number", otherwise=1, least=1))


def _groups(stated: Element, values: Values) -> Iterator[ComponentGroup]:
    for element in stated.iterchildren(qt("componentGroup")):
        if code := values.text(element, "code"):
            yield ComponentGroup(
                code=code,
                name=element.get("name", "").strip() or code,
                rule=values.choice(element, "rule", GroupRule.ALL),
                at_least=values.number(element, "atLeast", otherwise=1, least=1),
            )


def _legal_basis(stated: Element, values: Values) -> Iterator[LegalBasis]:
    for element in stated.iterchildren(qt("legalBasis")):
        if reference := values.text(element, "reference"):
            yield LegalBasis(reference, element.get("article", ""), element.get("title", ""))


def _parts(stated: Element, values: Values) -> Iterator[tuple[str, str]]:
    for element in stated.iterchildren(qt("part")):
        if not (kind := values.text(element, "kind")):
            continue
        if kind in PARTS:
            yield kind, "".join(element.itertext()).strip()
        else:
            _unknown_word(element, "kind", kind, PARTS, values)


def _levels(stated: Element, values: Values) -> Iterator[str]:
    for word in stated.get("levels", "").split():
        if word in LEVELS:
            yield word
        else:
            _unknown_word(stated, "levels", word, LEVELS, values)


def _unknown_word(
    element: Element, attribute: str, word: str, known: tuple[str, ...], values: Values
) -> None:
    words = listed(known, at_most=20)
    expected = Words(words, words)
    tag = local_name(element)
    values.report(VALUE, tag=tag, attribute=attribute, value=word, expected=expected)
