"""Errors of reading documents.

DocumentError
└── DocumentFileError   a document file that is missing, unreadable or malformed
"""

from __future__ import annotations


class DocumentError(Exception):
    """Base of all errors of the documents package."""


class DocumentFileError(DocumentError):
    """A document file is missing, unreadable or malformed."""
