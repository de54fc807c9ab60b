"""A file that a command writes: whole under its name, or not there at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from analysis.event_log.findings import shown
from processes.errors import InvalidInput


class FileNotWritten(InvalidInput):
    """The operating system does not take the file: no folder, no right, no room."""

    code = "file.not_written"
    vi = (
        "Không ghi được tệp “{name}” ({why}). Kiểm tra thư mục, quyền ghi và chỗ trống; "
        "chưa có gì thay đổi."
    )
    en = (
        "The file '{name}' cannot be written ({why}). Check its folder, your right to write and "
        "the room that is left; nothing was changed."
    )


@contextmanager
def whole_file(out: Path) -> Iterator[BinaryIO]:
    """To be written to; what was there before stays until all is. What is no file but a device or
    a pipe is written to as it is (FileNotWritten).
    """
    target = Path(os.path.realpath(out))
    try:
        if target.exists() and not (target.is_file() or target.is_dir()):
            with target.open("wb") as stream:
                yield stream
            return
        part = target.with_name(f"{target.name}.{os.getpid()}.part")
        with part.open("xb") as stream:
            try:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
                part.replace(target)
            finally:
                part.unlink(missing_ok=True)
    except OSError as refused:
        why = refused.strerror or type(refused).__name__
        raise FileNotWritten(name=shown(out.name), why=why) from refused
