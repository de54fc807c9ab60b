"""Indicators of QĐ 766/QĐ-TTg that an office's own data give (domain facts 5.1).

A share below its threshold gets as much of the full marks as it reaches of the threshold. What the
data cannot say is listed without a number and with the reason, never as 0.
Definition `766/1`: indicator 2.1 = (ended on time + running within the limit) / (received or
handled in the period); ended is judged by QĐ 766's own measure, waiting for a supplement by the
moment of the request, and a second request is late.
"""

from collections.abc import Mapping
from decimal import ROUND_DOWN, Decimal
from types import MappingProxyType

from analysis.facts.facts import Facts
from analysis.period import Period
from analysis.rate import Rate
from analysis.reports.counted import total_of
from analysis.reports.electronic import Electronic
from analysis.reports.form_06a import at_of
from analysis.reports.members import ALL, CELLS, Only, members_for, span, with_members
from analysis.reports.names import Names
from analysis.reports.table import Cell, Column, Kind, Line, Report, Words

CODE = "766"
HANDLING_CODE = "766-2.2"
DEFINITION = "766/1"
_MOST_POINTS = 20
_DAY_WS = 8 * 3600
_HANDLING = """
select procedure_code as key, count(*) as n, sum(work_ws) as work_ws, max(limit_ws) as limit_ws
from {source}
where {condition} and {counted}
group by 1 order by 1
"""
_NO_DATE = Words(
    "không ghi ngày công bố của cấp có thẩm quyền", "the day of promulgation is not recorded"
)
_NO_PARTS = Words("bảy bộ phận của TTHC không được ghi", "the seven parts are not recorded")
_NO_SYNC = Words("chưa đồng bộ với cổng quốc gia", "nothing is sent to the national portal")
_NO_ONLINE = Words("mức dịch vụ trực tuyến không được ghi", "the level of service is not recorded")
_NO_PAYMENT = Words("thanh toán không được ghi", "payments are not recorded")
_NO_SHARING = Words("việc chia sẻ không được ghi", "sharing is not recorded")
_NO_POPULATION = Words("chưa nối cơ sở dữ liệu dân cư", "the population database is not connected")
_NO_FEEDBACK = Words(
    "phản ánh, kiến nghị và mức hài lòng nhận ở hệ thống khác",
    "feedback and satisfaction are received elsewhere",
)
UNKNOWN: Mapping[str, tuple[Words, Words]] = {
    "1.1": (Words("Công bố đúng hạn", "Published on time"), _NO_DATE),
    "1.2": (Words("Cập nhật, công khai đúng hạn", "Updated on time"), _NO_DATE),
    "1.3": (Words("TTHC công khai đủ nội dung", "Procedures with all seven parts"), _NO_PARTS),
    "1.4": (Words("Hồ sơ được đồng bộ", "Dossiers synchronised"), _NO_SYNC),
    "3.1": (Words("TTHC cung cấp trực tuyến", "Procedures online"), _NO_ONLINE),
    "3.5": (Words("TTHC thanh toán trực tuyến", "Procedures paid online"), _NO_PAYMENT),
    "3.6": (Words("Hồ sơ thanh toán trực tuyến", "Dossiers paid online"), _NO_PAYMENT),
    "4.4": (Words("Chia sẻ dữ liệu", "Data shared"), _NO_SHARING),
    "4.5": (Words("Khai thác dữ liệu dân cư", "Population data used"), _NO_POPULATION),
    "5.1": (Words("Phản ánh, kiến nghị theo loại", "Feedback by kind"), _NO_FEEDBACK),
    "5.2": (Words("Phản ánh, kiến nghị đúng hạn", "Feedback on time"), _NO_FEEDBACK),
    "5.3": (Words("Hài lòng về trả lời", "Satisfied with answers"), _NO_FEEDBACK),
    "5.4": (Words("Hài lòng về giải quyết", "Satisfied with handling"), _NO_FEEDBACK),
}
"""Indicators without a number here, and why."""


def on_time_by_766(facts: Facts, period: Period, only: Only = ALL) -> Rate:
    """Indicator 2.1."""
    row = total_of(facts, period, only, ("on_time_766", "received"))
    return Rate(row["on_time_766"], row["received"])


def reached(rate: Rate, threshold: int) -> Decimal | None:
    """Percent of the full marks: all from the threshold on, below it in proportion; truncated.

    >>> reached(Rate(40, 100), 80)
    Decimal('50.00')
    """
    if rate.whole == 0:
        return None
    share = Decimal(rate.part * 10_000) / Decimal(rate.whole * threshold)
    return min(share, Decimal(100)).quantize(Decimal("0.01"), ROUND_DOWN)


def report_766(facts: Facts, period: Period, known: Electronic, only: Only = ALL) -> Report:
    """Every indicator in its order, those without data with the reason."""
    on_time = on_time_by_766(facts, period, only)
    lines = [
        _line(
            "2.1",
            Words(
                "Xử lý đúng hạn (đúng hạn + đang trong hạn)", "On time (ended or running in time)"
            ),
            on_time,
            threshold=100,
            most=_MOST_POINTS,
            behind={"part": "on_time_766", "whole": "received"},
        ),
        Line(
            "3.2",
            (
                *("3.2", Words("TTHC có hồ sơ trực tuyến", "Procedures with online dossiers")),
                *(known.online_procedures, None, None, None, None, None, ""),
            ),
        ),
        _line(
            "3.3",
            Words(
                "Hồ sơ trực tuyến có kết quả điện tử",
                "Online dossiers with an electronic result",
            ),
            Rate(known.online_with_electronic_result, known.received),
            threshold=50,
            behind={"part": "online_result", "whole": "came_766"},
        ),
        _line(
            "4.1",
            Words("Cấp kết quả điện tử", "Electronic results"),
            Rate(known.electronic, known.with_result),
            threshold=80,
            behind={"part": "electronic", "whole": "with_result"},
        ),
        _line(
            "4.2",
            Words("Số hóa hồ sơ (thành phần và kết quả)", "Digitised (components and result)"),
            Rate(known.digitised, known.with_result),
            threshold=80,
            behind={"part": "digitised", "whole": "with_result"},
        ),
        _line(
            "4.3",
            Words("Tái sử dụng thành phần hồ sơ", "Components re-used"),
            known.reused,
            threshold=80,
            behind={"part": "reused", "whole": "came_766"},
        ),
        *(
            Line(key, (key, name, None, None, None, None, None, None, why))
            for key, (name, why) in UNKNOWN.items()
        ),
    ]
    return Report(
        code=CODE,
        form="QĐ 766/QĐ-TTg",
        title=Words(
            "Chỉ số phục vụ người dân, doanh nghiệp", "Indicators of service (QĐ 766/QĐ-TTg)"
        ),
        counts=Words("Theo từng chỉ tiêu", "As each indicator says"),
        period=period,
        definition=DEFINITION,
        columns=(
            Column("indicator", (Words("Mã", "No."),), Kind.TEXT),
            Column("name", (Words("Chỉ tiêu", "Indicator"),), Kind.TEXT),
            Column("part", (Words("Tử số", "Part"),)),
            Column("whole", (Words("Mẫu số", "Whole"),)),
            Column("rate", (Words("Tỷ lệ", "Share"),), Kind.RATE),
            Column("threshold", (Words("Ngưỡng (%)", "Threshold (%)"),)),
            Column("reached", (Words("% điểm tối đa", "% of full marks"),), Kind.DECIMAL),
            Column("points", (Words("Điểm", "Points"),), Kind.DECIMAL),
            Column("why", (Words("Ghi chú", "Note"),), Kind.TEXT),
        ),
        lines=tuple(sorted(lines, key=lambda line: line.key)),
        answer=_answer(on_time),
        notes=(
            Words(
                "–: không có số liệu hoặc mẫu số bằng 0. Điểm chỉ ghi cho chỉ tiêu có điểm tối đa "
                "công bố riêng (2.1: 20 điểm).",
                "–: no data, or a whole of 0. Points are given where an indicator has full marks "
                "of its own (2.1: 20).",
            ),
            Words(
                "Mục 2.2, thời gian giải quyết bình quân từng thủ tục: xem bảng 766-2.2.",
                "For 2.2, mean handling time of each procedure, see table 766-2.2.",
            ),
        ),
        at=at_of(facts),
    )


def _answer(on_time: Rate) -> Words:
    if on_time.percent is None:
        return Words("Kỳ này chưa có hồ sơ.", "There were no dossiers in this period.")
    share = f"{on_time.percent}%"
    return Words(
        f"Xử lý đúng hạn (2.1): {share.replace('.', ',')} ({on_time.part}/{on_time.whole}).",
        f"On time (2.1): {share} ({on_time.part} of {on_time.whole}).",
    )


def _line(
    key: str,
    name: Words,
    rate: Rate,
    *,
    threshold: int,
    most: int | None = None,
    behind: Mapping[str, str] = MappingProxyType({}),
) -> Line:
    share = reached(rate, threshold)
    points: Cell = None
    if most is not None and share is not None:
        points = (share * most / 100).quantize(Decimal("0.01"), ROUND_DOWN)
    cells = (key, name, rate.part, rate.whole, rate, threshold, share, points, "")
    return Line(key, cells, behind=behind)


def report_handling(facts: Facts, period: Period, names: Names, only: Only = ALL) -> Report:
    """Indicator 2.2: mean working time of what was received and ended in the period."""
    asked = _HANDLING.format(
        source=members_for(*only.names),
        condition=only.condition,
        counted=CELLS["came_and_ended"],
    )
    rows = facts.rows(with_members(asked), **span(facts, period).values, **only.values)
    lines = []
    for place, row in enumerate(rows, start=1):
        n, used = int(row["n"]), int(row["work_ws"])
        days = (Decimal(used) / (n * _DAY_WS)).quantize(Decimal("0.01"), ROUND_DOWN)
        name = names.of("procedure", row["key"])
        lines.append(
            Line(row["key"], (place, row["key"], name, n, used // n, days, row["limit_ws"]))
        )
    return Report(
        code=HANDLING_CODE,
        form="QĐ 766/QĐ-TTg",
        title=Words(
            "Thời gian giải quyết bình quân (chỉ tiêu 2.2)", "Mean handling time (indicator 2.2)"
        ),
        counts=Words("Giờ và ngày làm việc", "Working hours and days"),
        period=period,
        definition=DEFINITION,
        columns=(
            Column("no", (Words("TT", "No."),)),
            Column("code", (Words("Mã", "Code"),), Kind.TEXT),
            Column("name", (Words("Thủ tục", "Procedure"),), Kind.TEXT),
            Column("n", (Words("Số hồ sơ", "Dossiers"),), cell="came_and_ended"),
            Column("mean", (Words("Bình quân (giờ)", "Mean (hours)"),), Kind.HOURS),
            Column("days", (Words("Bình quân (ngày)", "Mean (days)"),), Kind.DECIMAL),
            Column("limit", (Words("Thời hạn (giờ)", "Limit (hours)"),), Kind.HOURS),
        ),
        lines=tuple(lines),
        notes=(
            Words(
                "Hồ sơ tiếp nhận và giải quyết xong trong kỳ; một ngày làm việc là 8 giờ, thời "
                "gian tạm dừng không tính. Thời hạn dài nhất trong các trường hợp.",
                "Received and ended in the period; a working day has 8 hours, pauses are not "
                "counted. The limit is the longest of the cases.",
            ),
        ),
        at=at_of(facts),
    )
