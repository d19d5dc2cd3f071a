"""Errors of the ledger.

LedgerError
├── UnknownRecordError   an id that the ledger does not hold
├── LedgerFileError      a ledger file that is missing, foreign or unreadable
└── SettingsError        settings from which no world can be generated
"""

from __future__ import annotations


class LedgerError(Exception):
    """Base of all errors of the ledger."""


class UnknownRecordError(LedgerError):
    """The ledger holds no record with this id."""

    def __init__(self, kind: str, key: str) -> None:
        super().__init__(f"the ledger has no {kind} {key!r}")
        self.kind = kind
        self.key = key


class LedgerFileError(LedgerError):
    """The ledger file is missing, foreign or unreadable."""


class SettingsError(LedgerError):
    """No world can be generated from these settings."""
