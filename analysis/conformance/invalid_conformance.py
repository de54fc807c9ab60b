"""Why a log cannot be laid against a diagram."""

from processes.errors import InvalidInput


class DiagramNotPlayable(InvalidInput):
    """The diagram has no token game: nothing can be compared with it."""

    code = "conformance.diagram_not_playable"
    vi = "Không thể đối chiếu nhật ký với sơ đồ: {vi} ({where}). Sửa sơ đồ rồi thử lại."
    en = "The log cannot be compared with the diagram: {en} ({where}). Mend the diagram, try again."


class MappingUnreadable(InvalidInput):
    """The file that says which activity is which step cannot be read."""

    code = "conformance.mapping_unreadable"
    vi = "Không đọc được tệp đối chiếu bước, dòng {line}: cần “hoạt động,mã phần tử”."
    en = "The mapping file cannot be read, line {line}: it needs 'activity,element id'."


class MappingUnknownElement(InvalidInput):
    """The mapping names an element that the diagram does not have."""

    code = "conformance.mapping_unknown_element"
    vi = "Tệp đối chiếu nêu phần tử “{element}” không có trong sơ đồ."
    en = "The mapping names the element '{element}', which the diagram does not have."
