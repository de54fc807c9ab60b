"""One rule added to a layer of the calendar, or taken away: gathered in a person's own draft."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import Connection

from engine.actor import Actor
from engine.calendar_change.change import DRAFT, Change, changes, newest_edition, propose, put_layer
from engine.office import Office
from engine.working_calendar.editions import layers_of
from engine.working_calendar.layer import Layer, LayersIncomplete, Level

Edit = Callable[[Layer], Layer]


def own_draft(connection: Connection, actor: Actor) -> Change | None:
    """The draft that the person is at: the newest of theirs that nothing has overtaken."""
    newest = newest_edition(connection, actor.agency_id)
    for each in changes(connection, actor.agency_id):
        if (each.state, each.proposed_by, each.base) == (DRAFT, actor.account_id, newest):
            return each
    return None


def edit_layer(
    office: Office, actor: Actor, key: tuple[Level, str], edit: Edit, reason: str
) -> UUID:
    """Edit a layer in the person's draft, which is begun where there is none; the draft's id.

    reason: of the whole draft, needed when it is begun. Errors: as of `propose`.
    """
    with office.database.read() as connection:
        draft = own_draft(connection, actor)
        base = newest_edition(connection, actor.agency_id)
        layers = draft.layers if draft else layers_of(connection, actor.agency_id, base)
    layer = edit(_layer(layers, key))
    if draft is None:
        return propose(office, actor, (layer,), reason).change_id
    put_layer(office, actor, draft.change_id, layer)
    return draft.change_id


def _layer(layers: tuple[Layer, ...], key: tuple[Level, str]) -> Layer:
    found = next((layer for layer in layers if layer.key == key), None)
    if found is not None:
        return found
    level, unit = key
    if level is Level.COUNTRY:
        raise LayersIncomplete(why_vi="chưa có tầng cả nước.", why_en="there is no country layer.")
    return Layer(level, unit=unit)
