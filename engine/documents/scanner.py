r"""The virus scanner: clamd over its INSTREAM command; what it cannot pass does not count.

Protocol (clamd(8)): `zINSTREAM\0`, then chunks, each after its length in four bytes, most
significant first, ended by a length of nought; the answer is `stream: OK`, `stream: NAME FOUND` or
an error, ended by a NUL. The file goes over the wire: clamd needs no right to read our folder.
"""

import socket
import struct
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from processes.errors import InvalidInput

_CHUNK = 1 << 17
_LENGTH = struct.Struct("!I")
_LONGEST_ANSWER = 4096
_SECONDS = 60.0


class InfectedFile(InvalidInput):
    """The virus scanner knows what is in it."""

    code = "document.infected"
    vi = "Tệp “{name}” có mã độc ({virus}) nên không nhận. Không mở tệp này; báo người quản trị."
    en = "'{name}' carries malware ({virus}). Do not open it; tell the administrator."


class ScannerSilent(Exception):
    """The scanner gave no verdict: not there, too slow, or refused the file's size."""


class Scanner(Protocol):
    """Looks for viruses in what is streamed to it."""

    def scan(self, stream: BinaryIO) -> str | None:
        """The virus's name, None where there is none (ScannerSilent)."""


@dataclass(frozen=True, slots=True)
class Clamd:
    """clamd at "host:port" or at a socket's path; `seconds`: of silence until it counts as gone."""

    address: str
    seconds: float = _SECONDS

    def scan(self, stream: BinaryIO) -> str | None:
        try:
            with self._connected() as line:
                return _verdict(self._asked(line, stream))
        except OSError as error:
            raise ScannerSilent(str(error)) from error

    def _connected(self) -> socket.socket:
        host, _, port = self.address.rpartition(":")
        if "/" not in self.address and port.isdecimal():
            return socket.create_connection((host.strip("[]"), int(port)), self.seconds)
        line = socket.socket(socket.AF_UNIX)
        try:
            line.settimeout(self.seconds)
            line.connect(self.address)
        except BaseException:
            line.close()
            raise
        return line

    def _asked(self, line: socket.socket, stream: BinaryIO) -> bytes:
        # A file beyond its StreamMaxLength makes clamd answer and close while we still send: what
        # it said stands in the line all the same.
        with suppress(BrokenPipeError, ConnectionResetError):
            line.sendall(b"zINSTREAM\0")
            while chunk := stream.read(_CHUNK):
                line.sendall(_LENGTH.pack(len(chunk)) + chunk)
            line.sendall(_LENGTH.pack(0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
            heard = line.recv(_LONGEST_ANSWER)
            if not heard:
                break
            answer += heard
        return answer.rstrip(b"\0")


def _verdict(answer: bytes) -> str | None:
    said = answer.decode("utf-8", "replace").strip()
    if said == "stream: OK":
        return None
    if said.startswith("stream: ") and said.endswith(" FOUND"):
        return said.removeprefix("stream: ").removesuffix(" FOUND")
    raise ScannerSilent(said or "no answer")
