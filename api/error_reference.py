"""docs/reference/errors.md, written from the errors themselves: `python -m api.error_reference`."""

import importlib
import pkgutil
import sys
from collections.abc import Iterator

from api.errors import status_of_kind
from processes.errors import RuleError

_ROOMS = ("processes", "engine", "analysis", "api")
_HEAD = """# Errors

Written by `python -m api.error_reference > docs/reference/errors.md`; a test compares both.

Every answer of the API that is not a success has this body. `code` is stable and for programs,
`vi` and `en` are for people, `facts` is what the sentences are filled with (named in `{braces}`
below); `fields` is there for `request.invalid` only and names each wrong field of the request.

```json
{"error": {"code": "procedure.not_in_force",
           "vi": "Quy trình KN-01 chưa ban hành nên chưa tiếp nhận được hồ sơ.",
           "en": "Procedure KN-01 is not in force, so no dossier can be received.",
           "facts": {"code": "KN-01"}}}
```

| status | family | who mends it |
|---|---|---|
| 400 | the request cannot be read | the sender |
| 401 | not logged in | log in again |
| 403 | `NotAllowed`: this person may not | someone entitled |
| 404 | `NotFound`: nothing by that name is visible to this person | check the name |
| 409 | `Conflict`: the state has moved on | look again |
| 413, 415 | the body is too large, or of a kind not taken | the sender |
| 422 | `InvalidInput`: what was given cannot be used | the sender |
| 422 | `Unmet`: a condition is not fulfilled yet | fulfil it |
| 429 | too many logins | wait (`Retry-After`) |
| 500, 503 | unforeseen; database or server not available | the operator (see `facts.id`) |

The command line prints `vi` and `en` on the error output and exits with 2.

| code | status | Tiếng Việt | English |
|---|---|---|---|
"""


def errors() -> tuple[type[RuleError], ...]:
    """Every error of the product, by code."""
    for room in _ROOMS:
        package = importlib.import_module(room)
        for found in pkgutil.walk_packages(package.__path__, f"{room}."):
            if "__main__" not in found.name and ".migrations." not in found.name:
                importlib.import_module(found.name)
    known: set[type[RuleError]] = {RuleError, *_below(RuleError)}
    own = (error for error in known if error.__module__.split(".")[0] in _ROOMS)
    return tuple(sorted(own, key=lambda error: error.code))


def reference() -> str:
    """The page."""
    rows = (
        f"| `{error.code}` | {int(status_of_kind(error))} | {_cell(error.vi)} | {_cell(error.en)} |"
        for error in errors()
    )
    return _HEAD + "\n".join(rows) + "\n"


def _below(parent: type[RuleError]) -> Iterator[type[RuleError]]:
    for child in parent.__subclasses__():
        yield child
        yield from _below(child)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    sys.stdout.write(reference())
