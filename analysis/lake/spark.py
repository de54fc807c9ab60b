"""The same questions asked of Spark: for lakes that one machine no longer reads in time.

Measures are SQL that both understand: sums, counts, windows over integers. A Spark session is given
by who has one (the extra `spark`); nothing else of the product needs it. Where one should switch,
and what it costs, is in docs/reference/lake.md.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from analysis.facts.columns import FACTS
from analysis.lake.changed import of_fact
from analysis.lake.reading import readable

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_VALUE = re.compile(r"\$(\w+)")


@dataclass(frozen=True, slots=True)
class SparkFacts:
    """Facts as measures ask them (`analysis.facts.facts.Facts`), answered by Spark."""

    session: "SparkSession"
    at_us: int
    fresh_us: int
    zone: ZoneInfo

    def rows(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        """What a statement answers, a dictionary a row; `$name` stands for a value."""
        asked = _VALUE.sub(r":\1", sql)
        used = {name: values[name] for name in set(_VALUE.findall(sql))}
        return [row.asDict() for row in self.session.sql(asked, used).collect()]


def spark_facts(session: "SparkSession", lake: Path) -> SparkFacts:
    """Views of the files that the lake's lists name, in the session (NoLake, LakeOutdated,
    LakeDamaged).
    """
    lists = readable(lake)
    files = [file for each in lists for file in each.files]
    for fact in FACTS:
        paths = [str(lake / file.name) for file in of_fact(files, fact)]
        read = session.read.option("mergeSchema", "false").schema(_schema(fact))
        read.parquet(*paths).createOrReplaceTempView(fact)
    fresh = min(each.fresh_us for each in lists)
    return SparkFacts(session, fresh, fresh, lists[0].zone)


_KINDS = {"VARCHAR": "string", "UUID": "binary", "BIGINT": "bigint", "INTEGER": "int"}
"""Kinds of columns in Spark; it knows no UUID, and compares its sixteen bytes."""


def _schema(fact: str) -> str:
    return ", ".join(_declared(fact))


def _declared(fact: str) -> Iterator[str]:
    for name, kind in FACTS[fact].items():
        yield f"{name} {_KINDS[kind]}"
