"""The repairers in their order; each knows one concept, in the file of its name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from processes.repair import (
    automatic,
    boundary,
    called,
    choices,
    compensation,
    conditions,
    due_dates,
    endings,
    entries,
    expressions,
    first_steps,
    flows,
    forms,
    gateways,
    identity,
    ids,
    links,
    message_flows,
    messages,
    missing_drawing,
    names,
    owners,
    receptions,
    references,
    repetition,
    runaway,
    shared_events,
    splits,
    sub_processes,
    synchronisation,
    the_process,
    timers,
    unknown,
)
from processes.repair.repair import Change, Kind
from processes.repair.workpiece import Workpiece


@dataclass(frozen=True, slots=True)
class Repairer:
    """One concept: how repairs of these kinds are found."""

    look: Callable[[Workpiece], Iterator[Change]]
    kinds: tuple[Kind, ...]

    def changes(self, piece: Workpiece) -> Iterator[Change]:
        """The repairs that answer what the check says of the file as it stands."""
        wanted = {kind.code for kind in self.kinds if piece.complaints.wants(kind)}
        if wanted:
            yield from (each for each in self.look(piece) if each.repair.kind in wanted)


REPAIRERS: tuple[Repairer, ...] = (
    # what there is: one process, ids, flows with two ends
    Repairer(the_process.mark_the_process, the_process.KINDS),
    Repairer(ids.give_ids, ids.KINDS),
    Repairer(references.mend_references, references.KINDS),
    # what nodes are: work for people, events that run
    Repairer(shared_events.drop_missing_definitions, shared_events.KINDS),
    Repairer(expressions.translate_expressions, expressions.KINDS),
    Repairer(sub_processes.mend_sub_processes, sub_processes.KINDS),
    Repairer(called.draw_calls_in, called.KINDS),
    Repairer(automatic.give_work_to_people, automatic.KINDS),
    Repairer(compensation.set_compensation_aside, compensation.KINDS),
    Repairer(links.loosen_links, links.KINDS),
    Repairer(timers.set_timers, timers.KINDS),
    Repairer(receptions.make_starts_plain, receptions.KINDS),
    Repairer(gateways.make_gateways_run, gateways.KINDS),
    Repairer(messages.confirm_events, messages.KINDS),
    Repairer(message_flows.drop_message_flows, message_flows.KINDS),
    Repairer(unknown.take_out_unknown, unknown.KINDS),
    # how they hang together: from one start to an end
    Repairer(flows.straighten_flows, flows.KINDS),
    Repairer(entries.lead_in, entries.KINDS),
    Repairer(endings.lead_out, endings.KINDS),
    Repairer(splits.draw_splits, splits.KINDS),
    Repairer(boundary.settle_boundaries, boundary.KINDS),
    Repairer(repetition.draw_repetitions, repetition.KINDS),
    Repairer(runaway.slow_down_loops, runaway.KINDS),
    Repairer(first_steps.receive_first, first_steps.KINDS),
    # how is decided, with which data
    Repairer(forms.take_over_forms, forms.KINDS),
    Repairer(conditions.translate_conditions, conditions.KINDS),
    Repairer(choices.let_people_choose, choices.KINDS),
    Repairer(names.declare_names, names.KINDS),
    # who does it, by when, under which name
    Repairer(owners.find_owners, owners.KINDS),
    Repairer(due_dates.take_over_due_dates, due_dates.KINDS),
    Repairer(identity.identify, identity.KINDS),
    Repairer(missing_drawing.draw_missing, missing_drawing.KINDS),
)

KINDS: tuple[Kind, ...] = (
    *(kind for repairer in REPAIRERS for kind in repairer.kinds),
    *synchronisation.KINDS,
)
"""Every kind of repair there is; docs/reference/repairs.md lists them all."""
