"""What a log can be found to have: one sentence a rule, counted, with the first example."""

from dataclasses import dataclass, field

from processes.finding import Finding, Severity

_W, _I = Severity.WARNING, Severity.INFO

RULES: dict[str, tuple[Severity, str, str]] = {
    "log-time-outlier": (
        _W,
        "{n} sự kiện có thời điểm cách xa cả nhật ký (ví dụ {text}); vẫn được tính.",
        "{n} events have times far from the rest of the log (for example {text}); still counted.",
    ),
    "log-case-date-outlier": (
        _W,
        "{n} hồ sơ có hạn hoặc ngày kết thúc cách xa cả nhật ký (ví dụ {text}); vẫn được tính.",
        "{n} cases have due or end dates far from the log (for example {text}); still counted.",
    ),
    "log-time-missing": (
        _W,
        "{n} sự kiện không có thời điểm; được đếm theo thứ tự trong tệp, không đo thời gian.",
        "{n} events have no time; they are counted in the order of the file, but not timed.",
    ),
    "log-time-unreadable": (
        _W,
        "{n} thời điểm không đọc được (ví dụ “{text}”); coi như không có.",
        "{n} times cannot be read (for example '{text}'); they are taken as absent.",
    ),
    "log-time-without-zone": (
        _I,
        "{n} thời điểm không ghi múi giờ; đọc theo giờ {text}.",
        "{n} times name no time zone; they are read as {text} time.",
    ),
    "log-date-order-assumed": (
        _I,
        "Mọi ngày viết như “{text}” đều có thể hiểu hai cách; đọc là ngày/tháng/năm.",
        "All dates written like '{text}' can be read in two ways; read as day/month/year.",
    ),
    "log-time-date-only": (
        _I,
        "{n} sự kiện chỉ ghi ngày (ví dụ {text}), không ghi giờ; thời gian chỉ chính xác đến ngày.",
        "{n} events tell a date only (for example {text}); their times are exact to the day.",
    ),
    "log-event-repeated": (
        _I,
        "{n} sự kiện giống hệt sự kiện ngay trước trong cùng hồ sơ; vẫn được tính.",
        "{n} events are the same in all as the one before in their case; they are counted.",
    ),
    "log-name-spelt-twice": (
        _I,
        "{n} tên chỉ khác nhau ở dấu cách hoặc bảng mã (ví dụ “{text}”); coi là một.",
        "{n} names differ only in blanks or Unicode form (for example '{text}'); taken as one.",
    ),
    "log-case-name-rounded": (
        _W,
        (
            "{n} hồ sơ có mã đã bị bảng tính làm tròn (ví dụ {text}), có thể gộp nhầm nhiều hồ sơ. "
            "Xuất lại với cột mã ở dạng văn bản."
        ),
        (
            "{n} cases have names that a spreadsheet rounded (for example {text}): several may be "
            "one. Export again with that column as text."
        ),
    ),
    "log-instance-of-events": (
        _I,
        (
            "Mã lượt (concept:instance) khác nhau ở từng sự kiện ({n} sự kiện); ghép bắt đầu với "
            "hoàn thành theo thứ tự."
        ),
        "Each event has an instance of its own ({n} events); starts and ends are paired in order.",
    ),
    "log-case-type-chosen": (
        _I,
        "Coi {n} đối tượng loại “{text}” là hồ sơ; chọn loại khác bằng --object-type.",
        "{n} objects of type '{text}' are taken as cases; choose others with --object-type.",
    ),
    "log-event-of-other-objects": (
        _I,
        "{n} sự kiện không gắn với đối tượng nào loại “{text}”; không được tính.",
        "{n} events belong to no object of type '{text}'; they are not counted.",
    ),
    "log-event-of-several-cases": (
        _I,
        "{n} sự kiện thuộc nhiều hồ sơ; được tính ở từng hồ sơ.",
        "{n} events belong to several cases; they are counted in each.",
    ),
    "log-object-not-in-file": (
        _W,
        "{n} liên kết tới đối tượng không có trong tệp (ví dụ “{text}”); bị bỏ qua.",
        "{n} relations name objects that the file does not have (for example '{text}'); ignored.",
    ),
    "log-identifier-repeated": (
        _W,
        (
            "{n} mã sự kiện hoặc đối tượng bị lặp (ví dụ “{text}”): sự kiện tính riêng từng cái, "
            "đối tượng lấy cái sau cùng."
        ),
        (
            "{n} ids of events or objects repeat (for example '{text}'): each such event counts, "
            "of objects the last is taken."
        ),
    ),
    "log-events-out-of-order": (
        _I,
        "{n} hồ sơ có sự kiện không theo thứ tự thời gian trong tệp; đã xếp lại theo thời điểm.",
        "{n} cases have events out of time order in the file; they were ordered by time.",
    ),
    "log-event-without-activity": (
        _W,
        "{n} sự kiện không ghi bước (đầu tiên: dòng {text}); không được tính.",
        "{n} events name no activity (the first: line {text}); they are not counted.",
    ),
    "log-event-without-case": (
        _W,
        "{n} sự kiện không thuộc hồ sơ nào (đầu tiên: dòng {text}); không được tính.",
        "{n} events belong to no case (the first: line {text}); they are not counted.",
    ),
    "log-case-without-name": (
        _I,
        "{n} hồ sơ không có mã; được đặt mã theo số thứ tự trong tệp.",
        "{n} cases have no name; they are named by their number in the file.",
    ),
    "log-case-name-repeated": (
        _W,
        "{n} hồ sơ trùng mã với hồ sơ đứng trước trong tệp; vẫn tính riêng từng hồ sơ.",
        "{n} cases carry the name of an earlier case in the file; each is counted by itself.",
    ),
    "log-case-without-events": (
        _I,
        "{n} hồ sơ không có sự kiện nào; không được tính.",
        "{n} cases have no events; they are not counted.",
    ),
    "log-case-date-varies": (
        _W,
        "{n} hạn hoặc ngày kết thúc khác giá trị đầu tiên của hồ sơ; dùng giá trị đầu tiên.",
        "{n} due or end dates differ from the first one of their case; the first one is used.",
    ),
    "log-row-ragged": (
        _W,
        "{n} dòng có số ô khác dòng tiêu đề (dòng đầu: {text}); ô thiếu là trống, ô thừa bỏ qua.",
        "{n} rows have more or fewer cells than the header (first: {text}); more are ignored.",
    ),
    "log-transition-unknown": (
        _I,
        "{n} sự kiện có trạng thái ngoài chuẩn XES (ví dụ “{text}”); mỗi sự kiện là một lượt.",
        "{n} events have lifecycle words outside XES (for example '{text}'); each is one run.",
    ),
    "log-run-not-completed": (
        _I,
        "{n} lượt thực hiện chưa ghi hoàn thành; được đếm nhưng không có thời gian xử lý.",
        "{n} runs of an activity are never completed; they are counted without handling time.",
    ),
    "log-case-open": (
        _I,
        (
            "{n} hồ sơ còn bước chưa ghi hoàn thành (ví dụ “{text}”); coi là đang xử lý, không "
            "tính là đã xong."
        ),
        (
            "{n} cases have a step that is never completed (for example '{text}'); they count as "
            "open, never as ended."
        ),
    ),
    "log-start-after-end": (
        _W,
        "{n} lượt thực hiện ghi bắt đầu sau khi kết thúc; không tính thời gian chờ và xử lý.",
        "{n} runs of an activity start after they end; their waiting and handling is not measured.",
    ),
    "log-enabled-after-start": (
        _W,
        "{n} lượt thực hiện ghi giao việc sau khi bắt đầu; không dùng thời điểm giao.",
        "{n} runs of an activity are handed over after they start; the handing over is not used.",
    ),
}
"""Rule -> severity, sentence in Vietnamese, sentence in English; documented in analyse.md."""


@dataclass(slots=True)
class Tally:
    """Counts what is found while a log is read; the first example of each rule is kept."""

    _numbers: dict[str, int] = field(default_factory=dict)
    _first: dict[str, tuple[str | None, str]] = field(default_factory=dict)

    def note(self, rule: str, case_id: str | None = None, text: str = "", n: int = 1) -> None:
        """Count `n` occurrences of `rule`; `text` is the value that shows it."""
        if rule not in self._numbers:
            self._numbers[rule] = 0
            self._first[rule] = (case_id, shown(text))
        self._numbers[rule] += n

    def findings(self) -> tuple[Finding, ...]:
        """One finding a rule, in the order of the catalogue; `element` is the first case."""
        return tuple(
            _finding(rule, self._numbers[rule], *self._first[rule])
            for rule in RULES
            if rule in self._numbers
        )


def shown(text: str, longest: int = 60) -> str:
    """A value of the file, short and without characters that command a terminal.

    >>> shown("a" + chr(27) + "[2Jb")
    'a�[2Jb'
    """
    cut = text if len(text) <= longest else text[: longest - 1] + "…"
    return "".join(letter if letter.isprintable() else "�" for letter in cut)


def _finding(rule: str, n: int, case_id: str | None, text: str) -> Finding:
    severity, vi, en = RULES[rule]
    return Finding(rule, severity, case_id, vi.format(n=n, text=text), en.format(n=n, text=text))
