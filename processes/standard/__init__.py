"""What the BPMN 2.0.2 specification's text asks of a model: one file for each family of rules."""

from collections.abc import Iterable

from processes.document import Document
from processes.finding import Finding
from processes.standard import (
    activities,
    boundary_events,
    choreography,
    collaboration,
    connections,
    data,
    definitions,
    event_definitions,
    event_gateways,
    event_kinds,
    flows,
    gateways,
    interchange,
    lanes,
    links,
    loops,
    message_flows,
    references,
    sub_processes,
)
from processes.standard.constraint import Constraint
from processes.standard.doubles import without_doubles
from processes.standard.model import Model

__all__ = ["RULES", "Constraint", "judge_standard"]

RULES: tuple[Constraint, ...] = (
    *(*definitions.RULES, *references.RULES, *flows.RULES, *message_flows.RULES),
    *(*connections.RULES, *event_kinds.RULES, *event_definitions.RULES, *boundary_events.RULES),
    *(*links.RULES, *gateways.RULES, *event_gateways.RULES, *activities.RULES, *loops.RULES),
    *(*sub_processes.RULES, *lanes.RULES, *data.RULES, *collaboration.RULES),
    *(*choreography.RULES, *interchange.RULES),
)

_FAMILIES = (
    *(definitions.judge_definitions, references.judge_references, flows.judge_flows),
    *(message_flows.judge_message_flows, connections.judge_connections),
    *(event_kinds.judge_event_kinds, event_definitions.judge_event_definitions),
    *(boundary_events.judge_boundary_events, links.judge_links, gateways.judge_gateways),
    *(event_gateways.judge_event_gateways, activities.judge_activities, loops.judge_loops),
    *(sub_processes.judge_sub_processes, lanes.judge_lanes, data.judge_data),
    *(collaboration.judge_collaboration, choreography.judge_choreography),
    interchange.judge_interchange,
)


def judge_standard(document: Document, said: Iterable[Finding] = ()) -> list[Finding]:
    """Findings about everything in the file that the standard forbids, in all its processes.

    said: what lint and the table of constructs have found; of one problem, one finding.
    """
    model = Model(document)
    found = dict.fromkeys(found for judge in _FAMILIES for found in judge(model))
    return list(without_doubles(found, said))
