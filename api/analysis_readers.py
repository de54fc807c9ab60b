"""Who reads figures of the whole office, and who those of single officers."""

from engine.actor import Role

ANALYSIS_READERS = (Role.REFORM, Role.HEAD, Role.ADMIN, Role.DESIGNER)

PERSON_READERS = (Role.HEAD,)
"""Who also reads figures of single officers, each of enough dossiers to say something."""
