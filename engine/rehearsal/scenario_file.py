"""Scenario files as values: YAML or JSON, bounded, with nothing but plain data in them."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from processes.errors import InvalidInput

MAX_BYTES = 500_000
_MOST_EVENTS = 20_000
_DEEPEST = 40


class _Plain(yaml.SafeLoader):
    """Reads as JSON would: `No`, `on`, `12:30` and `2026-03-02` are texts, as they were meant."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 - as the library declares it


_DIGITS = [*"-+0123456789"]
for _tag, _pattern, _first in (
    ("null", r"null|~|", ["n", "~", ""]),
    ("bool", r"true|false", ["t", "f"]),
    ("int", r"[-+]?[0-9]{1,40}", _DIGITS),
    ("float", r"[-+]?[0-9]{1,40}(\.[0-9]{1,40})?([eE][-+]?[0-9]{1,3})?", _DIGITS),
):
    _Plain.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), _first
    )


class UnreadableScenarios(InvalidInput):
    """The file is no YAML or JSON that can be used."""

    code = "rehearsal.unreadable_scenarios"
    vi = "Không đọc được tệp kịch bản: {reason_vi}"
    en = "Cannot read the scenario file: {reason_en}"


def load(data: bytes) -> Mapping[str, Any]:
    """The one object of the file; dates come as text. Errors: UnreadableScenarios."""
    if len(data) > MAX_BYTES:
        raise _unreadable(f"quá {MAX_BYTES} byte", f"more than {MAX_BYTES} bytes")
    try:
        text = data.decode("utf-8-sig")
        _bound(text)
        stated = yaml.load(text, Loader=_Plain)  # noqa: S506 - a safe loader, and less
    except UnicodeDecodeError as error:
        raise _unreadable("cần bảng mã UTF-8", "UTF-8 is needed") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:300]
        raise _unreadable(reason, reason) from error
    if not isinstance(stated, Mapping):
        raise _unreadable("cần một đối tượng", "an object is needed")
    plain = _plain(stated)
    assert isinstance(plain, dict)
    return plain


def _bound(text: str) -> None:
    """Refuse what grows when it is read (aliases), and what is too much or too deep."""
    depth = 0
    for number, event in enumerate(yaml.parse(text, Loader=_Plain)):
        if isinstance(event, yaml.AliasEvent):
            raise _unreadable("không dùng bí danh (*)", "aliases (*) are not used")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if number > _MOST_EVENTS or depth > _DEEPEST:
            raise _unreadable("quá dài hoặc lồng quá sâu", "too long or nested too deep")


def _plain(stated: Any) -> Any:
    if isinstance(stated, Mapping):
        return {str(key): _plain(value) for key, value in stated.items()}
    if isinstance(stated, list | tuple | set):
        return [_plain(each) for each in stated]
    if stated is not None and not isinstance(stated, str | bool | int | float):
        raise _unreadable("chỉ dùng chữ, số, đúng/sai", "only texts, numbers, true and false")
    return stated


def _unreadable(vi: str, en: str) -> UnreadableScenarios:
    return UnreadableScenarios(reason_vi=vi, reason_en=en)
