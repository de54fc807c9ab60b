"""What form 07a/BTP and offices' own tables ask for beside II.06a (domain facts 5.2).

A column that this office's data cannot fill has no number, and a note says why; it is never 0.
"""

from analysis.facts.facts import Facts
from analysis.period import Period
from analysis.reports.counted import counted
from analysis.reports.form_06a import at_of, wrong_of
from analysis.reports.members import ALL, DEFINITION, Only
from analysis.reports.names import GROUP_WORDS, Names
from analysis.reports.table import Cell, Column, Kind, Line, Report, Words

CODE = "07a"
FORM_NUMBER = "07a/BTP"
_ENDED = Words("Kết thúc không có kết quả", "Ended without a result")
_CHANNEL = Words("Cách nộp (trong kỳ)", "Channel (in the period)")
_LATE = Words("Quá hạn (đã và đang giải quyết)", "Late (handled and being handled)")
_UNKNOWN = Words("Chưa có dữ liệu", "No data")
_ALL = Words("Tổng số", "In all")
COLUMNS = (
    Column("received", (Words("Tiếp nhận", "Received"),), cell="received"),
    Column("online", (_CHANNEL, Words("Trực tuyến", "Online")), cell="online"),
    Column("post", (_CHANNEL, Words("Bưu chính", "Post")), cell="post"),
    Column("refused", (_ENDED, Words("Không được tiếp nhận, từ chối", "Refused")), cell="refused"),
    Column("discontinued", (_ENDED, Words("Dừng xử lý", "Discontinued")), cell="discontinued"),
    Column("withdrawn", (_ENDED, Words("Xin rút", "Withdrawn")), cell="withdrawn"),
    Column("waits", (Words("Chờ bổ sung", "Waiting for a supplement"),), cell="waits"),
    Column("behind", (_LATE, _ALL), cell="behind"),
    Column("apologised", (_LATE, Words("Đã có thư xin lỗi", "Apologised")), cell="apologised"),
    Column(
        "unapologised",
        (_LATE, Words("Chưa có thư xin lỗi", "Not apologised")),
        cell="unapologised",
    ),
)
UNKNOWN = (
    Column("awaiting", (_UNKNOWN, Words("Chờ tiếp nhận", "Awaiting reception"))),
    Column("full_online", (_UNKNOWN, Words("Toàn trình", "Fully online"))),
    Column("partly_online", (_UNKNOWN, Words("Một phần", "Partly online"))),
    Column("non_territorial", (_UNKNOWN, Words("Phi địa giới", "Non-territorial"))),
    Column("payment", (_UNKNOWN, Words("Thanh toán", "Payment"))),
)
"""Columns of the form that nothing here is recorded for."""

_NOTES = (
    Words(
        "–: chưa có dữ liệu. Hệ thống ghi hồ sơ từ lúc tiếp nhận nên không có hồ sơ chờ tiếp nhận; "
        "chưa ghi mức dịch vụ trực tuyến, nộp phi địa giới và thanh toán.",
        "–: no data. Dossiers are recorded from their reception on, so none awaits it; the level "
        "of online service, non-territorial submission and payment are not recorded.",
    ),
    Words(
        "Thư xin lỗi là phiếu xin lỗi và hẹn lại đã lập cho hồ sơ đến nay.",
        "Apologised: an apology with a new date was issued for it up to now.",
    ),
)


def report_07a(
    facts: Facts, period: Period, names: Names, group: str = "unit", only: Only = ALL
) -> Report:
    """The extras by group, beside the checked numbers of 06a. Errors: UnknownGroup."""
    found = counted(facts, period, group, only, tuple(column.cell for column in COLUMNS))
    gaps: tuple[Cell, ...] = (None,) * len(UNKNOWN)

    def numbers(of: dict[str, int]) -> tuple[Cell, ...]:
        return (*(of[column.cell] for column in COLUMNS), *gaps)

    return Report(
        code=CODE,
        form=FORM_NUMBER,
        title=Words(
            "Tình hình giải quyết hồ sơ: số liệu bổ sung cho biểu 06a",
            "Handling of dossiers: what goes beside form 06a",
        ),
        counts=Words("Số hồ sơ TTHC", "Dossiers"),
        period=period,
        definition=DEFINITION,
        columns=(
            Column("no", (Words("TT", "No."),)),
            Column("name", (GROUP_WORDS[group],), Kind.TEXT),
            *COLUMNS,
            *UNKNOWN,
        ),
        lines=tuple(
            Line(row.key, (n, names.of(group, row.key), *numbers(dict(row.numbers))))
            for n, row in enumerate(found.rows, start=1)
        ),
        total=Line("", (None, Words("Tổng cộng", "Total"), *numbers(dict(found.total)))),
        answer=Words(
            f"{found.total['behind']} hồ sơ trễ hạn, {found.total['unapologised']} hồ sơ chưa có "
            "thư xin lỗi.",
            f"{found.total['behind']} dossiers are late, {found.total['unapologised']} without an "
            "apology.",
        ),
        notes=_NOTES,
        wrong=wrong_of(found, names),
        group=group,
        numbered=True,
        at=at_of(facts),
    )
