"""What is written down: the ledger and the policies as documents."""

from corpus.documents.draft import Rendered
from corpus.documents.errors import DocumentError, DocumentFileError
from corpus.documents.files import load_policies, read_documents, write_documents
from corpus.documents.library import render

__all__ = [
    "DocumentError",
    "DocumentFileError",
    "Rendered",
    "load_policies",
    "read_documents",
    "render",
    "write_documents",
]
