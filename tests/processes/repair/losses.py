"""What a repaired file no longer says and no repair speaks of: an independent look at both files."""

from collections import defaultdict
from collections.abc import Iterable

from lxml import etree
from lxml.etree import _Element as Element

from processes.repair import Repair

MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
OURS = ("omg.org", "urn:vn:quy-trinh", "XMLSchema")
PROCESS = (f"{MODEL}process", f"{MODEL}definitions")

Fact = tuple[str, ...]
Speakers = list[str]
"""Ids and names of the element that states a fact and of what is around it, less the process."""


def losses(before: bytes, after: bytes, made: Iterable[Repair]) -> list[Fact]:
    """Facts that are gone although no repair names what stated them.

    Extensions of other tools may not go at all, whatever a repair says; an attribute may be said
    once where it was said twice.
    """
    texts = [text for r in made for text in (r.element or "", r.before, r.after, r.vi)]
    said_after = facts(after)
    lost = []
    for fact, speakers in facts(before).items():
        gone = len(speakers) - len(said_after.get(fact, ()))
        if gone <= 0 or (fact[0] == "attribute" and fact in said_after):
            continue
        words = [[*own, fact[1]] if fact[0] == "condition" else own for own in speakers]
        spoken_of = sum(any(word in text for word in own for text in texts) for own in words)
        if spoken_of < gone:
            lost.append(fact)
    return lost


def facts(data: bytes) -> dict[Fact, list[Speakers]]:
    """Everything that the file states, with those that state it."""
    found: dict[Fact, list[Speakers]] = defaultdict(list)
    for element in etree.fromstring(data).iter("{*}*"):
        if str(element.tag).startswith(MODEL):
            for fact in model_facts(element):
                found[fact].append(speakers(element, fact))
            for name, value in element.attrib.items():
                if name.startswith("{") and not any(own in name for own in OURS):
                    found["attribute", name, value].append([])
        elif not any(own in str(element.tag) for own in OURS):
            stated = sorted(f"{name}={value}" for name, value in element.attrib.items())
            found["extension", str(element.tag), *stated, one_line(element.text)].append([])
    return found


def model_facts(element: Element) -> Iterable[Fact]:
    text = one_line("".join(element.itertext()))
    condition = element.tag == f"{MODEL}conditionExpression"
    if element.get("id") and not (condition and not text):
        yield "id", element.get("id", "")
    if one_line(element.get("name")):
        yield "name", one_line(element.get("name"))
    if condition and text:
        yield "condition", text
    if element.tag == f"{MODEL}documentation" and text:
        yield "documentation", text
    if element.tag == f"{MODEL}flowNodeRef" and (lane := element.getparent()) is not None:
        yield "lane", lane.get("id", ""), text


def speakers(element: Element, fact: Fact) -> Speakers:
    around = [a for a in element.iterancestors() if a.tag not in PROCESS]
    if fact[0] == "lane":
        return [fact[1], fact[2]]
    names = (name for a in (element, *around) for name in (a.get("id"), one_line(a.get("name"))))
    return [name for name in names if name]


def one_line(text: str | None) -> str:
    return " ".join((text or "").split())
