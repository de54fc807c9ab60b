"""Edits of a procedure's table: limits, components and positions, written into the diagram."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from processes.component import Component
from processes.diagram import STEPS
from processes.document import Document, bpmn, parse
from processes.drawing import running_process
from processes.editing.source import New, Place, Source, bpmn_name, qt_name
from processes.errors import InvalidInput, NotFound
from processes.time_limit import TimeLimit


class NothingToEdit(NotFound):
    """The diagram holds no such step, lane or case."""

    code = "editing.unknown"
    vi = "Sơ đồ không có {what_vi} “{id}”. Tải lại trang để xem sơ đồ hiện tại."
    en = "The diagram has no {what_en} '{id}'. Reload the page to see it as it is."


class EditedTwice(InvalidInput):
    """Two edits of one element in one request: which of them holds is a guess."""

    code = "editing.twice"
    vi = "“{id}” được sửa hai lần trong cùng một yêu cầu. Gộp thành một lần sửa."
    en = "'{id}' is edited twice in one request. Merge the edits."


@dataclass(frozen=True, slots=True)
class StepEdit:
    """New values of one step.

    limits: case code ("" = cases not named) -> limit, None takes it out; cases that are not
    mentioned stay. requires: component codes in order, None leaves them as they are. position,
    unit: who does the step itself, whatever its lane says; position None leaves that as it is,
    unit None = any unit. owner: how people call that position.
    """

    element_id: str
    limits: Mapping[str, TimeLimit | None] = field(default_factory=dict)
    requires: tuple[str, ...] | None = None
    position: str | None = None
    unit: str | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class LaneEdit:
    """Who does the steps of a lane; unit None = any unit."""

    lane_id: str
    position: str
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class ProcedureEdit:
    """New values of the procedure as a whole.

    case_limits: case code -> total limit, None takes it out. components: code -> the component
    as it shall be (its own code may be new), None takes it out; others stay.
    """

    case_limits: Mapping[str, TimeLimit | None] = field(default_factory=dict)
    components: Mapping[str, Component | None] = field(default_factory=dict)


Edit = StepEdit | LaneEdit | ProcedureEdit
Extension = tuple[str, tuple[New, ...], Mapping[str, str | None]]
"""An element of the vocabulary to be added: its name, children and attributes."""

_STEP_NAMES = frozenset(kind.value for kind in STEPS)
_PROCEDURE = "procedure"
_DEFAULTS = {"presentOnly": "false", "required": "required"}


def apply_edits(data: bytes, edits: tuple[Edit, ...]) -> bytes:
    """The file with the edits made; everything else keeps every byte.

    Errors: those of `parse`, NothingToEdit, EditedTwice.
    """
    document = parse(data)
    source = Source(document)
    targets: set[str] = set()
    for edit in edits:
        target = _target(edit)
        if target in targets:
            raise EditedTwice(id=target)
        targets.add(target)
        if isinstance(edit, StepEdit):
            _edit_step(source, edit)
        elif isinstance(edit, LaneEdit):
            _edit_lane(source, edit)
        else:
            _edit_procedure(source, document, edit)
    edited = source.result()
    parse(edited)  # an edit may not make a file that we would refuse
    return edited


def _target(edit: Edit) -> str:
    if isinstance(edit, StepEdit):
        return edit.element_id
    return edit.lane_id if isinstance(edit, LaneEdit) else _PROCEDURE


def _edit_step(source: Source, edit: StepEdit) -> None:
    activity = source.by_id(edit.element_id, _STEP_NAMES)
    if activity is None:
        raise NothingToEdit(what_vi="bước", what_en="step", id=edit.element_id)
    missing: list[Extension] = []
    if edit.position is not None:
        missing += _set_assignment(source, activity, edit.position, edit.unit, edit.owner)
    step = _extension(activity, "step")
    if step is None and (children := _step_children(source, activity, edit)):
        missing.append(("step", children, {}))
    _add_extensions(source, activity, *missing)
    if step is None:
        return
    limits = {place.attributes.get("case", ""): place for place in step.all(qt_name("limit"))}
    for case, limit in edit.limits.items():
        _set_limit(source, step, limits.get(case), limit, {"case": case or None})
    if edit.requires is not None:
        _set_requires(source, step, edit.requires)


def _edit_lane(source: Source, edit: LaneEdit) -> None:
    lane = source.by_id(edit.lane_id, frozenset({"lane"}))
    if lane is None:
        raise NothingToEdit(what_vi="làn", what_en="lane", id=edit.lane_id)
    _add_extensions(source, lane, *_set_assignment(source, lane, edit.position, edit.unit))


def _set_assignment(
    source: Source, owner: Place, position: str, unit: str | None, called: str | None = None
) -> list[Extension]:
    """Rewrite the owner's qt:assignment; where it has none, the one that is to be added."""
    stated: Mapping[str, str | None] = {"position": position, "unit": unit, "name": called}
    assignment = _extension(owner, "assignment")
    if assignment is None:
        return [("assignment", (), stated)]
    for name, value in stated.items():
        source.set_attribute(assignment, name, value)
    return []


def _edit_procedure(source: Source, document: Document, edit: ProcedureEdit) -> None:
    process = _process(source, document)
    procedure = _extension(process, "procedure")
    cases = {p.attributes.get("code"): p for p in _all(procedure, "case")}
    for code, limit in edit.case_limits.items():
        if (case := cases.get(code)) is None:
            raise NothingToEdit(what_vi="trường hợp", what_en="case", id=code)
        _set_limit(source, case, case.child(qt_name("limit")), limit, {})
    components = {p.attributes.get("code"): p for p in _all(procedure, "component")}
    added: list[Component] = []
    for code, component in edit.components.items():
        place = components.get(code)
        if component is None:
            if place is None:
                raise NothingToEdit(what_vi="thành phần", what_en="component", id=code)
            source.remove(place)
        elif place is None:
            added.append(component)
        else:
            _set_component(source, place, component)
    _add_components(source, process, procedure, tuple(added))


def _add_components(
    source: Source, process: Place, procedure: Place | None, added: tuple[Component, ...]
) -> None:
    if not added:
        return
    news = tuple(_component(source, procedure or process, component) for component in added)
    if procedure is None:
        _add_extensions(source, process, ("procedure", news, {}))
        return
    after = _last(procedure, "component") or _last(procedure)
    for new in news:
        source.insert(procedure, new, after=after)


def _process(source: Source, document: Document) -> Place:
    """The place of the process that runs; processes need no ids to be told apart."""
    running = running_process(document)
    elements = list(document.root.iterchildren(bpmn("process")))
    places = list(source.root.all(bpmn_name("process")))
    if running is None:
        raise NothingToEdit(what_vi="quy trình", what_en="process", id="–")
    return places[elements.index(running)]


def _extension(owner: Place, name: str) -> Place | None:
    """The vocabulary's element in the owner's extensionElements."""
    for extensions in owner.all(bpmn_name("extensionElements")):
        if (found := extensions.child(qt_name(name))) is not None:
            return found
    return None


def _add_extensions(source: Source, owner: Place, *missing: Extension) -> None:
    """Put new elements of the vocabulary into the owner's extensionElements, made if need be."""
    news = []
    for name, children, attributes in missing:
        tag, declaration = source.qt_tag(owner, name)
        news.append(New(tag, {**declaration, **attributes}, children))
    extensions = owner.child(bpmn_name("extensionElements"))
    if extensions is not None:
        for new in news:
            source.insert(extensions, new, after=_last(extensions))
    elif news:
        around = New(source.prefixed(owner, "extensionElements"), {}, tuple(news))
        documentation = list(owner.all(bpmn_name("documentation")))  # stands first by the schema
        source.insert(owner, around, after=documentation[-1] if documentation else None)


def _set_limit(
    source: Source,
    owner: Place,
    place: Place | None,
    limit: TimeLimit | None,
    attributes: dict[str, str | None],
) -> None:
    if limit is None:
        if place is not None:
            source.remove(place)
        return
    stated = _limit_attributes(limit)
    if place is None:
        tag, _ = source.qt_tag(owner, "limit")
        source.insert(owner, New(tag, {**stated, **attributes}), after=_last(owner, "limit"))
        return
    for name, value in stated.items():
        source.set_attribute(place, name, value)


def _set_requires(source: Source, step: Place, codes: tuple[str, ...]) -> None:
    """The order of the codes is kept where nothing changes; new codes come last."""
    have: set[str] = set()
    for place in step.all(qt_name("requires")):
        code = place.attributes.get("component", "")
        if code in codes and code not in have:
            have.add(code)
        else:
            source.remove(place)
    tag, _ = source.qt_tag(step, "requires")
    after = _last(step, "requires") or _last(step, "limit")
    for code in dict.fromkeys(codes):
        if code not in have:
            source.insert(step, New(tag, {"component": code}), after=after)


def _set_component(source: Source, place: Place, component: Component) -> None:
    """Rewrite what differs; what already holds by default is not written out."""
    for name, value in _component_attributes(component).items():
        stated = place.attributes.get(name)
        default = _DEFAULTS.get(name)
        if value is None and stated in ("", default):
            continue
        if stated is None and value == default and component.when is None:
            continue
        source.set_attribute(place, name, value)
    copies = list(place.all(qt_name("copies")))
    have = [(c.attributes.get("form", "original"), c.attributes.get("number", "1")) for c in copies]
    if have == [(c.form.value, str(c.number)) for c in component.copies]:
        return
    for copy in copies:
        source.remove(copy)
    for new in _copies(source, place, component):
        source.insert(place, new, after=_last(place))


def _component(source: Source, near: Place, component: Component) -> New:
    tag, _ = source.qt_tag(near, "component")
    return New(tag, _component_attributes(component), _copies(source, near, component))


def _copies(source: Source, near: Place, component: Component) -> tuple[New, ...]:
    tag, _ = source.qt_tag(near, "copies")
    return tuple(
        New(tag, {"form": copies.form.value, "number": str(copies.number)})
        for copies in component.copies
    )


def _component_attributes(component: Component) -> dict[str, str | None]:
    return {
        "code": component.code,
        "name": component.name,
        "required": component.requirement.value,
        "group": component.group,
        "when": component.when,
        "presentOnly": "true" if component.present_only else None,
        "reusable": component.reusable_source,
        "legalBasis": component.legal_basis,
        "accepts": " ".join(component.accepts) or None,
    }


def _step_children(source: Source, near: Place, edit: StepEdit) -> tuple[New, ...]:
    limit_tag, _ = source.qt_tag(near, "limit")
    requires_tag, _ = source.qt_tag(near, "requires")
    limits = (
        New(limit_tag, {**_limit_attributes(limit), "case": case or None})
        for case, limit in edit.limits.items()
        if limit is not None
    )
    requires = (New(requires_tag, {"component": c}) for c in dict.fromkeys(edit.requires or ()))
    return (*limits, *requires)


def _limit_attributes(limit: TimeLimit) -> dict[str, str | None]:
    return {"amount": f"{limit.amount.normalize():f}", "unit": limit.unit.value}


def _all(owner: Place | None, name: str) -> list[Place]:
    return list(owner.all(qt_name(name))) if owner is not None else []


def _last(owner: Place, name: str | None = None) -> Place | None:
    """The last child, or the last of that name."""
    found = owner.children if name is None else list(owner.all(qt_name(name)))
    return found[-1] if found else None
