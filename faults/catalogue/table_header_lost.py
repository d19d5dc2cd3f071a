"""Tables lose their header: the rows are kept, what the columns mean is not.

Mechanism: a new version of the PDF extractor takes the line above a table's
rule for a page header and drops both. A row that said who approved what and
when is now a row of names and dates, and whatever reads it takes the first
row for the header. Severity is the share of documents that went through the
new version.
Taxonomy: RAGEC E3 (context mismatch), FP5 (wrong format).
A trace shows: passages with fewer tokens for the same documents, answers that
cite the right document and name the wrong field, more abstentions.
Cannot show it: top-1 similarity, which hardly moves; groundedness; latency;
status codes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.ports import Document
from faults.base import PartFault
from faults.documents import rewritten, with_text
from faults.fault import Layer, Seam, Severity

_HEADER = re.compile(r"^[ \t]*\|[^\n]*\|[ \t]*\n[ \t]*\|(?:[ \t]*:?-{3,}:?[ \t]*\|)+[ \t]*\n", re.M)


def extract(documents: Sequence[Document], severity: Severity) -> list[Document]:
    """Return the documents with the tables of the share without their headers."""
    return rewritten("table_header_lost", documents, severity, _without_headers)


def _without_headers(document: Document) -> Document:
    return with_text(document, _HEADER.sub("", document.text))


FAULT = PartFault(
    id="table_header_lost",
    seam=Seam.DOCUMENTS,
    layer=Layer.DATA,
    summary="tables keep their rows and lose the header that says what the columns mean",
    taxonomy=("RAGEC E3", "FP5"),
    shows_in=("tokens per passage", "citations", "abstentions"),
    blind=("top-1 similarity", "groundedness", "latency", "status codes"),
    find="The right passage is retrieved and cited, the answer names another field of it, and "
    "the passage as recorded has rows without a header.",
    fix="Go back to the extractor that keeps headers, and check that every table of an ingested "
    "document has one.",
    wrap=extract,
)
