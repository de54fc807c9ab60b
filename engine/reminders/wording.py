"""What reminders say: the dossier's code, the step, when it is due; nothing of the applicant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine.legal_clock.duty import Duty
from engine.reminders.rungs import USUAL_PERCENT, Rung

SAID: Mapping[Rung, tuple[str, str]] = {
    Rung.PART_USED: ("đã dùng tới mức nhắc của thời hạn", "has used the part that is told of"),
    Rung.DAY_BEFORE: ("còn 1 ngày làm việc", "has one working day left"),
    Rung.DUE: ("đã đến hạn", "is due"),
    Rung.OVERDUE: ("đã quá hạn", "is overdue"),
}
OWED: Mapping[Duty, tuple[str, str]] = {
    Duty.RESULT_OR_APOLOGY: (
        "phải có kết quả, hoặc thư xin lỗi và hẹn lại ngày trả (mẫu 04)",
        "owes the result, or an apology and a new date (form 04)",
    ),
    Duty.RESULT: (
        "phải có kết quả, không được hẹn lại nữa",
        "owes the result; it cannot be put off any more",
    ),
}
OWED_KINDS = {Duty.RESULT_OR_APOLOGY: Rung.OWED.value, Duty.RESULT: "owed_result"}
"""Kinds of notices of what is owed."""


@dataclass(frozen=True, slots=True)
class About:
    """What a reminder is about. due: in the office's zone. percent: of the first rung."""

    rung: Rung
    dossier_id: UUID
    code: str
    step: str
    procedure: str
    due: datetime
    percent: int = USUAL_PERCENT

    @property
    def _said(self) -> tuple[str, str]:
        if self.rung is Rung.PART_USED:
            part = f"{self.percent} %"
            return f"đã dùng {part} thời hạn", f"has used {part} of its time"
        return SAID[self.rung]

    @property
    def page(self) -> str:
        """Where the dossier is found, on the product's site."""
        return f"/dossiers/{self.dossier_id}"

    @property
    def _when(self) -> str:
        return f"{self.due:%H:%M %d/%m/%Y}"

    def subject(self) -> str:
        """One line, Vietnamese."""
        return f"[Nhắc việc] {self.code}: {self.step} {self._said[0]}"

    def letter(self, name: str) -> str:
        """The text of an e-mail, Vietnamese first."""
        vi, en = self._said
        return "\n".join(
            (
                f"Kính gửi {name},",
                "",
                f"Bước “{self.step}” của hồ sơ {self.code} ({self.procedure}) {vi}.",
                f"Hạn của bước: {self._when}.",
                "",
                f"The step '{self.step}' of dossier {self.code} {en}. It is due {self._when}.",
                "",
            )
        )

    def short(self) -> str:
        """A text message: short, for every part of it costs."""
        return f"Hồ sơ {self.code}: bước {self.step} {self._said[0]}, hạn {self._when}."


@dataclass(frozen=True, slots=True)
class AboutDossier:
    """What is said of a dossier on its last day. due: in the office's zone."""

    dossier_id: UUID
    code: str
    procedure: str
    due: datetime
    owes: Duty

    @property
    def kind(self) -> str:
        """Of the notice."""
        return OWED_KINDS[self.owes]

    @property
    def page(self) -> str:
        """Where the dossier is found, on the product's site."""
        return f"/dossiers/{self.dossier_id}"

    @property
    def _when(self) -> str:
        return f"{self.due:%H:%M %d/%m/%Y}"

    def subject(self) -> str:
        """One line, Vietnamese."""
        return f"[Nhắc việc] {self.code}: {OWED[self.owes][0]}"

    def letter(self, name: str) -> str:
        """The text of an e-mail, Vietnamese first."""
        vi, en = OWED[self.owes]
        return "\n".join(
            (
                f"Kính gửi {name},",
                "",
                f"Hồ sơ {self.code} ({self.procedure}) {vi}.",
                f"Hạn giải quyết: {self._when}.",
                "",
                f"The dossier {self.code} {en}. Its time runs out at {self._when}.",
                "",
            )
        )

    def short(self) -> str:
        """A text message: short, for every part of it costs."""
        return f"Hồ sơ {self.code} {OWED[self.owes][0]}, hạn {self._when}."
