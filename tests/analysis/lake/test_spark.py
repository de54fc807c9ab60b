"""Spark answers the same statements over the same files as the embedded database."""

import importlib.util
import os
import shutil
import sys

import pytest

from analysis.lake import layout
from analysis.lake.reading import LakeOutdated, lake_facts
from analysis.lake.spark import spark_facts
from analysis.lake.whole import LakeDamaged
from analysis.queues.attribution import lateness_by_step
from analysis.queues.missing import missing_components
from analysis.queues.scope import Scope
from tests.analysis.lake.office_lake import OfficeLake
from tests.analysis.office_day import play

HAS_SPARK = importlib.util.find_spec("pyspark") is not None and shutil.which("java") is not None
ALWAYS = Scope(0, 2**60)
NINTHS = """
    with ranked as (
        select element_id, waiting_ws + handling_ws as ws,
            row_number() over (partition by element_id order by waiting_ws + handling_ws) as place,
            count(*) over (partition by element_id) as n
        from step_interval where state in ('completed', 'sent_back')
    )
    select element_id, max(n) as n, cast(sum(ws) as bigint) as ws,
        max(case when place = cast(floor((n * 95 + 99) / 100) as bigint) then ws end) as p95
    from ranked group by element_id order by element_id"""
BY_MONTH = """
    select finished_month, result, count(*) as n, cast(sum(late_ws) as bigint) as late_ws,
        count(case when channel = $channel then 1 end) as at_counter
    from dossier_fact group by finished_month, result
    order by finished_month nulls last, result nulls last"""


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    if not HAS_SPARK:
        pytest.skip("Spark is not here: install the extra `spark` and Java 17")
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra

    os.environ["PYSPARK_PYTHON"] = sys.executable
    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.local.dir": str(tmp_path_factory.mktemp("spark")),
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
    }
    builder = SparkSession.builder.master("local[1]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    made = builder.getOrCreate()
    yield made
    made.stop()


def test_files_that_mean_something_else_or_are_cut_off_are_not_read_by_spark_either(
    sqlite_ward, tmp_path, monkeypatch
):
    """Without a session: it is never asked."""
    lake = OfficeLake(sqlite_ward, tmp_path / "lake")
    lake.refresh()
    with monkeypatch.context() as later:
        later.setattr(layout, "ENCODING", layout.ENCODING + 1)
        with pytest.raises(LakeOutdated):
            spark_facts(None, lake.folder)
    path = lake.folder / lake.listed().files[0].name
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(LakeDamaged):
        spark_facts(None, lake.folder)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # the library's own
def test_spark_and_the_embedded_database_give_equal_answers(session, sqlite_ward, tmp_path):
    play(sqlite_ward)
    lake = OfficeLake(sqlite_ward, tmp_path / "lake")
    for _ in lake.work():
        pass
    lake.refresh()
    there = spark_facts(session, lake.folder)
    with lake_facts(lake.folder) as here:
        assert there.fresh_us == here.fresh_us
        for sql, values in ((NINTHS, {}), (BY_MONTH, {"channel": "counter"})):
            assert there.rows(sql, **values) == here.rows(sql, **values) != []
        for measure in (lateness_by_step, missing_components):
            assert measure(there, ALWAYS) == measure(here, ALWAYS)
        assert lateness_by_step(there, ALWAYS).total_ws > 0
