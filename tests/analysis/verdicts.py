"""The verdicts of a whole period as the engine's own tables say them: the sum of its months."""

from dataclasses import fields

from analysis.on_time import Verdicts, on_time_by_month


def verdicts_of(connection, agency_id, period):
    """All dossiers whose handling finished in the period."""
    months = [month.verdicts for month in on_time_by_month(connection, agency_id, period)]
    names = [field.name for field in fields(Verdicts)]
    return Verdicts(**{name: sum(getattr(each, name) for each in months) for name in names})
