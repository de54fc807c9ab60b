"""Who reads figures of the whole office."""

from engine.actor import Role

ANALYSIS_READERS = (Role.REFORM, Role.HEAD, Role.ADMIN, Role.DESIGNER)
