"""What can go wrong with an incident."""

from services.lab.errors import LabError


class IncidentError(LabError):
    """A recording holds no incident, or an answer names what does not exist."""
