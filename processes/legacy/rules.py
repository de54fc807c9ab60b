"""What the import of a one-stop workflow has to say: repairs, contradictions, things kept aside."""

from processes.finding import Severity
from processes.rule import Rule

TOTAL_ABSENT = Rule(
    "legacy-total-absent",
    Severity.WARNING,
    "Tệp gốc không có tổng thời hạn (totaltime “{stated}”). Đã lấy tổng thời gian các bước: "
    "{total}. Kiểm tra lại với quyết định công bố thủ tục.",
    "The file states no total time (totaltime '{stated}'). The sum of the steps was taken: "
    "{total}. Check it against the decision.",
)
TOTAL_UNKNOWN = Rule(
    "legacy-total-unknown",
    Severity.WARNING,
    "Tệp gốc không có tổng thời hạn, và thời gian các bước ({sum}) không dùng được. Ghi thời hạn "
    "giải quyết trước khi ban hành.",
    "The file states no total, and the time of its steps ({sum}) is of no use. Enter the total "
    "limit before publication.",
)
TOTAL_EXCEEDED = Rule(
    "legacy-total-exceeded",
    Severity.WARNING,
    "Thời gian các bước cộng lại là {sum}, nhiều hơn tổng thời hạn {total} ghi trong tệp gốc. "
    "Giữ nguyên cả hai; rút ngắn các bước hoặc sửa tổng thời hạn.",
    "The steps add up to {sum}, more than the total of {total} that the file states. Both are "
    "kept; shorten the steps or correct the total.",
)
TOTAL_LARGER = Rule(
    "legacy-total-larger",
    Severity.INFO,
    "Thời gian các bước cộng lại là {sum}, ít hơn tổng thời hạn {total} ghi trong tệp gốc.",
    "The steps add up to {sum}, less than the total of {total} that the file states.",
)
STEP_TIME_ABSENT = Rule(
    "legacy-step-time-absent",
    Severity.WARNING,
    "Bước “{step}” không có thời gian (time “{stated}”). Đã lấy tổng thời gian các công việc của "
    "bước: {sum}.",
    "Step '{step}' states no time (time '{stated}'). The sum of its tasks was taken: {sum}.",
)
TASKS_EXCEED = Rule(
    "legacy-task-times-exceed",
    Severity.WARNING,
    "Bước “{step}” có {total}, nhưng các công việc cộng lại là {sum}. Phần mềm cũ chỉ tính hạn "
    "theo bước, nên đã chia lại: {before} thành {after}.",
    "Step '{step}' has {total}, but its tasks add up to {sum}. The old software counted by steps "
    "only, so the time was shared out: {before} became {after}.",
)
TASKS_SHORT = Rule(
    "legacy-task-times-short",
    Severity.INFO,
    "Bước “{step}” có {total}, các công việc chỉ ghi {sum}. Phần còn lại đã chia cho các công "
    "việc: {before} thành {after}.",
    "Step '{step}' has {total}, its tasks state only {sum}. The rest was shared out: {before} "
    "became {after}.",
)
NO_TIME = Rule(
    "legacy-task-without-time",
    Severity.WARNING,
    "Tệp gốc ghi 0 ngày cho các công việc: {tasks}. Giữ nguyên: các bước này đến hạn ngay khi bắt "
    "đầu. Chia lại thời gian của bước nếu cần.",
    "The file states 0 days for these tasks: {tasks}. Kept: they are due as soon as they begin. "
    "Share out the step's time if that is not meant.",
)
TIME_UNREADABLE = Rule(
    "legacy-time-unreadable",
    Severity.WARNING,
    "Công việc “{task}” có thời gian không đọc được (time “{stated}”), coi như không ghi.",
    "Task '{task}' has a time that cannot be read (time '{stated}'); taken as not stated.",
)
NEXT_MISSING = Rule(
    "legacy-next-missing",
    Severity.WARNING,
    "Công việc “{task}” chuyển tới “{next}”, không có trong tệp. Đã nối tới kết thúc; nối lại cho "
    "đúng.",
    "Task '{task}' leads to '{next}', which the file does not have. It now leads to the end; "
    "connect it properly.",
)
NEXT_ABSENT = Rule(
    "legacy-next-absent",
    Severity.WARNING,
    "Công việc “{task}” không ghi công việc tiếp theo. Đã nối tới công việc đứng sau trong tệp.",
    "Task '{task}' does not say what comes next. It now leads to the task that follows in the "
    "file.",
)
LOOP = Rule(
    "legacy-loop",
    Severity.ERROR,
    "Công việc “{task}” chuyển ngược về “{next}”, tạo vòng lặp không có lối ra. Thêm một cổng với "
    "điều kiện ra khỏi vòng lặp.",
    "Task '{task}' leads back to '{next}', a loop without a way out. Add a gateway with a "
    "condition that leaves the loop.",
)
SIDE_BACK = Rule(
    "legacy-side-branch-back",
    Severity.WARNING,
    "Nhánh phụ chuyển từ “{task}” về “{next}” của luồng chính, tức là làm hai lần. Đã kết thúc "
    "nhánh phụ tại đây.",
    "The side branch leads from '{task}' back to '{next}' of the main flow, which would be done "
    "twice. The side branch now ends here.",
)
UNREACHED = Rule(
    "legacy-task-unreached",
    Severity.WARNING,
    "Công việc “{task}” ({code}) không có công việc nào chuyển tới, phần mềm cũ không bao giờ thực "
    "hiện. Không vẽ vào sơ đồ; đã ghi vào phần mô tả.",
    "No task leads to '{task}' ({code}), so the old software never did it. It is not drawn; the "
    "documentation keeps it.",
)
DUPLICATE = Rule(
    "legacy-task-twice",
    Severity.WARNING,
    "Mã công việc {code} có hai lần. Các công việc khác chuyển tới lần đầu; lần sau không vẽ, đã "
    "ghi vào phần mô tả.",
    "The task code {code} stands there twice. Others lead to the first; the second is not drawn, "
    "the documentation keeps it.",
)
PAUSE = Rule(
    "legacy-pause",
    Severity.INFO,
    "Đồng hồ hồ sơ dừng sau “{task}” và chạy tiếp sau “{until}”: các bước ở giữa là thời gian của "
    "người dân (trạng thái 6), không tính vào thời hạn.",
    "The dossier's clock stops after '{task}' and runs again after '{until}': the steps between "
    "are the citizen's time (status 6) and do not count.",
)
PAUSE_OPEN = Rule(
    "legacy-pause-open",
    Severity.WARNING,
    "Đồng hồ hồ sơ dừng sau “{task}” nhưng không có công việc nào cho chạy tiếp. Chỉ công việc kế "
    "tiếp được coi là thời gian của người dân.",
    "The dossier's clock stops after '{task}', but no task lets it run again. Only the next task "
    "is taken as the citizen's time.",
)
UNPAUSE_ALONE = Rule(
    "legacy-unpause-alone",
    Severity.WARNING,
    "“{task}” cho đồng hồ chạy tiếp, nhưng trước đó đồng hồ không dừng. Bỏ qua dấu này.",
    "'{task}' lets the clock run again, but it had not stopped. The mark has no effect.",
)
SIDE_BRANCH = Rule(
    "legacy-side-branch",
    Severity.INFO,
    "Sau “{task}” có nhánh phụ “{side}” chạy song song; luồng chính không chờ nhánh này.",
    "After '{task}' the side branch '{side}' runs in parallel; the main flow does not wait for it.",
)
FEE_UNREADABLE = Rule(
    "legacy-fee-unreadable",
    Severity.WARNING,
    "Không đọc được mức phí “{fee}”. Giữ nguyên văn; ghi lại mức phí cho đúng.",
    "The fee '{fee}' cannot be read. The text is kept; enter the fee properly.",
)
FEE_WITHOUT_AMOUNT = Rule(
    "legacy-fee-without-amount",
    Severity.WARNING,
    "Có bước thu phí “{task}” nhưng tệp gốc không ghi mức phí. Bổ sung mức phí.",
    "There is a step that collects a fee, '{task}', but the file states no amount. Add it.",
)
FEE_WITHOUT_STEP = Rule(
    "legacy-fee-without-step",
    Severity.INFO,
    "Tệp gốc ghi mức phí {fee} nhưng không có bước thu phí.",
    "The file states a fee of {fee}, but no step collects it.",
)
UNKNOWN = Rule(
    "legacy-unknown",
    Severity.WARNING,
    "Thông tin {name}=“{value}” của tệp gốc không có ý nghĩa trong quy trình mới; đã ghi vào phần "
    "mô tả.",
    "The file's {name}='{value}' has no meaning here; the documentation keeps it.",
)
SET_ASIDE = Rule(
    "legacy-step-commented-out",
    Severity.INFO,
    "Bước “{step}” nằm trong chú thích của tệp gốc, không được nhập.",
    "Step '{step}' stands in a comment of the file and was not imported.",
)
NAME_MISSING = Rule(
    "legacy-name-missing",
    Severity.WARNING,
    "Tệp gốc không có {what}. Đã đặt tạm “{given}”.",
    "The file has no {what}. '{given}' was taken for now.",
)
FORM_COMPONENTS = Rule(
    "legacy-form-components",
    Severity.INFO,
    "Đã lấy {count} thành phần hồ sơ và {fields} trường dữ liệu từ mẫu tiếp nhận. Biểu mẫu cũ "
    "không ghi bắt buộc hay không, bản chính hay bản sao: kiểm tra từng thành phần.",
    "{count} components and {fields} fields were taken from the reception form. The old form does "
    "not say what is required, original or copy: check each component.",
)
FORM_ITEM = Rule(
    "legacy-form-item",
    Severity.INFO,
    "Mục “{item}” ({type}) của mẫu tiếp nhận không được nhập: {why}.",
    "The item '{item}' ({type}) of the reception form was not imported: {why}.",
)
RULES = (
    *(TOTAL_ABSENT, TOTAL_UNKNOWN, TOTAL_EXCEEDED, TOTAL_LARGER, STEP_TIME_ABSENT),
    *(TASKS_EXCEED, TASKS_SHORT, NO_TIME, TIME_UNREADABLE),
    *(NEXT_MISSING, NEXT_ABSENT, LOOP, SIDE_BACK, UNREACHED, DUPLICATE),
    *(PAUSE, PAUSE_OPEN, UNPAUSE_ALONE, SIDE_BRANCH),
    *(FEE_UNREADABLE, FEE_WITHOUT_AMOUNT, FEE_WITHOUT_STEP, UNKNOWN, SET_ASIDE, NAME_MISSING),
    *(FORM_COMPONENTS, FORM_ITEM),
)
