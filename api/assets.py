"""Addresses of the built web files (api/web/dist), read once from the manifest of the build.

The names carry a hash of the content, so they may be kept for ever by browsers. Without a build the
product still runs: the pages stand bare, and say that the web files are not built.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DIST = Path(__file__).parent / "web" / "dist"
PREFIX = "/static"
FOREVER = "public, max-age=31536000, immutable"


class UnknownAsset(LookupError):
    """A template asks for an entry that the build does not make: a fault of ours, not of people."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One entry of the bundle: its script, its style sheet, the chunks that the script imports."""

    js: str | None = None
    css: str | None = None
    imports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assets:
    """What templates call: `asset("viewer").js`."""

    entries: Mapping[str, Asset] = field(default_factory=dict)

    @property
    def built(self) -> bool:
        return bool(self.entries)

    def __call__(self, name: str) -> Asset:
        if not self.built:
            return Asset()
        if name not in self.entries:
            raise UnknownAsset(f"no entry {name!r} among {sorted(self.entries)}")
        return self.entries[name]


def read_assets(folder: Path = DIST) -> Assets:
    """The assets of a finished build; none where there is no build."""
    manifest = folder / "manifest.json"
    if not manifest.is_file():
        return Assets()
    entries = json.loads(manifest.read_text(encoding="utf-8"))
    return Assets({name: _asset(entry) for name, entry in entries.items()})


def _asset(entry: Mapping[str, Any]) -> Asset:
    return Asset(
        js=f"{PREFIX}/{entry['js']}",
        css=f"{PREFIX}/{entry['css']}" if entry["css"] else None,
        imports=tuple(f"{PREFIX}/{name}" for name in entry["imports"]),
    )
