"""What can go wrong in a calibration.

::

    LabError
    └─ CalibrationError     anything of this package
       ├─ BadPublished      the table of published results cannot be read
       ├─ NoMaterial        the company's documents do not give enough questions
       ├─ NoPresets         a profiles file lacks models that the table compares
       └─ ModelRefused      a simulated model did not answer a prompt
"""

from __future__ import annotations

from services.lab.errors import LabError


class CalibrationError(LabError):
    """Anything of this package."""


class BadPublished(CalibrationError):
    """The table of published results does not hold what it must."""


class NoMaterial(CalibrationError):
    """There are too few questions whose evidence stands in one passage."""


class NoPresets(CalibrationError):
    """A profiles file lacks models that are compared with published ones."""


class ModelRefused(CalibrationError):
    """A model answered a prompt with an error."""
