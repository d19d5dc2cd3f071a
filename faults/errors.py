"""What can go wrong with faults themselves.

::

    FaultError
    ├─ CatalogueError   a file of the catalogue is wrong: a defect of the project
    ├─ PlanError        what was asked for cannot be planned: the asker's mistake
    │  ├─ UnknownFault
    │  ├─ BadSeverity
    │  ├─ Contradiction   two faults of which one leaves nothing of the other
    │  ├─ NoDocuments     a share of documents or vendors for a fault of something else
    │  └─ MissingPart     a fault of a part that is not there to be made worse
    └─ WrongPart        a fault was handed a part that its seam does not name
"""

from __future__ import annotations


class FaultError(Exception):
    """Anything of this package."""


class CatalogueError(FaultError):
    """A catalogue file does not define what it must."""


class PlanError(FaultError):
    """A plan cannot be made of what was asked for."""


class UnknownFault(PlanError):
    """There is no fault of that id."""


class BadSeverity(PlanError):
    """A severity is not a number from 0 to 1."""


class Contradiction(PlanError):
    """Two faults are in place at once, and one of them leaves nothing of the other."""


class NoDocuments(PlanError):
    """A fault that does not act on documents is to expose a share of them."""


class MissingPart(PlanError):
    """A fault is of a part that this process does not have."""


class WrongPart(FaultError):
    """A part lacks what its seam's protocol asks for."""
