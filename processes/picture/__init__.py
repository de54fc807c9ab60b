"""A diagram as an SVG picture, made on the server: thumbnails, prints, pages without JavaScript."""

from processes.picture.rendering import svg

__all__ = ["svg"]
