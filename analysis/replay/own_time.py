"""How much of a person's own time each run took.

People hold several runs at once, so handling overlaps and its sum exceeds the day. While k runs are
in hand, each is booked 1/k of the time (processor sharing): the parts of one person sum to the time
in which they had anything in hand. Only time in which the person was there counts.
"""

import numpy as np

from analysis.queues.held import Held, Pieces
from analysis.queues.open_hours import Ints
from analysis.queues.presence import Presence
from analysis.queues.stretches import SPAN


def own_time(held: Held, pieces: Pieces, presence: Presence) -> Ints:
    """Working seconds of every run held, cut to whole ones."""
    begin = pieces.person * SPAN + presence.clock(pieces.person, pieces.begin)
    end = pieces.person * SPAN + presence.clock(pieces.person, pieces.end)
    edges = np.unique(np.concatenate((begin, end)))
    if not len(edges):
        return np.zeros(len(held.person), dtype=np.int64)
    first, beyond = np.searchsorted(edges, begin), np.searchsorted(edges, end)
    steps = np.zeros(len(edges), dtype=np.int64)
    np.add.at(steps, first, 1)
    np.subtract.at(steps, beyond, 1)
    at_once = np.cumsum(steps)[:-1]
    lengths = np.diff(edges)
    shared = np.where(at_once > 0, lengths / np.maximum(at_once, 1), 0.0)
    before = np.concatenate(([0.0], np.cumsum(shared)))
    taken = np.zeros(len(held.person))
    np.add.at(taken, pieces.run, before[beyond] - before[first])
    return np.asarray(taken + 1e-6, dtype=np.int64)
