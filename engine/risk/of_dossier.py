"""How the open steps of one dossier stand, for its page and its answer."""

from datetime import datetime

from engine.dossier_file import DossierFile, StepRun
from engine.risk.level import Risk, risk_of


def risks_of_file(file: DossierFile, at: datetime) -> tuple[tuple[StepRun, Risk], ...]:
    """Each open step with its risk; what is safe for the shortest time first."""
    row, edition = file.row, file.edition
    if edition is None:
        return ()
    due = None if row.finished_at is not None else row.due_at
    paused = row.state == "paused"
    steps = sorted(file.open_steps, key=lambda each: (each.safe_at is None, each.safe_at or at))
    return tuple(
        (step, risk_of(step, edition, file.outlooks, due, at, paused=paused)) for step in steps
    )
