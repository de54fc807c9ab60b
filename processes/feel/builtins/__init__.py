"""The functions that DMN 1.3 gives the language (and the few that 1.4 and 1.5 added)."""

from processes.feel.builtins import (
    contexts,
    conversion,
    lists,
    moments,
    numeric,
    ranges,
    strings,
)
from processes.feel.builtins.registry import BUILTINS, Builtin

__all__ = ["BUILTINS", "Builtin", "contexts", "conversion", "lists", "moments", "numeric"]
__all__ += ["ranges", "strings"]
