"""Tidy diagrams: nodes in columns from left to right, lanes as bands, lines with right angles."""

from processes.layout.drawing import draw, has_drawing

__all__ = ["draw", "has_drawing"]
