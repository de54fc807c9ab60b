"""What the lists behind numbers are called on pages."""

from collections.abc import Mapping

from analysis.counted.question import Counted

Words = tuple[str, str]
COUNTED_WORDS: Mapping[Counted, Words] = {
    Counted.FINISHED: ("Hồ sơ xử lý xong trong kỳ", "Dossiers finished in the period"),
    Counted.EARLY: ("Hồ sơ xong trước hạn", "Dossiers finished early"),
    Counted.ON_TIME: ("Hồ sơ xong đúng hạn", "Dossiers finished on time"),
    Counted.LATE: ("Hồ sơ xong quá hạn", "Dossiers finished late"),
    Counted.JUDGED: ("Hồ sơ xong, có kết luận về hạn", "Dossiers finished with a verdict"),
    Counted.IN_TIME: ("Hồ sơ xong trước và đúng hạn", "Dossiers finished early or on time"),
    Counted.TIMED: ("Hồ sơ xong, biết xử lý bao lâu", "Dossiers finished after a known time"),
    Counted.RECEIVED: ("Hồ sơ tiếp nhận trong kỳ", "Dossiers received in the period"),
    Counted.OPEN: ("Hồ sơ đang xử lý", "Dossiers being handled"),
    Counted.OVERDUE: ("Hồ sơ đang xử lý đã quá hạn", "Dossiers being handled, overdue"),
    Counted.PAUSED: ("Hồ sơ đang dừng đồng hồ", "Dossiers whose clock stands still"),
    Counted.SUPPLEMENTED: ("Hồ sơ phải bổ sung", "Dossiers asked for a supplement"),
    Counted.RETURNED: (
        "Hồ sơ tiếp nhận trong kỳ phải bổ sung",
        "Dossiers of the period asked for a supplement",
    ),
    Counted.LACKED: ("Hồ sơ thiếu thành phần", "Dossiers that lacked the component"),
    Counted.NEEDING: ("Hồ sơ cần thành phần", "Dossiers that need the component"),
    Counted.MADE_LATE: ("Hồ sơ xong trễ", "Dossiers finished late"),
    Counted.OWED: ("Hồ sơ trễ vì bước", "Dossiers that the step made late"),
    Counted.OWED_BETWEEN: (
        "Hồ sơ trễ mà không bước nào vượt hạn",
        "Late dossiers in which no step overran",
    ),
    Counted.REPEATED: ("Hồ sơ phải làm lại bước", "Dossiers that did the step again"),
    Counted.PASSED: ("Hồ sơ đã qua bước", "Dossiers that passed the step"),
    Counted.WATCHED: ("Hồ sơ tiếp nhận trong kỳ", "Dossiers received in the period"),
    Counted.WATCHED_DONE: ("Hồ sơ đã xong", "Dossiers that are done"),
    Counted.WATCHED_UNDONE: ("Hồ sơ chưa xong hoặc bỏ dở", "Dossiers not done, or given up"),
    Counted.WATCHED_LONGER: ("Hồ sơ xử lý lâu hơn thế", "Dossiers that took or take longer"),
    Counted.WENT: ("Hồ sơ đi đường này", "Dossiers that went this way"),
    Counted.WALKED: ("Hồ sơ đã xong, biết đường đi", "Dossiers finished whose way is known"),
    Counted.ASKED: ("Lần yêu cầu bổ sung", "Supplements asked for"),
    Counted.ASKED_LAST_HOUR: (
        "Lần yêu cầu bổ sung trong giờ làm việc cuối trước hạn",
        "Supplements asked for in the last working hour before due",
    ),
    Counted.BEGUN: (
        "Hồ sơ tiếp nhận trong kỳ, đã bắt đầu làm",
        "Dossiers of the period that were begun",
    ),
    Counted.BACK_DATED: ("Hồ sơ ghi lùi ngày tiếp nhận", "Dossiers received at a date before"),
    Counted.BULK_FINISHED: (
        "Hồ sơ xong vào ngày làm việc cuối tháng",
        "Dossiers finished on a month's last working day",
    ),
    Counted.STEP_ENDED: ("Lượt đã qua bước", "Runs that ended"),
    Counted.STEP_EARLY: ("Lượt qua bước trước hạn", "Runs that ended early"),
    Counted.STEP_ON_TIME: ("Lượt qua bước đúng hạn", "Runs that ended on time"),
    Counted.STEP_LATE: ("Lượt trễ ở bước", "Runs late at the step"),
    Counted.STEP_JUDGED: ("Lượt có kết luận về hạn", "Runs with a verdict"),
    Counted.STEP_IN_TIME: ("Lượt trước và đúng hạn", "Runs early or on time"),
    Counted.STEP_SENT_BACK: ("Lượt bị trả lại từ bước", "Runs sent back from the step"),
    Counted.STEP_AGAIN: ("Lượt làm lại", "Runs done again"),
    Counted.STEP_WAITED: ("Lượt đã chờ", "Runs and how long they waited"),
    Counted.STEP_HANDLED: ("Lượt đã xử lý", "Runs and how long they were handled"),
    Counted.STEP_PAUSED: ("Lượt và thời gian tạm dừng", "Runs and how long they stood paused"),
    Counted.STEP_COMPLETED: ("Lượt đã hoàn thành", "Runs that were completed"),
    Counted.STEP_QUICK: (
        "Lượt hoàn thành trong vài giây",
        "Runs completed within seconds of being taken",
    ),
    Counted.STEP_NO_HANDLING: (
        "Lượt hoàn thành mà không có thời gian xử lý",
        "Runs completed without handling time",
    ),
    Counted.STEP_SENT_HERE: ("Lượt được trả lại bước này", "Runs sent back to this step"),
    Counted.STEP_WATCHED: ("Lượt bắt đầu trong kỳ", "Runs begun in the period"),
    Counted.STEP_ARRIVED: ("Lượt đến trong kỳ", "Runs that arrived in the period"),
    Counted.STEP_OPEN: ("Lượt đang ở bước", "Runs at the step now"),
    Counted.STEP_IN_QUEUE: ("Lượt chờ có người nhận", "Runs waiting to be taken up"),
    Counted.STEP_IN_HAND: ("Lượt đang trong tay", "Runs in hand"),
    Counted.STEP_CAUSE: ("Lượt phải chờ vì", "Runs that waited because"),
    Counted.STEP_LIKELY_LATE: (
        "Lượt đang mở nhiều khả năng trễ",
        "Open runs that will more likely than not be late",
    ),
}
SPENT_WORDS: Mapping[Counted, Words] = {
    Counted.STEP_WAITED: ("Đã chờ", "Waited"),
    Counted.STEP_HANDLED: ("Đã xử lý", "Handled for"),
    Counted.STEP_PAUSED: ("Tạm dừng", "Paused"),
    Counted.STEP_CAUSE: ("Chờ vì thế", "Waited for it"),
}
"""What the time of a run means; elsewhere it is how long the run took, or has lain."""
USUAL_SPENT: Words = ("Mất", "Took")
AT_MOMENT = frozenset({Counted.STEP_IN_QUEUE, Counted.STEP_IN_HAND})
"""What was so at the end of a day."""
AT_PRESENT = frozenset(
    {
        Counted.OPEN,
        Counted.OVERDUE,
        Counted.PAUSED,
        Counted.STEP_OPEN,
        Counted.STEP_LIKELY_LATE,
    }
)
"""What is so now, whatever the period."""
