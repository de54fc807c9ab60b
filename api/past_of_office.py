"""The past of an agency, ready to be replayed: facts, calendar, rules for supplements."""

from analysis.facts.facts import Facts
from analysis.queues.open_hours import NoOpenHours
from analysis.queues.scope import Scope
from analysis.replay.what_if import Past, past_of, replay_hours
from engine.actor import Actor
from engine.office import Office
from engine.procedures import listed
from processes.procedure import SupplementPolicy

_PAGE = 200


def office_past(office: Office, actor: Actor, facts: Facts, scope: Scope) -> Past:
    """The past of the actor's agency in a period (NothingToReplay, NoOpenHours)."""
    with office.database.read() as connection:
        calendar = office.calendar(connection, actor.agency_id)
    try:
        hours = replay_hours(calendar, scope)
    except NoOpenHours as error:
        raise NoOpenHours(agency=actor.agency_id) from error
    return past_of(facts, actor.agency_id, scope, hours, resetting(office, actor))


def resetting(office: Office, actor: Actor) -> frozenset[str]:
    """Codes of the procedures in force whose limit starts anew after a supplement."""
    found: set[str] = set()
    after = ""
    with office.database.read() as connection:
        while page := listed(connection, actor, in_force=True, after=after, most=_PAGE):
            after = page[-1].code
            for each in page:
                assert each.version_id is not None, "a procedure in force has a version"
                version = office.version(connection, actor.agency_id, each.version_id)
                if version.procedure.supplement.policy is SupplementPolicy.RESET:
                    found.add(each.code)
    return frozenset(found)
