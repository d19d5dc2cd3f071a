"""Errors of rules.

::

    DetectorError
    ├── RuleError          a rule is written wrongly: file, field and remedy are in the message
    ├── RuleFailed         a rule failed while it ran, e.g. a query that took too long
    ├── ThresholdsError    learned thresholds are missing or do not fit the rules
    └── EngineMissing      an external program that evaluates rules is not installed
"""

from __future__ import annotations


class DetectorError(Exception):
    """Base of all errors of rules."""


class RuleError(DetectorError):
    """A rule is written wrongly."""


class RuleFailed(DetectorError):
    """A rule failed while it ran; the others go on."""


class ThresholdsError(DetectorError):
    """Learned thresholds are missing or do not fit the rules."""


class EngineMissing(DetectorError):
    """An external program that evaluates rules is not installed."""
