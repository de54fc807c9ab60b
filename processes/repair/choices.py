"""Gateways that do not say how to decide: a person chooses, by a field with an option per way."""

from collections.abc import Collection, Iterator
from functools import partial

from lxml.etree import _Element as Element

from processes.data_field import DataField, FieldType
from processes.diagram import NodeKind
from processes.dialects import bare_name, names_in
from processes.document import local_name
from processes.feel.writing import write_text
from processes.repair.asking import Asked, nearest_people
from processes.repair.conditions import CHOOSING, UNREAD, is_own_slip, is_plain, keep_as_name
from processes.repair.declared import add_field, declared_codes, forms_of, new_code, options
from processes.repair.repair import Change, Kind
from processes.repair.wording import code_of, condition_of, name_of, quoted, words_of
from processes.repair.workpiece import Workpiece
from processes.rule import Words, listed

UNDECIDED = ("conditional-flows", *UNREAD)
"""What the check says of a way out that nothing decides."""

DEFAULT = Kind(
    "gateway.default",
    "Chỉ một luồng ra của {node} chưa có điều kiện: {flow}. Đặt làm luồng mặc định, đi khi không "
    "điều kiện nào khác đúng.",
    "Only one flow out of {node} has no condition: {flow}. It becomes the default, taken where no "
    "other condition holds.",
    answers=UNDECIDED,
)
CHOICE = Kind(
    "gateway.choice",
    "{node} không ghi điều kiện cho các luồng ra ({exits}). Thành lựa chọn của người: thêm trường "
    "“{field}” ở {where}; luồng cuối là mặc định.",
    "{node} states no conditions for its exits ({exits}). A person chooses: the field '{field}' is "
    "added at {where}; the last flow is the default.",
    answers=UNDECIDED,
)
SEVERAL = Kind(
    "gateway.several",
    "{node} không ghi điều kiện cho các luồng ra ({exits}). Thành lựa chọn của người: mỗi luồng "
    "một ô có/không ở {where}; không chọn luồng nào thì đi luồng cuối.",
    "{node} states no conditions for its exits ({exits}). A person chooses: a yes/no field for "
    "each at {where}; where none is chosen the last flow is taken.",
    answers=UNDECIDED,
)
KINDS = (DEFAULT, CHOICE, SEVERAL)

CHOOSE = "Chọn hướng xử lý"
_LONGEST = 100  # characters of an option's name
_FAR = 5  # nodes looked ahead for a name


def let_people_choose(piece: Workpiece) -> Iterator[Change]:
    """Every exit of a choosing gateway is decided: by a condition, as the default, by a person."""
    declared = declared_codes(piece)
    taken = {*declared, *_names_in_use(piece)}
    for gateway in piece.of_kind(*CHOOSING):
        flows = piece.leaving(gateway.get("id", ""))
        undecided = _undecided(gateway, flows, declared)
        complained = any(piece.complaints.at(flow.get("id"), UNDECIDED) for flow in flows)
        if len(flows) < 2 or not undecided or not complained:  # noqa: PLR2004  one flow needs no decision
            continue
        if any(is_own_slip(piece, condition_of(flow)) for flow in undecided):
            continue
        decided = [flow for flow in flows if flow not in undecided]
        has_default = any(flow.get("id") == gateway.get("default") for flow in flows)
        always = any(condition_of(flow).strip() == "true" for flow in decided)
        if len(undecided) == 1 and decided and not (has_default or always):
            flow = undecided[0]
            facts = {"node": words_of(gateway), "flow": words_of(flow)}
            after = f"{quoted(flow)}: default"
            repair = DEFAULT.of(gateway.get("id"), condition_of(flow) or "–", after, **facts)
            yield Change(repair, partial(_default, piece, gateway, flow))
        elif local_name(gateway) == NodeKind.EXCLUSIVE:
            yield _choice(piece, gateway, undecided, taken)
        else:
            yield _several(piece, gateway, undecided, bool(decided), taken)


def _undecided(gateway: Element, flows: list[Element], declared: Collection[str]) -> list[Element]:
    """Flows without a condition that can be weighed, and that are not the default."""
    open_ = [flow for flow in flows if flow.get("id") != gateway.get("default")]
    plain = [flow for flow in open_ if condition_of(flow) and is_plain(flow, declared)]
    labels = [flow for flow in plain if _is_label(condition_of(flow), declared)]
    if len(labels) < 2:  # noqa: PLR2004  "yes" and "no" are labels, `approved` alone is data
        labels = []
    if local_name(gateway) == NodeKind.EXCLUSIVE:  # a constant decides for every dossier alike
        labels += [flow for flow in plain if condition_of(flow).strip() in ("true", "false")]
    return [flow for flow in open_ if flow not in plain or flow in labels]


def _is_label(text: str, declared: Collection[str]) -> bool:
    """A single word that no field is called."""
    name = bare_name(text)
    return name is not None and name not in declared


def _default(piece: Workpiece, gateway: Element, flow: Element) -> None:
    keep_as_name(piece, flow, condition_of(flow))
    gateway.set("default", flow.get("id", ""))


def _choice(
    piece: Workpiece, gateway: Element, undecided: list[Element], taken: set[str]
) -> Change:
    flows = _with_default(piece, gateway, undecided)
    names = _names(piece, flows)
    asked = nearest_people(piece, gateway)
    field = _field(gateway, names, asked, taken)
    listed_options = " | ".join(f"{o.value} “{o.name}”" for o in field.options)
    where = where_asked(gateway, asked)
    repair = CHOICE.of(
        gateway.get("id"),
        " | ".join(condition_of(flow) or "–" for flow in flows),
        f"{where.vi}: {field.code} = {listed_options}",
        " ".join(flow.get("id", "") for flow in flows),
        node=words_of(gateway),
        exits=listed(names),
        field=field.name,
        where=where,
    )
    return Change(repair, partial(_make_choice, piece, gateway, flows, field, asked))


def _with_default(piece: Workpiece, gateway: Element, undecided: list[Element]) -> list[Element]:
    """The flows that the person chooses from; the default comes last."""
    leaving = piece.leaving(gateway.get("id", ""))
    return undecided + [flow for flow in leaving if flow.get("id") == gateway.get("default")]


def _names(piece: Workpiece, flows: list[Element]) -> list[str]:
    """What each way is called: its flow, its unreadable condition, or where it leads."""
    found = []
    for number, flow in enumerate(flows, start=1):
        text = " ".join(condition_of(flow).split())
        name = name_of(flow) or text or _ahead(piece, flow) or f"Nhánh {number}"
        found.append(name[:_LONGEST])
    return found


def _ahead(piece: Workpiece, flow: Element) -> str:
    """The name of what the flow leads to, past unnamed nodes that do not branch."""
    for _ in range(_FAR):
        target = piece.target(flow)
        if name := name_of(target):
            return name
        if local_name(target) == NodeKind.END:
            return "Kết thúc"
        onward = piece.leaving(target.get("id", ""))
        if len(onward) != 1:
            return ""
        flow = onward[0]
    return ""


def _field(gateway: Element, names: list[str], asked: Asked | None, taken: set[str]) -> DataField:
    code = new_code(code_of(name_of(gateway), "huong_xu_ly"), taken)
    offered = options(names, [code_of(name) for name in names])
    always = asked is None or asked.always
    return DataField(
        code=code,
        name=name_of(gateway) or CHOOSE,
        type=FieldType.CHOICE,
        required=always,
        options=offered,
        default=None if always else offered[-1].value,
    )


def _names_in_use(piece: Workpiece) -> set[str]:
    """Names that conditions read; a new field may not be taken for one of them."""
    texts = (condition_of(flow) for flow in piece.flows if is_plain(flow, ()))
    return {name for text in texts for name in names_in(text)}


def where_asked(gateway: Element, asked: Asked | None) -> Words:
    """Where the people asked find the field, for a sentence."""
    if asked is None:
        name = step_name(gateway)
        return Words(f"bước mới “{name}”", f"the new step '{name}'")
    vi = [f"bước {quoted(step)}" for step in asked.steps]
    en = [f"step {quoted(step)}" for step in asked.steps]
    if asked.reception:
        vi.insert(0, "biểu tiếp nhận")
        en.insert(0, "the reception form")
    return Words(listed(vi), listed(en))


def step_name(gateway: Element) -> str:
    return f"{CHOOSE}: {name}" if (name := name_of(gateway)) else CHOOSE


def _make_choice(
    piece: Workpiece,
    gateway: Element,
    flows: list[Element],
    field: DataField,
    asked: Asked | None,
) -> None:
    for form in forms_before(piece, gateway, asked):
        add_field(form, field)
    for flow, option in zip(flows[:-1], field.options[:-1], strict=True):
        keep_as_name(piece, flow, condition_of(flow))
        piece.set_condition(flow, f"{field.code} = {write_text(option.value)}")
    if gateway.get("default") != flows[-1].get("id"):
        keep_as_name(piece, flows[-1], condition_of(flows[-1]))
        gateway.set("default", flows[-1].get("id", ""))


def forms_before(piece: Workpiece, gateway: Element, asked: Asked | None) -> list[Element]:
    """The forms of the people asked; of a new step where there are none."""
    if asked is not None:
        return forms_of(piece, asked)
    step = ask_before(piece, gateway)
    return [piece.extension(step, "step")]


def ask_before(piece: Workpiece, gateway: Element) -> Element:
    """A step of its own before the gateway, where a person decides."""
    wanted = f"Choose_{gateway.get('id')}"
    step = piece.add_node(NodeKind.USER_TASK, wanted, step_name(gateway), gateway)
    entering = piece.entering(gateway.get("id", ""))
    first = step
    if local_name(gateway) == NodeKind.INCLUSIVE and len(entering) > 1:  # it gathers, then splits
        first = piece.add_node(NodeKind.INCLUSIVE, f"Join_{gateway.get('id')}", "", gateway)
        piece.add_flow(first, step)
    for flow in entering:
        piece.move_target(flow, first)
    piece.add_flow(step, gateway)
    return step


def _several(
    piece: Workpiece,
    gateway: Element,
    undecided: list[Element],
    others_decide: bool,
    taken: set[str],
) -> Change:
    """An inclusive gateway: a yes/no field for each way."""
    flows = undecided
    names = _names(piece, flows)
    asked = nearest_people(piece, gateway)
    always = asked is None or asked.always
    fields = []
    for name in names:
        code = new_code(code_of(name), taken)
        default = None if always else "false"
        fields.append(DataField(code, name, FieldType.BOOLEAN, always, default=default))
    where = where_asked(gateway, asked)
    repair = SEVERAL.of(
        gateway.get("id"),
        " | ".join(condition_of(flow) or "–" for flow in flows),
        f"{where.vi}: {' | '.join(field.code for field in fields)} (boolean)",
        " ".join(flow.get("id", "") for flow in flows),
        node=words_of(gateway),
        exits=listed(names),
        where=where,
    )
    has_else = others_decide or gateway.get("default") is not None
    make = partial(_make_several, piece, gateway, flows, tuple(fields), asked, has_else)
    return Change(repair, make)


def _make_several(
    piece: Workpiece,
    gateway: Element,
    flows: list[Element],
    fields: tuple[DataField, ...],
    asked: Asked | None,
    has_else: bool,
) -> None:
    for form in forms_before(piece, gateway, asked):
        for field in fields:
            add_field(form, field)
    conditions = [f"{field.code} = true" for field in fields]
    if not has_else:  # where nobody chooses anything, the dossier still goes on
        none = " and ".join(f"{field.code} = false" for field in fields[:-1])
        conditions[-1] = f"{conditions[-1]} or ({none})"
    for flow, condition in zip(flows, conditions, strict=True):
        keep_as_name(piece, flow, condition_of(flow))
        piece.set_condition(flow, condition)
