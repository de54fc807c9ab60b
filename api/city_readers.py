"""Who reads the figures of every agency of the lake, and which lake that is."""

from pathlib import Path

from api.analysis_readers import ANALYSIS_READERS
from api.settings import Settings
from engine.actor import Actor
from processes.errors import NotAllowed, NotFound


class NoCity(NotFound):
    """This server has no figures of more than one agency."""

    code = "city.none"
    vi = (
        "Máy chủ này chưa mở số liệu toàn thành phố. Quản trị máy chủ khai thư mục kho phân tích"
        " (QUYTRINH_LAKE_FOLDER) và cơ quan được xem (QUYTRINH_CITY_AGENCY)."
    )
    en = (
        "This server shows no figures of a whole city. Its administrator names the lake's folder"
        " (QUYTRINH_LAKE_FOLDER) and the agency that may look (QUYTRINH_CITY_AGENCY)."
    )


class NotTheCity(NotAllowed):
    """The figures of every agency are for one agency's readers only."""

    code = "city.other_agency"
    vi = (
        "Số liệu của mọi cơ quan chỉ mở cho cơ quan điều phối của thành phố."
        " Xem trang Phân tích của cơ quan mình."
    )
    en = (
        "Figures of every agency are open to the city's coordinating agency only. See the analysis"
        " of your own agency."
    )


def city_lake(actor: Actor, settings: Settings, who: str) -> Path:
    """The lake that somebody may look into (NoCity, NotTheCity, NotAllowed).

    who: in their language, who may read figures of a whole office.
    """
    actor.require(*ANALYSIS_READERS, who=who)
    if settings.lake_folder is None or not settings.city_agency:
        raise NoCity
    if actor.agency_id != settings.city_agency:
        raise NotTheCity
    return settings.lake_folder.resolve()


def reads_city(actor: Actor, settings: Settings) -> bool:
    """Whether the way there is to be shown."""
    open_to = settings.lake_folder is not None and settings.city_agency == actor.agency_id
    return open_to and bool(actor.roles.intersection(ANALYSIS_READERS))
