"""The citizens' way in: whence they ask, and few secrets checked at once, so that staff never wait.

Checking a secret is slow on purpose. Whoever asks for many at once gets no more of this machine
than its share; the rest is told to come again in a moment.
"""

import ipaddress
import threading

from fastapi import Request

from api.identity import office_of, settings_of
from engine.lookup.letters import PAGE
from engine.lookup.looking import Opened, look_up
from processes.errors import NotAllowed

_AT_ONCE = 2  # each takes 16 MiB and a core for a moment
_WAITING = 8
_NETWORK = 64  # bits of an IPv6 address that one subscriber has


class LookupsBusy(NotAllowed):
    """So many look up at once that another would have to wait too long."""

    code = "lookup.busy"
    vi = "Đang có quá nhiều lượt tra cứu cùng lúc. Chờ vài giây rồi thử lại."
    en = "Too many people look up at once. Wait a few seconds and try again."


class LookupGate:
    """Lets few secrets be checked at once, and few people wait for it (LookupsBusy)."""

    def __init__(self, at_once: int = _AT_ONCE, waiting: int = _WAITING) -> None:
        self._turns = threading.BoundedSemaphore(at_once)
        self._places = threading.BoundedSemaphore(at_once + waiting)

    def look_up(self, request: Request, code: str, secret: str) -> Opened:
        """The dossier of a code and a secret. Errors: those of `engine.lookup.looking.look_up`."""
        if not self._places.acquire(blocking=False):
            raise LookupsBusy
        try:
            with self._turns:
                return look_up(office_of(request), code, secret, address_of(request))
        finally:
            self._places.release()


def look_up_for(request: Request, code: str, secret: str) -> Opened:
    """The dossier of a code and a secret, through the application's one gate."""
    gate: LookupGate = request.app.state.lookup_gate
    return gate.look_up(request, code, secret)


def address_of(request: Request) -> str:
    """Whence a request comes, as its tries are counted: of IPv6 the subscriber's network."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, _NETWORK), strict=False))


def slip_address(request: Request, code: str, secret: str = "") -> str:
    """What the QR of a slip says: the page's address, or the code where none is configured.

    The secret stands behind `#`: browsers keep that part to themselves.
    """
    site = settings_of(request).public_address
    if not site:
        return code
    page = f"{site}{PAGE}?ma={code}"
    return f"{page}#{secret}" if secret else page
