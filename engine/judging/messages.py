"""What a judge is asked and answers, as bytes: a length, then plain values of ours.

The answer comes from a process that has touched a stranger's bytes, so only values are built from
it: classes of `processes` and a few of the standard library, no functions, bounded in size.
"""

import io
import pickle
import struct
from dataclasses import dataclass
from typing import IO, Any

_LENGTH = struct.Struct(">Q")
MOST_BYTES = 64 * 1024 * 1024
_PLAIN = {
    "builtins": {"set", "frozenset", "complex", "bytearray", "slice"},
    "collections": {"OrderedDict", "defaultdict", "deque"},
    "datetime": {"date", "datetime", "time", "timedelta", "timezone"},
    "decimal": {"Decimal"},
    "fractions": {"Fraction"},
    "zoneinfo": {"ZoneInfo"},
}


class Cut(Exception):
    """The other side is gone, or sent what it may not send."""


@dataclass(frozen=True, slots=True)
class Job:
    """A name in `engine.judging.child.JOBS`, what its function is given, and its time at work."""

    name: str
    arguments: tuple[Any, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Answer:
    """kind: done | refused (value: error class and facts) | memory | failed (value: traceback)."""

    kind: str
    value: Any = None


def send(stream: IO[bytes], message: Any) -> None:
    """Write one message whole."""
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """The next message; Cut where there is none, or none that may be built."""
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    if length > MOST_BYTES:
        raise Cut(f"{length} bytes")
    try:
        return _Values(io.BytesIO(_exactly(stream, length))).load()
    except (pickle.UnpicklingError, AttributeError, ImportError, EOFError, IndexError) as error:
        raise Cut(str(error)) from error


def _exactly(stream: IO[bytes], length: int) -> bytes:
    data = stream.read(length)
    if len(data) < length:
        raise Cut("ended")
    return data


class _Values(pickle.Unpickler):
    """Builds values of ours only."""

    def find_class(self, module: str, name: str) -> Any:
        of_ours = module.split(".", maxsplit=1)[0] == "processes" or module == __name__
        if "." in name or not (of_ours or name in _PLAIN.get(module, ())):
            raise pickle.UnpicklingError(f"{module}.{name}")
        found = super().find_class(module, name)
        if not isinstance(found, type):
            raise pickle.UnpicklingError(f"{module}.{name}")
        return found
