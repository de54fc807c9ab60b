"""What a draft changes against the version in force, in sentences a designer can sign."""

from collections.abc import Iterator, Mapping

from api.pages.visit import Visit
from processes.component import Component
from processes.procedure import Procedure
from processes.step import StepSpec
from processes.time_limit import TimeLimit


def changes(seen: Visit, before: Procedure, after: Procedure) -> list[str]:
    """Limits, steps, positions and components that differ; texts and drawing are not compared."""
    return [
        *_case_changes(seen, before, after),
        *_step_changes(seen, before, after),
        *_component_changes(seen, before, after),
    ]


def _case_changes(seen: Visit, before: Procedure, after: Procedure) -> Iterator[str]:
    limits = {case.code: case.limit for case in before.cases}
    for case in after.cases:
        if case.code not in limits:
            yield seen.t(f"Thêm trường hợp “{case.name}”", f"New case '{case.name}'")
        elif limits[case.code] != case.limit:
            yield f"{case.name}: {_from_to(seen, limits[case.code], case.limit)}"
    kept = {case.code for case in after.cases}
    for case in before.cases:
        if case.code not in kept:
            yield seen.t(f"Bỏ trường hợp “{case.name}”", f"Case '{case.name}' is gone")


def _step_changes(seen: Visit, before: Procedure, after: Procedure) -> Iterator[str]:
    for step in after.steps:
        known = before.step(step.element_id)
        if known is None:
            yield seen.t(f"Thêm bước “{step.name}”", f"New step '{step.name}'")
        else:
            yield from _one_step(seen, known, step, before, after)
    for step in before.steps:
        if after.step(step.element_id) is None:
            yield seen.t(f"Bỏ bước “{step.name}”", f"Step '{step.name}' is gone")


def _one_step(
    seen: Visit, was: StepSpec, now: StepSpec, before: Procedure, after: Procedure
) -> Iterator[str]:
    if was.name != now.name:
        yield seen.t(f"Bước “{was.name}” đổi tên “{now.name}”", f"'{was.name}' is now '{now.name}'")
    for case in dict.fromkeys((*was.limits, *now.limits)):
        if was.limits.get(case) != now.limits.get(case):
            named = after.case(case)
            which = f"{now.name} ({named.name})" if named else now.name
            yield f"{which}: {_from_to(seen, was.limits.get(case), now.limits.get(case))}"
    owners = [each.assignment.name if each.assignment else "–" for each in (was, now)]
    if owners[0] != owners[1]:
        yield f"{now.name}: {owners[0]} → {owners[1]}"
    for code in now.requires:
        if code not in was.requires:
            name = _name(after, code)
            yield seen.t(f"{now.name}: thêm bắt buộc “{name}”", f"{now.name}: now needs '{name}'")
    for code in was.requires:
        if code not in now.requires:
            name = _name(before, code)
            yield seen.t(f"{now.name}: thôi bắt buộc “{name}”", f"{now.name}: '{name}' not needed")


def _component_changes(seen: Visit, before: Procedure, after: Procedure) -> Iterator[str]:
    were, are = _by_code(before), _by_code(after)
    for code, component in are.items():
        if code not in were:
            yield seen.t(f"Thêm thành phần “{component.name}”", f"New component '{component.name}'")
        elif were[code] != component:
            yield seen.t(f"Sửa thành phần “{component.name}”", f"'{component.name}' is changed")
    for code, component in were.items():
        if code not in are:
            yield seen.t(f"Bỏ thành phần “{component.name}”", f"'{component.name}' is gone")


def _by_code(procedure: Procedure) -> Mapping[str, Component]:
    return {component.code: component for component in procedure.components}


def _name(procedure: Procedure, code: str) -> str:
    component = procedure.component(code)
    return component.name if component else code


def _from_to(seen: Visit, was: TimeLimit | None, now: TimeLimit | None) -> str:
    none = seen.t("không có thời hạn", "no limit")
    return " → ".join(limit.format(seen.language) if limit else none for limit in (was, now))
