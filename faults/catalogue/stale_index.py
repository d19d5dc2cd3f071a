"""The search still answers from an old index.

Mechanism: after an incident the index was restored from a snapshot, and the
alias was never set back to the one that the nightly job builds. The ledger
goes on, the documents go on, and the search finds what there was on that day:
nothing newer, and agreements and policies in the version that was in force
then. Severity scales the age of the snapshot, up to a year (365 days).
Taxonomy: RAGEC E15 (chronological inconsistency), FP1 (missing content).
A trace shows: a smaller index, fewer rows that the filter lets through,
passages that are all older than a date, citations of replaced versions.
Cannot show it: groundedness, since an old document is cited faithfully;
latency; status codes; anything on questions about what has not changed since.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from corpus.ports import Document
from faults.base import PartFault
from faults.fault import Layer, Seam, Severity
from faults.versions import has_versions, old_version

OLDEST_DAYS = 365
"""The age of the snapshot at severity 1, counted from the newest document."""


def restore(documents: Sequence[Document], severity: Severity) -> list[Document]:
    """Return the documents as they were when the snapshot was taken; undated ones as they are."""
    dates = [day for document in documents if (day := _date(document))]
    if not dates:
        return list(documents)
    taken = max(dates) - dt.timedelta(days=OLDEST_DAYS * severity.value)
    found: list[Document] = []
    for document in documents:
        day = _date(document)
        if day is None or day <= taken:
            found.append(document)
        elif has_versions(document):
            found.append(old_version(document))
    return found or list(documents[:1])


def _date(document: Document) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(str(document.metadata.get("date", ""))[:10])
    except ValueError:
        return None


FAULT = PartFault(
    id="stale_index",
    seam=Seam.DOCUMENTS,
    layer=Layer.DATA,
    summary="the search answers from an index that is weeks or months old",
    taxonomy=("RAGEC E15", "FP1"),
    shows_in=("age of the passages", "index size", "rows out of the filter", "abstentions"),
    blind=("groundedness", "latency", "status codes"),
    find="The newest date of any retrieved passage stands still while the questions move on, "
    "and cited policies and agreements are not the ones in force.",
    fix="Set the alias to the index of the last nightly job, and alarm on the age of the newest "
    "indexed document.",
    wrap=restore,
)
