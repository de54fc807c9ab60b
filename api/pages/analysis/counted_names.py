"""What a list behind a number is narrowed to, in the office's words."""

from collections.abc import Iterator

from analysis.comparison.ways import way_marked
from analysis.counted.question import NOBODYS, Question
from analysis.facts.facts import Facts
from analysis.source import position_names, unit_names
from api.pages.analysis.cause_words import CAUSE_WORDS
from api.pages.visit import Visit
from engine.procedure_version import versions_of
from engine.procedures import by_code

_HOUR_WS = 3600
_DAY_WS = 8 * _HOUR_WS


def names_of(seen: Visit, facts: Facts, question: Question) -> list[str]:
    """The names, in the order in which people say them (NoSuchProcedure where there is none)."""
    return [name for name in _names(seen, facts, question) if name]


def _names(seen: Visit, facts: Facts, question: Question) -> Iterator[str]:
    if question.procedure_code:
        yield from _of_procedure(seen, question)
    if question.element_id:
        yield _step(facts, question.element_id)
    if question.unit or question.position:
        yield from _of_people(seen, question)
    if question.component:
        yield _component(facts, question.component)
    if question.cause:
        yield _cause(seen, question.cause)
    if question.sent_from:
        yield seen.t("trả lại từ ", "sent back from ") + _step(facts, question.sent_from)
    if question.way:
        yield " → ".join(_step(facts, step) for step in way_marked(facts, question.way))
    if question.within_ws is not None:
        yield _within(seen, question.within_ws)


def _of_procedure(seen: Visit, question: Question) -> Iterator[str]:
    with seen.office.database.read() as connection:
        procedure = by_code(connection, seen.actor, question.procedure_code)
        yield procedure.name
        if not question.version_id:
            return
        known = versions_of(connection, seen.actor, procedure.procedure_id)
    number = next((v.number for v in known if str(v.version_id) == question.version_id), None)
    told = question.version_id if number is None else number
    yield seen.t(f"phiên bản {told}", f"version {told}")


def _of_people(seen: Visit, question: Question) -> Iterator[str]:
    with seen.office.database.read() as connection:
        agency_id = seen.actor.agency_id
        units = {u.code: u.name for u in connection.execute(unit_names(agency_id))}
        positions = {p.code: p.name for p in connection.execute(position_names(agency_id))}
    nobody = seen.t("không thuộc đơn vị cố định", "no fixed unit")
    unit, position = question.unit, question.position
    yield nobody if unit == NOBODYS else units.get(unit, unit)
    yield "" if position == NOBODYS else positions.get(position, position)


def _step(facts: Facts, element_id: str) -> str:
    sql = "select max(name) as name from step_interval where element_id = $step"
    return facts.rows(sql, step=element_id)[0]["name"] or element_id


def _component(facts: Facts, code: str) -> str:
    sql = """
        select max(name) as name from (
            select name from missing_component where component = $code
            union all select name from required_component where component = $code
        )
    """
    return facts.rows(sql, code=code)[0]["name"] or code


def _cause(seen: Visit, cause: str) -> str:
    words = {each.value: said for each, said in CAUSE_WORDS.items()}
    return seen.t(*words.get(cause, (cause, cause)))


def _within(seen: Visit, within_ws: int) -> str:
    """Up to a length of working time, in days where it is one at least."""
    days, hours = within_ws / _DAY_WS, within_ws / _HOUR_WS
    number = f"{days if days >= 1 else hours:.2f}".rstrip("0").rstrip(".")
    vi = "ngày" if days >= 1 else "giờ"
    en = "days" if days >= 1 else "hours"
    told = number.replace(".", ",")
    return seen.t(f"mốc {told} {vi} làm việc", f"mark of {number} working {en}")
