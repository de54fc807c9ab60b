"""How an open step stands, as JSON: its level, the working time left, the forecast."""

from datetime import datetime
from typing import Any
from uuid import UUID

from api.rest.answer import Answer
from engine.dossier_file import DossierFile
from engine.risk.level import WORDS, Forecast, Level, Risk
from engine.risk.of_dossier import risks_of_file


class ForecastAnswer(Answer):
    """The share (0 to 1) of past runs like this that were late, of n; null: too few to say."""

    share: float | None
    n: int


class RiskAnswer(Answer):
    """`..._left_ws`: working seconds until due, negative when late, null where nothing runs.

    safe_at: until then lateness is not likely; lists are sorted by it. Forecasts are made of what
    runs and is not late.
    """

    level: Level
    vi: str
    en: str
    step_left_ws: int | None
    dossier_left_ws: int | None
    safe_at: datetime | None
    step_forecast: ForecastAnswer | None
    dossier_forecast: ForecastAnswer | None


class StepRiskAnswer(RiskAnswer):
    """The risk of one open step of a dossier."""

    step_run_id: UUID


def risk_answer(risk: Risk) -> RiskAnswer:
    return RiskAnswer(**_said(risk))


def step_risk_answers(file: DossierFile, now: datetime) -> list[StepRiskAnswer]:
    """Of a dossier's open steps; what is safe for the shortest time first."""
    return [
        StepRiskAnswer(step_run_id=step.step_run_id, **_said(risk))
        for step, risk in risks_of_file(file, now)
    ]


def _said(risk: Risk) -> dict[str, Any]:
    vi, en = WORDS[risk.level]
    return {
        "level": risk.level,
        "vi": vi,
        "en": en,
        "step_left_ws": risk.step_left_ws,
        "dossier_left_ws": risk.dossier_left_ws,
        "safe_at": risk.safe_at,
        "step_forecast": _forecast(risk.step),
        "dossier_forecast": _forecast(risk.dossier),
    }


def _forecast(forecast: Forecast | None) -> ForecastAnswer | None:
    if forecast is None:
        return None
    share = None if forecast.share is None else round(forecast.share, 4)
    return ForecastAnswer(share=share, n=forecast.n)
