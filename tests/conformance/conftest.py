"""The office of the engine's tests, once on each database."""

from tests.engine.conftest import ward

__all__ = ["ward"]
