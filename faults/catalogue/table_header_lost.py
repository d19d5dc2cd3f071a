"""Tables lose their headers: the rows are kept, what they mean is not.

Mechanism: a new converter collects the data cells (``td``) of each row and
forgets the header cells (``th``). The line that names the columns is gone, and
with it the label of each row in tables that have one: what was "Maintenance:
28 days net" is now "28 days net", one of several. Severity is the share of
documents that went through the new converter.
Taxonomy: RAGEC E3 (lost context at a boundary), FP5 (wrong specificity).
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

_TABLE = re.compile(
    r"^[ \t]*\|[^\n]*\|[ \t]*\n"  # the line that names the columns
    r"[ \t]*\|(?:[ \t]*:?-{3,}:?[ \t]*\|)+[ \t]*\n"
    r"(?P<rows>(?:[ \t]*\|[^\n]*\|[ \t]*(?:\n|\Z))*)",
    re.MULTILINE,
)
_FIRST_CELL = re.compile(r"^[ \t]*\|[ \t]*([^|\n]*?)[ \t]*(?=\|)", re.MULTILINE)


def convert(documents: Sequence[Document], severity: Severity) -> list[Document]:
    """Return the documents with the tables of the share without their header cells."""
    return rewritten("table_header_lost", documents, severity, _without_headers)


def _without_headers(document: Document) -> Document:
    return with_text(document, _TABLE.sub(lambda table: _data_cells(table["rows"]), document.text))


def _data_cells(rows: str) -> str:
    """Return the rows of a table without the cells that label them, if its first ones do.

    A first column of words labels rows; one of numbers counts them.
    """
    first = _FIRST_CELL.findall(rows)
    labels = bool(first) and all(cell[:1].isalpha() for cell in first)
    more_cells = all(row.count("|") > 2 for row in rows.splitlines())
    return _FIRST_CELL.sub("", rows) if labels and more_cells else rows


FAULT = PartFault(
    id="table_header_lost",
    seam=Seam.DOCUMENTS,
    layer=Layer.DATA,
    summary="tables keep their data cells and lose the headers that say what these mean",
    taxonomy=("RAGEC E3", "FP5"),
    shows_in=("tokens per passage", "citations", "abstentions"),
    blind=("top-1 similarity", "groundedness", "latency", "status codes"),
    find="The right passage is retrieved and cited, the answer names another field of it, and "
    "the passage as recorded has rows without a header.",
    fix="Go back to the converter that keeps header cells, and check that every table of an "
    "ingested document has a header.",
    wrap=convert,
)
