"""`python -m bench.engine`: the table of goals of the engine core, every row in one run.

The same as `python -m bench --only engine`; takes the same options.
"""

import sys

from bench.__main__ import main

if __name__ == "__main__":
    main(["--only", "engine", *sys.argv[1:]])
