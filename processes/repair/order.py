"""The repairers in their order; each knows one concept, in the file of its name."""

from collections.abc import Callable, Iterator

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
    flows,
    forms,
    gateways,
    identity,
    ids,
    links,
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
    the_process,
    timers,
    unknown,
)
from processes.repair.repair import Change, Kind
from processes.repair.workpiece import Workpiece

REPAIRERS: tuple[Callable[[Workpiece], Iterator[Change]], ...] = (
    # what there is: one process, ids, flows with two ends
    *(the_process.mark_the_process, ids.give_ids, references.mend_references),
    # what nodes are: work for people, events that run
    *(shared_events.copy_shared_events, sub_processes.mend_sub_processes, called.draw_calls_in),
    *(automatic.give_work_to_people, compensation.set_compensation_aside),
    *(links.connect_links, receptions.make_starts_plain, timers.set_timers),
    *(gateways.make_gateways_run, messages.confirm_events),
    unknown.take_out_unknown,
    # how they hang together: from one start to an end
    *(flows.straighten_flows, entries.lead_in, endings.lead_out, splits.draw_splits),
    *(boundary.settle_boundaries, repetition.draw_repetitions, runaway.slow_down_loops),
    # how is decided, with which data
    *(forms.take_over_forms, conditions.translate_conditions, choices.let_people_choose),
    names.declare_names,
    # who does it, by when, under which name
    *(owners.find_owners, due_dates.take_over_due_dates, identity.identify),
    missing_drawing.draw_missing,
)

_ROOMS = (
    *(the_process, ids, references, shared_events, sub_processes, called, automatic, compensation),
    *(links, receptions, timers, gateways, messages, flows, entries, endings, splits, boundary),
    *(repetition, runaway, forms, conditions, choices, names, owners, due_dates, identity),
    *(unknown, missing_drawing),
)
KINDS: tuple[Kind, ...] = tuple(kind for room in _ROOMS for kind in room.KINDS)
"""Every kind of repair there is; docs/reference/repairs.md lists them all."""
