"""Who reads figures of the whole office, and who those of single officers."""

from collections.abc import Iterable

from analysis.queues.utilisation import Utilisation
from analysis.reports.counted import FEWEST
from engine.actor import Actor, Role

ANALYSIS_READERS = (Role.REFORM, Role.HEAD, Role.ADMIN, Role.DESIGNER)

PERSON_READERS = (Role.HEAD,)
"""Who also reads figures of single officers, each of enough dossiers to say something."""


def positions_for(actor: Actor, posts: Iterable[Utilisation]) -> tuple[Utilisation, ...]:
    """Positions that this person may see: the figures of a position that one person holds are that
    person's, so heads alone see them, and only of enough runs.
    """
    heads = not actor.roles.isdisjoint(PERSON_READERS)
    return tuple(post for post in posts if _of_several(post) or (heads and post.runs >= FEWEST))


def _of_several(post: Utilisation) -> bool:
    """Whether nobody's own figure can be read off it.

    Where nobody was there on a working day, yet runs were ended, one person may have come on days
    off.
    """
    return post.people > 1 or (post.people == 0 and not post.runs)
