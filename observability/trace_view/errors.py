"""What can go wrong when a trace is looked at.

::

    TraceViewError
    └─ EmptyTraceError   there is no span to show
"""

from __future__ import annotations


class TraceViewError(Exception):
    """Anything of this package."""


class EmptyTraceError(TraceViewError):
    """There is no span to show."""
