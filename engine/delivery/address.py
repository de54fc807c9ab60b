"""Where a letter may be sent: no address of the office's own network unless that is allowed.

A name is resolved once and the connection made to the very address that was looked at, so that a
name cannot mean another machine a moment later.
"""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from engine.delivery.deliverer import NotDelivered
from processes.errors import InvalidInput

_PORTS = {"http": 80, "https": 443}
_LONGEST = 2000


class InvalidAddress(InvalidInput):
    """Only http and https, with a host, without a login in the address."""

    code = "webhook.invalid_address"
    vi = "Địa chỉ nhận “{address}” không dùng được. Ghi dạng https://máy-chủ/đường-dẫn."
    en = "The address '{address}' cannot be used. Write it as https://host/path."


@dataclass(frozen=True, slots=True)
class Place:
    """An address taken apart. path: with its query."""

    secure: bool
    host: str
    port: int
    path: str


def place_of(address: str) -> Place:
    """The address taken apart (InvalidAddress)."""
    try:
        parts = urlsplit(address)
        port = parts.port or _PORTS[parts.scheme]
        host = (parts.hostname or "").encode("idna").decode()
    except (ValueError, KeyError):
        raise InvalidAddress(address=address[:200]) from None
    plain = address.isascii() and address.isprintable() and " " not in address
    if not host or parts.username or parts.password or len(address) > _LONGEST or not plain:
        raise InvalidAddress(address=address[:200])
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(parts.scheme == "https", host, port, path)


def reachable(place: Place, *, private: bool) -> str:
    """The IP address to connect to; NotDelivered where there is none, or it may not be used.

    private: whether addresses of private networks and of this machine are allowed.
    """
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotDelivered(f"the host {place.host} is not known: {error}") from error
    addresses = [str(each[4][0]) for each in found]
    allowed = [each for each in addresses if private or is_public(each)]
    if not allowed or len(allowed) < len(addresses):
        raise NotDelivered(f"{place.host} leads into a private network, which is not allowed")
    return allowed[0]


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, also where it holds another one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip.is_site_local:
            return False
    elif ip in _PROTOCOLS:
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


_PROTOCOLS = ipaddress.IPv4Network("192.0.0.0/24")  # RFC 6890; clouds keep their own data there
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
