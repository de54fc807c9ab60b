"""Which constructs of BPMN 2.0 run here: the table, and the judgement of a file by it.

Nothing is silently wrong: what is not in the table as running or as mere drawing is refused at
upload, with a sentence that says what to use instead. The docs show the same table.
"""

from processes.support.construct import Construct, Verdict
from processes.support.judging import RULES, judge_support
from processes.support.table import CONSTRUCTS

__all__ = ["CONSTRUCTS", "RULES", "Construct", "Verdict", "judge_support"]
