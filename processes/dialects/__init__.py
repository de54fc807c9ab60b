"""What other engines wrote into a diagram, read where we have a counterpart.

Camunda 7 and 8 (zeebe), Flowable, Activiti and SpiffWorkflow: conditions as FEEL, assignees as
positions, forms as data fields, due dates as limits, timers, collections of repeated steps. Nothing
is changed here: `processes.repair` proposes what follows. Table: docs/reference/repairs.md.
"""

from processes.dialects.assignees import Assignee, read_assignee
from processes.dialects.collections import Collected, read_collection
from processes.dialects.due_dates import read_due_limit
from processes.dialects.expressions import (
    bare_name,
    is_usable,
    names_in,
    to_feel,
    to_feel_value,
)
from processes.dialects.forms import read_form
from processes.dialects.names import field_code
from processes.dialects.timers import named_limit, read_timer
from processes.dialects.words import Untranslatable

__all__ = [
    "Assignee",
    "Collected",
    "Untranslatable",
    "bare_name",
    "field_code",
    "is_usable",
    "named_limit",
    "names_in",
    "read_assignee",
    "read_collection",
    "read_due_limit",
    "read_form",
    "read_timer",
    "to_feel",
    "to_feel_value",
]
