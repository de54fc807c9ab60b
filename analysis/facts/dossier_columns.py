"""Dossiers as facts, whole columns at a time: as the tables say them, typed as facts."""

from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.facts.clock_readings import integers
from analysis.facts.coded import coded
from analysis.facts.columns import DOSSIER_FACT
from analysis.facts.ids import ids, ids_in_codes
from analysis.facts.months import months
from analysis.facts.of_version import of_version

_MOMENTS = ("received", "original_due", "due", "finished", "returned")
_COUNTS = ("supplements", "extensions", "apologies", "events")
_TEXTS = (
    *("agency_id", "case_code", "channel", "receiving_unit", "state"),
    *("national_status", "outcome", "result", "measure"),
)


def dossier_facts(dossiers: pa.Table, versions: pa.Table, zone: ZoneInfo) -> pa.Table:
    """The fact `dossier_fact` of dossiers as the tables say them, texts in codes.

    dossiers: with `c_running`, the clock when it last began, and `c_until`, when it stopped, or
    now. versions: as for runs of steps. zone: in which months are meant.
    """
    version = coded(dossiers["version_id"])
    told: dict[str, Any] = {name: coded(dossiers[name]) for name in _TEXTS}
    told |= {f"{name}_us": dossiers[f"{name}_at"] for name in _MOMENTS}
    told |= {name: dossiers[name].cast(pa.int32()) for name in _COUNTS}
    told |= {name: dossiers[name] for name in ("code", "limit_ws", "late_ws", "paused_ws")}
    told |= {"dossier_id": ids(dossiers["dossier_id"]), "version_id": ids_in_codes(version)}
    told |= of_version(told["agency_id"], version, versions, ("procedure_code", "field"))
    told |= _used(dossiers)
    told["received_month"] = months(dossiers["received_at"], zone)
    told["finished_month"] = months(dossiers["finished_at"], zone)
    return pa.table({name: told[name] for name in DOSSIER_FACT})


def _used(dossiers: pa.Table) -> "dict[str, pa.Array[Any]]":
    """Working seconds used: of a dossier that is over, and until now of one that is not.

    A clock that stands still has used what it had when it stopped: of a paused dossier, and of one
    for which only others work.
    """
    before = integers(dossiers["clock_used"], 0)
    since = integers(dossiers["c_until"], 0) - integers(dossiers["c_running"], 0)
    runs = dossiers["c_running"].is_valid().to_numpy()
    read = dossiers["c_until"].is_valid().to_numpy() & runs
    is_over = dossiers["finished_at"].is_valid().to_numpy()
    paused: Any = pc.equal(dossiers["state"], pa.scalar("paused"))
    limited = dossiers["limit_ws"].is_valid().to_numpy()
    stopped = limited & dossiers["clock_running"].is_null().to_numpy()
    stands = (paused.to_numpy() | stopped) & ~is_over
    used = before + np.where(stands, 0, np.maximum(since, 0))
    return {
        "work_ws": pa.array(used, mask=~(is_over & read)),
        "age_ws": pa.array(used, mask=is_over | ~(read | stands)),
    }
