"""The commands by name; a command's module is read when it is asked for.

Why: the modules of all commands together take seconds to read, a check of one file a fraction.
"""

import importlib
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

import typer
from typer.core import TyperGroup

_MODULES: Mapping[str, str] = {  # name -> module and what it holds, in the order of the help
    "serve": "serve:serve",
    "worker": "serve:worker",
    "migrate": "migrate:migrate",
    "move": "move:move",
    "check": "check:check",
    "import": "import_file:import_files",
    "rehearse": "rehearse:rehearse",
    "analyse": "analyse:analyse",
    "export-log": "export_log:export_log",
    "export-facts": "export_facts:export_facts",
    "convert-log": "convert_log:convert_log",
    "what-if": "what_if:play_what_if",
    "lake": "lake:lake",
    "verify": "verify:verify",
    "stuck": "stuck:stuck",
    "documents": "documents:documents",
    "signature": "signature:signature",
    "export": "package:export_package",
    "retention": "retention:retention",
    "verify-package": "package:verify_package",
    "webhook": "post:webhook",
    "outbox": "post:outbox",
    "calendar": "calendar:calendar",
    "reminders": "reminders:reminders",
    "form": "form:form",
    "register": "register:register",
    "report": "report:report",
    "officer": "officer:officer",
    "demo": "demo:demo",
    "trial-sign": "trial_sign:trial_sign",
}


class _Commands(MutableMapping[str, Any]):
    """Looks like the dictionary of a group; its commands are made when they are taken out."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = _command(name, _MODULES[name])
        return self._made[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._made[name] = command

    def __delitem__(self, name: str) -> None:
        del self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in _MODULES

    def __iter__(self) -> Iterator[str]:
        return iter(_MODULES)

    def __len__(self) -> int:
        return len(_MODULES)


class CommandsOnDemand(TyperGroup):
    """The group of all commands of `quytrinh`."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _Commands()

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - as the library calls it
        return list(_MODULES)


def _command(name: str, place: str) -> Any:
    module, _, held = place.partition(":")
    found = getattr(importlib.import_module(f"api.cli.{module}"), held)
    if isinstance(found, typer.Typer):
        made: Any = typer.main.get_group(found)
    else:
        alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        alone.command(name)(found)
        made = typer.main.get_command(alone)
    made.name = name
    return made
