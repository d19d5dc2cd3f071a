"""What can go wrong in the lab.

::

    LabError
    ├─ NothingToMeasure   an experiment was asked for with no question in it
    ├─ HealthyArmFailed   the application does not answer even without a fault
    └─ ControlError       the control API cannot be set up as asked for
"""

from __future__ import annotations

from services.errors import ServicesError


class LabError(ServicesError):
    """Anything of this package."""


class NothingToMeasure(LabError):
    """There is no question to ask."""


class HealthyArmFailed(LabError):
    """No healthy request was answered, so there is nothing to compare with."""


class ControlError(LabError):
    """The control API lacks what it needs, e.g. a token."""
