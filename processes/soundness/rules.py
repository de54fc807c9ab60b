"""The rules of soundness, and the sentences in which a designer reads what breaks them."""

from processes.diagram import Diagram, designation
from processes.finding import Severity
from processes.rule import Rule, Words, listed

DEADLOCK = Rule(
    "soundness-deadlock",
    Severity.ERROR,
    "{join} chờ mãi {missing}: ở đó không bao giờ có gì tới nữa, nên hồ sơ dừng lại. {advice}",
    "{join} waits for ever for {missing}: nothing ever comes there, so the dossier stands still. "
    "{advice}",
)
LACK_OF_SYNCHRONISATION = Rule(
    "soundness-lack-of-synchronisation",
    Severity.ERROR,
    "Hai nhánh song song {origin}cùng đi vào {node} mà không được gộp: từ đây mọi việc chạy hai "
    "lần. {advice}",
    "Two parallel branches {origin}come to {node} without being joined: from here on everything "
    "is done twice. {advice}",
)
IMPROPER_COMPLETION = Rule(
    "soundness-improper-completion",
    Severity.ERROR,
    "Khi {end} đã tới, một nhánh khác vẫn dừng mãi ở {join} để chờ {missing}: quy trình không bao "
    "giờ hoàn thành. {advice}",
    "When {end} has been reached, another branch still stands at {join}, waiting for ever for "
    "{missing}: the procedure never completes. {advice}",
)
DEAD_STEP = Rule(
    "soundness-dead-step",
    Severity.ERROR,
    "Không cách chạy nào đến được {node}. Sửa các cổng đứng trước, hoặc xóa bước này.",
    "No run ever comes to {node}. Mend the gateways before it, or remove it.",
)
ENDLESS_LOOP = Rule(
    "soundness-endless-loop",
    Severity.ERROR,
    "Vòng lặp qua {nodes} {problem}",
    "The loop through {nodes} {problem}",
)
IDLE_LOOP = Rule(
    "soundness-idle-loop",
    Severity.WARNING,
    "Vòng lặp qua {nodes} tự chạy mà trong đó không bước nào thay đổi dữ liệu: một khi đã quay lại "
    "thì điều kiện rẽ nhánh không bao giờ khác đi. Đặt một bước vào vòng lặp.",
    "The loop through {nodes} runs by itself and no step in it changes any data: once it goes "
    "round, its conditions never change. Put a step into it.",
)
UNPROVED = Rule(
    "soundness-unproved",
    Severity.WARNING,
    "Chưa chứng minh được là {where} luôn chạy tới kết thúc: {reason}.",
    "Whether {where} always runs to an end is not proved: {reason}.",
)
COLLABORATION = Rule(
    "soundness-collaboration",
    Severity.WARNING,
    "{event} có thể chờ mãi thông điệp của {sender}: {reason}. Sửa thứ tự gửi và nhận, gửi ở mọi "
    "nhánh, hoặc chờ bằng cổng theo sự kiện có hẹn giờ.",
    "{event} can wait for ever for the message of {sender}: {reason}. Correct the order of sending "
    "and receiving, send on every branch, or wait with an event-based gateway that has a timer.",
)
UNHEARD = Rule(
    "soundness-unheard-message",
    Severity.WARNING,
    "Thông điệp {sender} gửi đi không bao giờ được nhận: không cách chạy nào đến {event} sau khi "
    "gửi. Sửa thứ tự gửi và nhận, hoặc bỏ luồng thông điệp.",
    "The message that {sender} sends is never received: no run comes to {event} after it was sent. "
    "Correct the order of sending and receiving, or remove the message flow.",
)
RULES = (
    *(DEADLOCK, LACK_OF_SYNCHRONISATION, IMPROPER_COMPLETION),
    *(DEAD_STEP, ENDLESS_LOOP, IDLE_LOOP, COLLABORATION, UNHEARD, UNPROVED),
)

SENDS_NO_MORE = Words(
    "ở lần chạy này bên gửi đã dừng mà không gửi", "in this run the sender stops without sending it"
)
NOBODY_BEGINS = Words(
    "mỗi bên chỉ bắt đầu khi nhận thông điệp, nên không bên nào bắt đầu",
    "each pool begins only with a message, so none begins",
)

NOBODY_WAITS = Words(
    "tự chạy mãi: trong đó không có bước của người, không có hẹn giờ. Đặt một bước của người dùng "
    "vào vòng lặp.",
    "runs by itself for ever: it holds neither a person's step nor a timer. Put a user task into "
    "it.",
)
NO_WAY_OUT = Words(
    "không có lối ra: hồ sơ đi vòng mãi, không bao giờ kết thúc. Thêm luồng dẫn từ vòng lặp tới "
    "sự kiện kết thúc.",
    "has no way out: the dossier goes round for ever. Add a flow that leads from it to an end "
    "event.",
)
TOO_LARGE = Words(
    "số cách chạy khác nhau quá nhiều để xét hết. Vẽ lại thành từng khối có một lối vào, "
    "một lối ra",
    "there are too many different runs to look at. Redraw it in blocks with one way in and one out",
)
CALLS_ITSELF = Words("quy trình gọi lại chính nó", "the process calls itself")
ADVISE_JOIN = Words(
    "Gộp bằng đúng loại cổng đã tách: loại trừ với loại trừ, song song với song song.",
    "Join with the kind of gateway that split: exclusive with exclusive, parallel with parallel.",
)
ADVISE_GATHER = Words(
    "Gộp các nhánh bằng cổng song song trước đó.",
    "Join the branches with a parallel gateway first.",
)


def named(diagram: Diagram, element: str | None) -> Words:
    """An element of the drawing, or the process, as the designer sees it."""
    node = diagram.node(element or "")
    if node is not None:
        return node.words
    return designation(diagram.name, diagram.process_id, Words("quy trình", "the process"))


def named_all(diagram: Diagram, elements: list[str]) -> Words:
    words = [named(diagram, element) for element in dict.fromkeys(elements)]
    return Words(listed([each.vi for each in words]), listed([each.en for each in words]))


def named_flows(diagram: Diagram, flows: list[str]) -> Words:
    """Flows by their names, or by where they come from."""
    known = {flow.id: flow for flow in diagram.flows}
    vi, en = [], []
    for each in flows:
        flow = known[each]
        source = named(diagram, flow.source)
        vi.append(f"luồng “{flow.name}”" if flow.name.strip() else f"luồng từ {source.vi}")
        en.append(f"the flow “{flow.name}”" if flow.name.strip() else f"the flow from {source.en}")
    return Words(listed(list(dict.fromkeys(vi))), listed(list(dict.fromkeys(en))))
