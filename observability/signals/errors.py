"""Errors of signals.

::

    SignalError           a signal is described wrongly, or a table of them cannot be made
    └── BadMapping        a file that maps other attribute names is wrong
"""

from __future__ import annotations


class SignalError(Exception):
    """A signal is described wrongly, or a table of them cannot be made."""


class BadMapping(SignalError):
    """A file that maps attribute names of another application is wrong."""
