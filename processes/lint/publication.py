"""What a published procedure must state: cases with limits, and the parts the law asks for."""

from collections import Counter
from collections.abc import Iterator

from processes.finding import Finding, Severity
from processes.procedure import Procedure, ProcedureKind
from processes.rule import Rule, Words
from processes.vocabulary import PARTS

NO_CASE = Rule(
    "qt-case-missing",
    Severity.ERROR,
    "Quy trình chưa có trường hợp giải quyết nào. Thêm qt:case với tổng thời hạn.",
    "The procedure has no case. Add a qt:case with its total limit.",
)
CASE_TWICE = Rule(
    "qt-case-duplicate",
    Severity.ERROR,
    "Mã trường hợp “{code}” được khai báo nhiều lần. Đặt mã riêng cho từng trường hợp.",
    "The case code '{code}' is declared twice. Give each case a code of its own.",
)
NO_LIMIT = Rule(
    "qt-case-limit-missing",
    Severity.ERROR,
    "Trường hợp “{name}” chưa có tổng thời hạn giải quyết. Thêm qt:limit vào qt:case.",
    "The case '{name}' has no total limit. Add a qt:limit to the qt:case.",
)
PART = Rule(
    "qt-part-missing",
    Severity.WARNING,
    "Quy trình chưa nêu {part} (NĐ 63/2010/NĐ-CP, Điều 8). Thêm {tag}.",
    "The procedure does not state {part} (NĐ 63/2010/NĐ-CP, art. 8). Add {tag}.",
)
PART_TWICE = Rule(
    "qt-part-duplicate",
    Severity.WARNING,
    "Quy trình nêu phần “{kind}” nhiều lần. Gộp thành một qt:part.",
    "The procedure states the part '{kind}' more than once. Merge it into one qt:part.",
)
RULES = (NO_CASE, CASE_TWICE, NO_LIMIT, PART, PART_TWICE)

_PART_WORDS = {
    "sequence": Words("trình tự thực hiện", "the sequence"),
    "manner": Words("cách thức thực hiện", "the manner"),
    "subjects": Words("đối tượng thực hiện", "the subjects"),
    "agency": Words("cơ quan giải quyết", "the agency"),
}
"""The parts that every procedure has; name, dossier and limit are stated elsewhere in the file.

The result is stated by the ends; form, conditions and fee "if any" (art. 8.2).
"""


def judge_publication(procedure: Procedure) -> Iterator[Finding]:
    """Findings about what the procedure as a whole must state before it is published."""
    element = procedure.process_id or None
    if not procedure.cases:
        yield NO_CASE.at(element)
    for code, count in Counter(case.code for case in procedure.cases).items():
        if count > 1:
            yield CASE_TWICE.at(element, code=code)
    for case in procedure.cases:
        if case.limit is None:
            yield NO_LIMIT.at(element, name=case.name)
    kinds = Counter(kind for kind, text in procedure.parts if text)
    for kind in PARTS:
        if kinds[kind] > 1:
            yield PART_TWICE.at(element, kind=kind)
    if procedure.kind is ProcedureKind.PUBLIC:
        yield from _parts(procedure, set(kinds), element)


def _parts(procedure: Procedure, kinds: set[str], element: str | None) -> Iterator[Finding]:
    for kind, words in _PART_WORDS.items():
        if kind not in kinds:
            yield PART.at(element, part=words, tag=f'qt:part kind="{kind}"')
    if not procedure.components:
        dossier = Words("thành phần, số lượng hồ sơ", "the dossier's components")
        yield PART.at(element, part=dossier, tag="qt:component")
    if "result" not in kinds and not procedure.outcomes:
        result = Words("kết quả thực hiện", "the result")
        yield PART.at(element, part=result, tag='qt:part kind="result"')
