"""The process that reads documents with signatures; it can be killed at any moment.

Started as `python -m engine.signatures.child`, it works like the judges of diagrams, and so is
bounded in memory and time by `engine.judging.child`.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from engine.judging.child import main
from engine.signatures.pdf import verify_pdf
from engine.signatures.preparing import compare_with_prepared, prepare_pdf
from engine.signatures.xml import verify_xml

JOBS: Mapping[str, Callable[..., Any]] = {
    "verify_pdf": verify_pdf,
    "verify_xml": verify_xml,
    "prepare_pdf": prepare_pdf,
    "compare": compare_with_prepared,
}

if __name__ == "__main__":
    logging.disable(logging.CRITICAL)  # what a library says of a stranger's file goes nowhere
    main(JOBS)
