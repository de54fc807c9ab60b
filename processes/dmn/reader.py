"""A DMN file read into a decision model, and refused where it could not be carried out."""

from collections.abc import Iterable, Iterator, Mapping

from lxml.etree import _Element as Element

from processes.dmn import boxed
from processes.dmn.boxed import LogicReader, read_function
from processes.dmn.document import child, children, local_name, name_of, parse, text_of, wrong
from processes.dmn.item_type import ANY, ItemType, Types
from processes.dmn.logic import Logic
from processes.dmn.model import (
    Decision,
    DecisionModel,
    InputData,
    Knowledge,
    Requirements,
    Service,
)
from processes.dmn.table_reader import read_table
from processes.feel import UnaryTests

MAX_TYPES = 1_000
MAX_NAMES = 1_000  # of entries with spaces: every expression is searched for them
MAX_REQUIREMENTS = 200  # of one decision


def read_decisions(data: bytes, *, strict: bool = True) -> DecisionModel:
    """Read a DMN 1.1 to 1.5 file.

    strict: refuse what the standard lets pass as null: names that nothing is connected to, unknown
    functions and types, decisions without content, values of another type, overlapping rules.
    Raises NotDecisionModel, InvalidDecisionModel.
    """
    return _ModelReader(parse(data), strict=strict).read()


class _ModelReader:
    def __init__(self, root: Element, *, strict: bool) -> None:
        self.root = root
        self.strict = strict
        self.elements: dict[str, Element] = {}
        self.reader = LogicReader(Types({}), (), _READERS, strict=strict)

    def read(self) -> DecisionModel:
        self._index()
        entry_names = sorted(set(_entry_names(self.root)))
        self._bound(self.root, len(entry_names), MAX_NAMES, "tên mục", "names of entries")
        types = Types(self._types())
        self.reader = LogicReader(types, entry_names, _READERS, strict=self.strict)
        inputs = {id_: self._input(id_, each) for id_, each in self._all("inputData")}
        services = {id_: self._service(id_, each) for id_, each in self._all("decisionService")}
        knowledge = {
            id_: self._knowledge(id_, each) for id_, each in self._all("businessKnowledgeModel")
        }
        decisions = {id_: self._decision(id_, each) for id_, each in self._all("decision")}
        order = self._order(decisions)
        name = name_of(self.root)
        return DecisionModel(name, inputs, decisions, knowledge, services, order, self.reader)

    def _index(self) -> None:
        if child(self.root, "import") is not None:
            raise wrong(
                self.root,
                "không hỗ trợ nhập mô hình khác (import); hãy gộp vào một tệp.",
                "importing other models is not supported; put all into one file.",
            )
        named: set[tuple[str, str]] = set()
        for element in children(self.root):
            kind, name = local_name(element), _variable_name(element)
            id_ = element.get("id") or name
            if kind not in _ELEMENTS:
                continue
            if not name or id_ in self.elements or (kind, name) in named:
                raise wrong(
                    element,
                    f"phần tử “{name}” thiếu tên hoặc trùng tên, trùng id.",
                    f"the element '{name}' has no name, or its name or id is taken.",
                )
            named.add((kind, name))
            self.elements[id_] = element

    def _all(self, kind: str) -> Iterator[tuple[str, Element]]:
        return (each for each in self.elements.items() if local_name(each[1]) == kind)

    def _input(self, id_: str, element: Element) -> InputData:
        variable = child(element, "variable")
        type_name = None if variable is None else variable.get("typeRef")
        if type_name and self.strict and not self.reader.types.knows(type_name):
            raise wrong(
                element, f"không có kiểu “{type_name}”.", f"there is no type '{type_name}'."
            )
        return InputData(id_, _variable_name(element), type_name)

    def _decision(self, id_: str, element: Element) -> Decision:
        requires = self._requirements(element)
        names = self._names(requires)
        logic = self.reader.read_inside(element, names)
        if logic is None:
            if self.strict:
                raise wrong(element, "quyết định chưa có nội dung.", "the decision is empty.")
            return Decision(id_, _variable_name(element), requires, None)
        return Decision(id_, _variable_name(element), requires, self._typed(logic, element))

    def _knowledge(self, id_: str, element: Element) -> Knowledge:
        requires = self._requirements(element)
        written = child(element, "encapsulatedLogic")
        name = _variable_name(element)
        if written is None:
            raise wrong(element, "hàm chưa có nội dung.", "the function is empty.")
        parameters, body = read_function(self.reader, written, self._names(requires) | {name})
        requires = Requirements((), (), tuple(dict.fromkeys((*requires.knowledge, id_))))
        return Knowledge(id_, name, requires, parameters, self._typed(body, element))

    def _service(self, id_: str, element: Element) -> Service:
        outputs = tuple(self._hrefs(element, "outputDecision"))
        if not outputs:
            raise wrong(element, "không có quyết định đầu ra.", "it has no output decision.")
        return Service(
            id_,
            _variable_name(element),
            outputs,
            tuple(self._hrefs(element, "inputData")),
            tuple(self._hrefs(element, "inputDecision")),
        )

    def _typed(self, logic: Logic, element: Element) -> Logic:
        variable = child(element, "variable")
        type_name = None if variable is None else variable.get("typeRef")
        return self.reader.typed(logic, _variable_name(element), type_name, element)

    def _requirements(self, element: Element) -> Requirements:
        inputs: list[str] = []
        decisions: list[str] = []
        knowledge: list[str] = []
        for requirement in children(element, "informationRequirement", "knowledgeRequirement"):
            inputs += self._hrefs(requirement, "requiredInput")
            decisions += self._hrefs(requirement, "requiredDecision")
            knowledge += self._hrefs(requirement, "requiredKnowledge")
        number = len(inputs) + len(decisions) + len(knowledge)
        self._bound(element, number, MAX_REQUIREMENTS, "nối đến", "requirements")
        return Requirements(tuple(inputs), tuple(decisions), tuple(knowledge))

    def _bound(self, element: Element, number: int, limit: int, vi: str, en: str) -> None:
        if number > limit:
            raise wrong(element, f"hơn {limit} {vi}.", f"more than {limit} {en}.")

    def _hrefs(self, element: Element, kind: str) -> Iterator[str]:
        """Ids that the element's references of that kind point to."""
        for reference in children(element, kind):
            href = reference.get("href", "")
            namespace, _, id_ = href.rpartition("#")
            target = self.elements.get(id_)
            local = namespace in ("", self.root.get("namespace"))
            if target is None or not local or local_name(target) not in _TARGETS[kind]:
                raise wrong(
                    reference,
                    f"tham chiếu “{href[:100]}” không trỏ đến phần tử nào.",
                    f"the reference '{href[:100]}' points to nothing.",
                )
            yield id_

    def _names(self, requires: Requirements) -> frozenset[str]:
        ids = (*requires.inputs, *requires.decisions, *requires.knowledge)
        return frozenset(_variable_name(self.elements[id_]) for id_ in ids)

    def _types(self) -> Mapping[str, ItemType]:
        types: dict[str, ItemType] = {}
        definitions = list(children(self.root, "itemDefinition"))
        self._bound(self.root, len(definitions), MAX_TYPES, "kiểu dữ liệu", "types")
        known = Types({name_of(each): ItemType(name_of(each)) for each in definitions})
        for definition in definitions:
            types[name_of(definition)] = self._type(definition, known)
        self._refuse_endless_types(types)
        return types

    def _type(self, element: Element, known: Types) -> ItemType:
        written = child(element, "typeRef")
        base = (element.get("typeRef") or "") if written is None else (written.text or "").strip()
        if base and self.strict and not known.knows(base):
            raise wrong(element, f"không có kiểu “{base}”.", f"there is no type '{base}'.")
        components = tuple(
            (name_of(each), self._type(each, known)) for each in children(element, "itemComponent")
        )
        return ItemType(
            name_of(element),
            base or ANY,
            components,
            element.get("isCollection") == "true",
            self._allowed(element),
        )

    def _allowed(self, element: Element) -> UnaryTests | None:
        allowed = child(element, "allowedValues")
        if allowed is None or not text_of(allowed):
            return None
        return self.reader.tests(allowed, text_of(allowed), frozenset())

    def _refuse_endless_types(self, types: Mapping[str, ItemType]) -> None:
        for name in types:
            seen: set[str] = set()
            at = name
            while at in types and not types[at].components:
                if at in seen:
                    raise wrong(
                        self.root,
                        f"kiểu “{name}” được định nghĩa bằng chính nó.",
                        f"the type '{name}' is defined by itself.",
                    )
                seen.add(at)
                at = types[at].base

    def _order(self, decisions: Mapping[str, Decision]) -> tuple[str, ...]:
        """Each decision after those it requires; refuses decisions that require themselves."""
        waiting = {id_: set(each.requires.decisions) for id_, each in decisions.items()}
        users: dict[str, list[str]] = {id_: [] for id_ in decisions}
        for id_, required in waiting.items():
            for each in required:
                users[each].append(id_)
        ready = [id_ for id_, required in waiting.items() if not required]
        order: list[str] = []
        while ready:
            id_ = ready.pop()
            order.append(id_)
            for user in users[id_]:
                waiting[user].discard(id_)
                if not waiting[user]:
                    ready.append(user)
        for id_ in decisions:
            if waiting[id_]:
                raise wrong(
                    self.elements[id_],
                    "quyết định phụ thuộc vào chính nó.",
                    "the decision requires itself.",
                )
        return tuple(order)


def _variable_name(element: Element) -> str:
    variable = child(element, "variable")
    return (name_of(variable) if variable is not None else "") or name_of(element)


def _entry_names(root: Element) -> Iterable[str]:
    """Names with spaces or signs that entries of values may have."""
    for element in root.iter():
        if isinstance(element.tag, str) and local_name(element) in _ENTRIES:
            name = name_of(element)
            if name and not name.isidentifier():
                yield name


_ENTRIES = frozenset({"itemComponent", "output", "column", "variable", "formalParameter"})
_ELEMENTS = frozenset({"inputData", "decision", "businessKnowledgeModel", "decisionService"})
_READERS = {**boxed.READERS, "decisionTable": read_table}
_TARGETS = {
    "requiredInput": ("inputData",),
    "requiredDecision": ("decision",),
    "requiredKnowledge": ("businessKnowledgeModel", "decisionService"),
    "outputDecision": ("decision",),
    "inputData": ("inputData",),
    "inputDecision": ("decision",),
}
