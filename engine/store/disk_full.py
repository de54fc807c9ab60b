"""A full disk told as what it is, on both databases."""

from typing import Any

from sqlalchemy import Engine, event

from processes.errors import RuleError

_CODES = (13, "53100")
"""SQLITE_FULL, and the SQLSTATE disk_full of PostgreSQL."""


class DatabaseFull(RuleError):
    """There is no room to write to; what is there can still be read."""

    code = "database.full"
    vi = (
        "Máy chủ hết chỗ lưu trữ nên chưa ghi được gì. Báo người quản trị giải phóng ổ đĩa, "
        "rồi thử lại; những gì đã ghi vẫn còn nguyên."
    )
    en = (
        "The server has no room left, so nothing was written. Have the administrator free disk "
        "space, then try again; everything written before is still there."
    )


def tell_full(engine: Engine) -> Engine:
    """Have DatabaseFull raised wherever a connection of the engine meets a full disk."""

    @event.listens_for(engine, "handle_error")
    def full(context: Any) -> None:
        error = context.original_exception
        code = getattr(error, "sqlite_errorcode", None) or getattr(error, "sqlstate", None)
        if code in _CODES:
            raise DatabaseFull from error

    return engine


def cause_of(errors: list[BaseException | None], otherwise: BaseException) -> BaseException:
    """Why a group of commands came to nothing: a full disk ends it for all, whoever met it."""
    return next((error for error in errors if isinstance(error, DatabaseFull)), None) or otherwise
