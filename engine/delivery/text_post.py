"""One letter of the outbox given to an HTTP gateway that sends it as SMS or by Zalo.

Gateways differ in address, headers and body: each is a template of the settings. {to}, {text},
{id} and {secret} stand for what is sent; in the address they are escaped for addresses, in a JSON
body for JSON.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote, urlsplit

import orjson

from engine.delivery.address import InvalidAddress, place_of, reachable
from engine.delivery.deliverer import Letter, NeverDelivered
from engine.delivery.webhook_post import post_over_http

_JSON = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Gateway:
    """How a gateway wants to be spoken to. secret: of this office at the gateway."""

    address: str
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)
    secret: str = ""

    def __repr__(self) -> str:
        return f"Gateway({urlsplit(self.address).hostname})"  # its address may hold the secret


@dataclass(frozen=True)
class TextPost:
    """Delivers letters of the kind `text`. private: as of webhooks."""

    gateway: Gateway
    private: bool = False

    def __call__(self, letter: Letter, at: datetime) -> str:
        """Post it; the status and the beginning of the answer. Errors: NotDelivered."""
        body = orjson.loads(letter.body)
        if at > datetime.fromisoformat(body["good_until"]):
            raise NeverDelivered("it says nothing new any more")
        values = {
            "to": letter.destination,
            "text": body["text"],
            "id": str(letter.letter_id),
            "secret": self.gateway.secret,
        }
        headers = {
            "Content-Type": _JSON,
            "User-Agent": "quytrinh",
            "Connection": "close",
            **{name: _filled(each, values) for name, each in self.gateway.headers.items()},
        }
        inside = {name: _inside_json(each) for name, each in values.items()}
        escaped = inside if "json" in headers["Content-Type"] else _for_address(values)
        said = _filled(self.gateway.body, escaped)
        try:
            place = place_of(_filled(self.gateway.address, _for_address(values)))
        except InvalidAddress:
            raise NeverDelivered("the gateway's address cannot be used") from None
        ip = reachable(place, private=self.private)
        return post_over_http(place, ip, said.encode(), headers)


def _for_address(values: Mapping[str, str]) -> dict[str, str]:
    return {name: quote(each, safe="") for name, each in values.items()}


def _inside_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _filled(template: str, values: Mapping[str, str]) -> str:
    """The template with every {name} replaced once: what stands in a value is not looked at."""
    parts = template.split("{")
    filled = [parts[0]]
    for part in parts[1:]:
        name, closed, rest = part.partition("}")
        known = closed and name in values
        filled.append(values[name] + rest if known else "{" + part)
    return "".join(filled)
