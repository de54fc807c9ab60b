"""Choreographies and conversations, where a file has them: who takes part in what."""

from collections.abc import Iterator

from lxml.etree import _Element as Element

from processes.finding import Finding, Severity
from processes.rule import Words
from processes.standard.constraint import Constraint
from processes.standard.model import CHOREOGRAPHY_KINDS, Model

TWO = Constraint(
    "std-choreography-task-pools",
    Severity.WARNING,
    "{node} có {count} bên tham gia; một bước biên đạo có đúng hai. Sửa các bên.",
    "{node} has {count} participants; a choreography task has exactly two. Correct them.",
    "11.5.1",
)
INITIATING = Constraint(
    "std-choreography-initiating",
    Severity.WARNING,
    "{node}: bên khởi xướng “{pool}” không phải là một bên tham gia. Chọn lại.",
    "{node}: its initiating participant '{pool}' does not take part in it. Choose again.",
    "11.5",
)
EVENT = Constraint(
    "std-choreography-event",
    Severity.WARNING,
    "{node} là sự kiện {event}, không dùng được trong biên đạo. Đổi loại sự kiện.",
    "{node} is of the kind {event}, which choreographies do not use. Change its kind.",
    "11.6",
)
PROCESS_TASK = Constraint(
    "std-choreography-process-activity",
    Severity.WARNING,
    "{node} là bước của quy trình, không được nằm trong biên đạo. Đổi thành bước biên đạo.",
    "{node} is an activity of a process, which cannot stand in a choreography. Make it a "
    "choreography task.",
    "11.5",
)
TALKERS = Constraint(
    "std-conversation-pools",
    Severity.WARNING,
    "{node} có {count} bên tham gia; hội thoại cần ít nhất hai. Thêm bên tham gia.",
    "{node} has {count} participants; a conversation needs at least two. Add participants.",
    "9.5",
)
LINK = Constraint(
    "std-conversation-link",
    Severity.WARNING,
    "{node} phải nối một bể với một hội thoại. Nối lại.",
    "{node} has to join a pool and a conversation. Connect it again.",
    "9.5",
)
RULES = (TWO, INITIATING, EVENT, PROCESS_TASK, TALKERS, LINK)

_CHOREOGRAPHIES = frozenset({"choreography", "subChoreography"})
_CONVERSATIONS = frozenset({"conversation", "subConversation", "callConversation"})
_NEVER = frozenset({"error", "escalation", "cancel"})
_PAIR = 2


def judge_choreography(model: Model) -> Iterator[Finding]:
    """Findings about choreographies and conversations (9.5, 11)."""
    for activity in model.of(*sorted(CHOREOGRAPHY_KINDS)):
        yield from _activity(model, activity)
    for choreography in model.of(*sorted(_CHOREOGRAPHIES)):
        yield from _inside(model, choreography)
    for conversation in model.of(*sorted(_CONVERSATIONS)):
        count = len(model.children(conversation, "participantRef"))
        if count < _PAIR:
            facts = {"node": model.words(conversation), "count": count}
            yield TALKERS.at(model.id_of(conversation), **facts)
    for link in model.of("conversationLink"):
        ends = [model.resolve(link.get(side, "")) for side in ("sourceRef", "targetRef")]
        kinds = [model.kind[end] for end in ends if end is not None]
        talks = sum(kind in _CONVERSATIONS for kind in kinds)
        pools = sum(kind == "participant" for kind in kinds)
        if (talks, pools) != (1, 1):
            yield LINK.at(model.id_of(link), node=model.words(link))


def _activity(model: Model, activity: Element) -> Iterator[Finding]:
    where, words = model.id_of(activity), model.words(activity)
    pools = [(ref.text or "").strip() for ref in model.children(activity, "participantRef")]
    if model.kind[activity] == "choreographyTask" and len(pools) != _PAIR:
        yield TWO.at(where, node=words, count=len(pools))
    initiating = activity.get("initiatingParticipantRef", "").strip()
    if initiating and initiating not in pools:
        yield INITIATING.at(where, node=words, pool=initiating)


def _inside(model: Model, choreography: Element) -> Iterator[Finding]:
    for child in model.children(choreography):
        kind = model.kind[child]
        words = model.words(child)
        if kind.endswith("Task") and kind != "choreographyTask":
            yield PROCESS_TASK.at(model.id_of(child), node=words)
        for event in model.event_kinds(child):
            if event in _NEVER:
                yield EVENT.at(model.id_of(child), node=words, event=Words(event, event))
