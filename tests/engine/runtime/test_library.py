"""The library is touched inside, so only the version that this was proved on is accepted."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from engine.runtime.library import PROVED_VERSION

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = """
import importlib.metadata as metadata
real = metadata.version
metadata.version = lambda name: {found!r} if name.lower() == "spiffworkflow" else real(name)
import engine.runtime.instance
print("started")
"""


def started_with(found):
    return subprocess.run(
        [sys.executable, "-c", PROGRAM.format(found=found)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )


@pytest.mark.parametrize("found", ["3.1.2", "3.2.1", "4.0.0"])
def test_another_version_of_the_library_is_refused_at_the_start(found):
    done = started_with(found)
    assert done.returncode != 0
    assert f"SpiffWorkflow {PROVED_VERSION} is required, {found} is installed" in done.stderr


def test_the_proved_version_is_the_one_that_is_installed_and_required():
    assert started_with(PROVED_VERSION).stdout == "started\n"
    assert version("spiffworkflow") == PROVED_VERSION
    assert f"spiffworkflow=={PROVED_VERSION}" in (ROOT / "pyproject.toml").read_text().lower()
