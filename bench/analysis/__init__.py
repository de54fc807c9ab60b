"""Figures of the analysis: a made city of any size, its lake, and what questions to it cost."""
