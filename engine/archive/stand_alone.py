"""Verifies a dossier's package with nothing but Python 3.8 or newer.

    python3 verify.py PACKAGE.zip [--roots PUBLISHED.json]

It says what it checked, and ends with 0 only if everything holds. The same checks can be made by
hand with sha256sum: README.txt says how. This file is part of every package and needs no other.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import uuid
import zipfile
from typing import Any

CHUNK = 1 << 20
MOST_ENTRIES = 20_000
MOST_TEXT_BYTES = 200_000_000
UNREADABLE = (zipfile.BadZipFile, OSError, LookupError, ValueError, TypeError, RuntimeError)


class Package:
    """An open package: its files, and what is wrong with it so far."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.problems: list[str] = []
        self.said: list[str] = []
        names = archive.namelist()
        self.folder = names[0].split("/", 1)[0] if names else ""
        self.names = [name[len(self.folder) + 1 :] for name in names]
        inside = all(name.startswith(self.folder + "/") for name in names)
        safe = not any(".." in name.split("/") or "\\" in name for name in names)
        if not names or len(names) > MOST_ENTRIES or not inside or not safe:
            self.problems.append("the archive is not one folder of plain names")
        if len(set(names)) != len(names):
            self.problems.append("a file is in the archive twice")

    def sha256(self, name: str) -> str:
        total = hashlib.sha256()
        with self.archive.open(self.folder + "/" + name) as file:
            for chunk in iter(lambda: file.read(CHUNK), b""):
                total.update(chunk)
        return total.hexdigest()

    def text(self, name: str) -> str:
        with self.archive.open(self.folder + "/" + name) as file:
            data = file.read(MOST_TEXT_BYTES + 1)
        if len(data) > MOST_TEXT_BYTES:
            raise ValueError(name + " is too large")
        return data.decode("utf-8")

    def check(self, what: str, holds: bool) -> bool:
        (self.said if holds else self.problems).append(what)
        return holds


def check_manifest(package: Package, manifest: str, wanted: list[str]) -> None:
    """Every file is listed with its hash, and nothing else is listed."""
    listed = {}
    for line in package.text(manifest).splitlines():
        digest, _, name = line.partition("  ")
        listed[name.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")] = digest
    package.check(f"{manifest} lists every file and no other", set(listed) == set(wanted))
    wrong = [name for name in wanted if listed.get(name) != package.sha256(name)]
    for name in wrong:
        package.problems.append(f"{name} is not what {manifest} says")
    package.check(f"{len(wanted) - len(wrong)} files are as {manifest} says", not wrong)


def check_journal(package: Package, dossier_id: str) -> tuple[list[bytes], list[str]]:
    """Each line is sealed to the one before: hash = SHA-256(hash before || line)."""
    head = hashlib.sha256(uuid.UUID(dossier_id).bytes).digest()
    heads: list[bytes] = []
    texts: list[str] = []
    for number, line in enumerate(package.text("data/journal.jsonl").splitlines(), 1):
        event = json.loads(line)
        if event["seq"] != number:
            package.problems.append(f"event {number} of the journal is missing")
            break
        head = hashlib.sha256(head + line.encode("utf-8")).digest()
        heads.append(head)
        texts.append(event["body"])
    return heads, texts


def check_proof(
    package: Package, proof: dict[str, Any], dossier_id: str, heads: list[bytes]
) -> None:
    """The journal's end is what was stated, and stands in the root of a day."""
    ends = bool(heads) and heads[-1].hex() == proof["head"] and len(heads) == proof["events"]
    package.check(f"the chain of {len(heads)} events ends as stated", ends)
    day = proof["day"]
    if day is None:
        package.said.append("no day's root is final yet that stands for it (see README.txt)")
        return
    seq = day["events"]
    head = heads[seq - 1] if 0 < seq <= len(heads) else b""
    leaf = uuid.UUID(dossier_id).bytes + seq.to_bytes(8, "big") + head
    root = hashlib.sha256(b"\x00" + leaf).digest()
    for side, other in day["path"]:
        pair = (bytes.fromhex(other), root) if side == "left" else (root, bytes.fromhex(other))
        root = hashlib.sha256(b"\x01" + pair[0] + pair[1]).digest()
    stated = re.search(r" sha256=([0-9a-f]{64})$", day["line"])
    package.check(
        f"events 1 to {seq} are in the root of {day['day']}",
        stated is not None and stated.group(1) == root.hex(),
    )


def check_published(package: Package, proof: dict[str, Any], published: dict[str, Any]) -> None:
    """The root of the day is the one that was published."""
    day = proof["day"]
    if day is None or published.get("day") != day["day"]:
        package.problems.append("the published file is not of the day in journal-proof.json")
        return
    lines = [each.get("line") for each in published.get("agencies", [])]
    package.check(f"the root of {day['day']} is the published one", day["line"] in lines)


def check_documents(package: Package, dossier: dict[str, Any], texts: list[str]) -> None:
    """Every document is the one whose hash stands in the journal."""
    known = "\n".join(texts)
    for each in dossier["documents"]:
        if each["path"] is not None:
            listed = each["sha256"] in known
            own = each["path"] in package.names and package.sha256(each["path"]) == each["sha256"]
            package.check(f"{each['path']} is the one in the journal", listed and own)
    for each in dossier["forms"]:
        own = each["path"] in package.names and package.sha256(each["path"]) == each["sha256"]
        package.check(f"{each['path']} is the one that was issued", own)


def check_entries(package: Package, dossier: dict[str, Any], texts: list[str]) -> None:
    """Who applied and what was entered is what the journal sealed."""
    for each in dossier["entries"]:
        body = json.loads(texts[each["event"] - 1])
        if not each["sealed"] and each["what"] + "_sha256" not in body:
            continue  # older than the seals: nothing vouches for it
        said = hashlib.sha256(each["text"].encode("utf-8")).hexdigest()
        package.check(
            f"the {each['what']} of event {each['event']} is as it was sealed",
            body.get(each["what"] + "_sha256") == said,
        )


def verify(path: Any, published: dict[str, Any] | None = None) -> tuple[list[str], list[str]]:
    """(what holds, what does not) of a package; published: the content of a file of roots."""
    try:
        with zipfile.ZipFile(path) as archive:
            package = Package(archive)
            if not package.problems:
                check_all(package, published)
            return package.said, package.problems
    except UNREADABLE as error:
        return [], [f"the package cannot be read: {type(error).__name__}: {error}"]


def check_all(package: Package, published: dict[str, Any] | None) -> None:
    """All checks of one package."""
    data = [name for name in package.names if name.startswith("data/")]
    tags = [n for n in package.names if not n.startswith("data/") and n != "tagmanifest-sha256.txt"]
    check_manifest(package, "manifest-sha256.txt", data)
    check_manifest(package, "tagmanifest-sha256.txt", tags)
    dossier = json.loads(package.text("data/dossier.json"))
    proof = json.loads(package.text("data/journal-proof.json"))
    heads, texts = check_journal(package, dossier["dossier_id"])
    check_proof(package, proof, dossier["dossier_id"], heads)
    check_documents(package, dossier, texts)
    check_entries(package, dossier, texts)
    if published is not None:
        check_published(package, proof, published)


def main() -> int:
    """Verify the package named on the command line."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("package")
    asked.add_argument(
        "--roots", help="a published file of roots, of the day that README.txt names"
    )
    given = asked.parse_args()
    published = None
    if given.roots:
        with open(given.roots, encoding="utf-8") as file:  # noqa: PTH123
            published = json.load(file)
    said, problems = verify(given.package, published)
    for line in said:
        print("ok   ", line)  # noqa: T201
    for line in problems:
        print("WRONG", line)  # noqa: T201
    print("The package holds." if not problems else "The package does NOT hold.")  # noqa: T201
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
