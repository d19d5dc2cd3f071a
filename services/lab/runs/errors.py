"""What can go wrong with a run.

::

    RunError
    ├─ ScenarioError     a scenario cannot be followed; every mistake with line and remedy
    ├─ ResumeError       a recording cannot be gone on with
    └─ WorkerLost        a worker process ended before its block was done
"""

from __future__ import annotations

from services.lab.errors import LabError


class RunError(LabError):
    """Anything of this package."""


class ScenarioError(RunError):
    """A scenario is not one, or asks for what cannot be."""


class ResumeError(RunError):
    """A recording was made from something else, or is not one that can be completed."""


class WorkerLost(RunError):
    """A worker process is gone, e.g. because memory ran out."""
