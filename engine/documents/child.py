"""The process in which strangers' documents are opened: examined, drawn, bound.

`python -m engine.documents.child` is spoken to as `engine.judging.child` is.
"""

from collections.abc import Callable, Mapping
from typing import Any

from engine.documents.examination import examine
from engine.documents.pictures import bind, preview
from engine.judging.child import main

JOBS: Mapping[str, Callable[..., Any]] = {"examine": examine, "preview": preview, "bind": bind}

if __name__ == "__main__":
    main(JOBS)
