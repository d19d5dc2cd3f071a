"""What can go wrong in a mutation check.

::

    MutationError
    └─ NamesRunOut   the list of other names is too short for the company's vendors
"""

from __future__ import annotations

from services.lab.errors import LabError


class MutationError(LabError):
    """Anything of this package."""


class NamesRunOut(MutationError):
    """There are more vendors than other names to give them."""
