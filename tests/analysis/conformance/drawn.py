"""Small diagrams and logs by hand, for tests of conformance."""

from analysis.event_log.log import Event, EventLog, Trace
from processes.document import parse
from processes.reader import read

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def drawn(body: str):
    """The diagram of a process; body: its elements. Flows are written `a > b`, one a line."""
    lines = []
    for number, line in enumerate(filter(None, map(str.strip, body.splitlines()))):
        source, arrow, target = line.partition(" > ")
        flow = f'<sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}"/>'
        lines.append(flow if arrow and not line.startswith("<") else line)
    text = f'<definitions xmlns="{MODEL}"><process id="p">{"".join(lines)}</process></definitions>'
    diagram = read(parse(text.encode())).diagram
    assert diagram is not None
    return diagram


def log_of(*cases: str) -> EventLog:
    """Cases as their activities with blanks between, each event a second after the one before."""
    return EventLog(
        "made",
        "csv",
        tuple(
            Trace(str(number), tuple(Event(a, at * 1_000_000) for at, a in enumerate(case.split())))
            for number, case in enumerate(cases)
        ),
    )
