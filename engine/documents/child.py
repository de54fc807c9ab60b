"""The process in which strangers' documents are opened: examined, drawn, bound.

`python -m engine.documents.child` is spoken to as `engine.judging.child` is.
"""

from collections.abc import Callable, Mapping
from typing import Any

from engine.documents.archival_check import look_through
from engine.documents.archival_copy import copy_picture
from engine.documents.archival_pages import copy_pages
from engine.documents.examination import examine
from engine.documents.pictures import bind, preview
from engine.judging.child import main

JOBS: Mapping[str, Callable[..., Any]] = {
    "examine": examine,
    "preview": preview,
    "bind": bind,
    "copy_picture": copy_picture,
    "copy_pages": copy_pages,
    "look_through": look_through,
}

if __name__ == "__main__":
    main(JOBS)
