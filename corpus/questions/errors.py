"""Errors of the questions package.

QuestionError
└── QuestionDataError   wordings or policy facts that are missing or malformed
"""

from __future__ import annotations


class QuestionError(Exception):
    """Base of all errors of the questions package."""


class QuestionDataError(QuestionError):
    """Wordings or policy facts are missing or malformed."""
