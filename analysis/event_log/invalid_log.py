"""Why a log could not be read; each error names the file and says what to do."""

from processes.errors import InvalidInput


class InvalidLog(InvalidInput):
    """The file is not an event log that can be read."""

    code = "log.invalid"
    vi = "Không đọc được nhật ký “{name}”."
    en = "The event log '{name}' cannot be read."


class LogNotOpened(InvalidLog):
    """The operating system does not hand out the file."""

    code = "log.not_opened"
    vi = "Không mở được tệp “{name}”. Kiểm tra đường dẫn và quyền đọc tệp."
    en = "The file '{name}' cannot be opened. Check its path and your right to read it."


class LogNoRoom(InvalidLog):
    """The machine that reads has no room to lay a database down."""

    code = "log.no_room"
    vi = "Máy đang đọc “{name}” hết chỗ lưu tạm. Giải phóng ổ đĩa rồi thử lại; tệp không sao."
    en = "The machine that reads '{name}' has no room left. Free disk space; the file is sound."


class LogFormatUnknown(InvalidLog):
    """Neither XES nor OCEL nor CSV by its content."""

    code = "log.format_unknown"
    vi = "“{name}” không phải XES (.xes, .xes.gz), OCEL hay CSV. Hãy xuất lại nhật ký."
    en = "'{name}' is neither XES (.xes, .xes.gz) nor OCEL nor CSV. Export the log again."


class LogBroken(InvalidLog):
    """The file breaks off or its syntax is wrong."""

    code = "log.broken"
    vi = "Tệp “{name}” bị hỏng hoặc bị cắt cụt gần dòng {line}. Hãy xuất hoặc tải lại tệp."
    en = "The file '{name}' is damaged or cut short near line {line}. Export or fetch it again."


class LogDamaged(LogBroken):
    """Packed or binary, and damaged: no line can be named."""

    code = "log.damaged"
    vi = "Tệp “{name}” bị hỏng hoặc bị cắt cụt. Hãy xuất hoặc tải lại tệp."
    en = "The file '{name}' is damaged or cut short. Export or fetch it again."


class LogQuotesUnclosed(LogBroken):
    """A quotation mark opens a cell and does not close it: rows would run into one another."""

    code = "log.quotes_unclosed"
    vi = (
        "Tệp “{name}”, dòng {line}: dấu ngoặc kép mở ô mà không đóng ô. Trong ô có dấu này "
        'thì viết đôi (""), hoặc xuất lại nhật ký.'
    )
    en = (
        "The file '{name}', line {line}: a quotation mark opens a cell and does not close it. "
        'Double ("") the marks inside of cells, or export the log again.'
    )


class LogOcelIncomplete(LogBroken):
    """Valid JSON, and an event or object lacks what the standard demands of it."""

    code = "log.ocel_incomplete"
    vi = (
        "Tệp OCEL “{name}”: {where} thiếu hoặc sai thông tin bắt buộc (id, type, time, attributes, "
        "relationships). Hãy xuất lại dạng OCEL 2.0."
    )
    en = (
        "The OCEL file '{name}': {where} lacks what it must have, or has it wrong (id, type, time, "
        "attributes, relationships). Export it again as OCEL 2.0."
    )


class LogPacked(LogFormatUnknown):
    """A workbook or an archive; what is in it was not looked at."""

    code = "log.packed"
    vi = (
        "“{name}” là tệp Excel hoặc tệp nén. Hãy mở ra và lưu dạng “CSV UTF-8”; tệp nén chỉ nhận "
        "gzip (.gz), nén một lần."
    )
    en = (
        "'{name}' is an Excel workbook or an archive. Open it and save it as 'CSV UTF-8'; of "
        "packed files only gzip (.gz), packed once, is read."
    )


class LogDoctype(InvalidLog):
    """A document type declaration: no log needs one, attacks do."""

    code = "log.doctype"
    vi = "Tệp “{name}” có khai báo DOCTYPE nên bị từ chối vì an toàn. Hãy bỏ khai báo đó."
    en = "The file '{name}' has a DOCTYPE declaration and is refused for safety. Remove it."


class LogTooLarge(InvalidLog):
    """One of the bounds of `LogLimits` is passed."""

    code = "log.too_large"
    vi = "Nhật ký “{name}” vượt giới hạn {bound}: tối đa {most}. Hãy chia nhỏ nhật ký."
    en = "The log '{name}' passes the limit {bound}: at most {most}. Split the log."


class LogEncodingUnknown(InvalidLog):
    """Text that is not Unicode; guessing would garble names."""

    code = "log.encoding_unknown"
    vi = "Tệp “{name}” không phải văn bản UTF-8 (gần dòng {line}). Hãy lưu lại dạng “CSV UTF-8”."
    en = "The file '{name}' is not UTF-8 text (near line {line}). Save it again as 'CSV UTF-8'."


class LogColumnsMissing(InvalidLog):
    """A CSV file whose header does not name what a log must have."""

    code = "log.columns_missing"
    vi = (
        "Tệp “{name}” thiếu cột {missing}. Các cột đọc được: {found}. "
        "Đặt tên cột là case_id (mã hồ sơ), activity (bước) và timestamp (thời điểm)."
    )
    en = (
        "The file '{name}' lacks the columns {missing}. Columns read: {found}. "
        "Name the columns case_id, activity and timestamp."
    )


class LogTimesUnreadable(InvalidLog):
    """There are time stamps, and not one can be read."""

    code = "log.times_unreadable"
    vi = (
        "Không đọc được thời điểm nào trong “{name}”, ví dụ “{text}”. "
        "Dùng dạng 2025-07-01T08:30:00+07:00 hoặc 01/07/2025 08:30:00."
    )
    en = (
        "No time stamp in '{name}' can be read, for example '{text}'. "
        "Write 2025-07-01T08:30:00+07:00 or 01/07/2025 08:30:00."
    )


class LogDateOrderUnclear(InvalidLog):
    """Some dates can only be day first, others only month first."""

    code = "log.date_order_unclear"
    vi = (
        "Ngày tháng trong “{name}” viết lẫn lộn ngày trước (“{day_first}”) và tháng trước "
        "(“{month_first}”). Dùng dạng 2025-07-01."
    )
    en = (
        "Dates in '{name}' mix day first ('{day_first}') and month first ('{month_first}'). "
        "Write 2025-07-01."
    )


class LogWithoutEvents(InvalidLog):
    """A log in which nothing happened cannot be measured."""

    code = "log.without_events"
    vi = "Nhật ký “{name}” không có sự kiện nào ghi rõ hồ sơ và bước."
    en = "The log '{name}' holds no event with a case and an activity."


class LogObjectTypeUnknown(InvalidLog):
    """An object-centric log has many kinds of objects; none of that name can be a case."""

    code = "log.object_type_unknown"
    vi = "Nhật ký “{name}” không có loại đối tượng “{wanted}” có sự kiện. Có: {found}."
    en = "The log '{name}' has no objects of type '{wanted}' with events. It has: {found}."


class LogPartEmpty(InvalidLog):
    """No case of the log began in the period."""

    code = "log.part_empty"
    vi = "“{name}” không có hồ sơ nào bắt đầu từ {first} đến {last}. Chọn kỳ khác."
    en = "No case of '{name}' began from {first} to {last}. Choose another period."
