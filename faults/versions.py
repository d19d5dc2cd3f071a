"""The versions that documents in force have replaced: earlier, and on other terms."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Final

from corpus.ports import Document, Metadata
from faults.base import draw
from faults.documents import kind

VERSIONED: Final = frozenset({"agreement", "policy"})
YEARS: Final = 2
_TERMS: Final = (1, 2, 3, 5, 7, 10, 14, 20, 30, 45, 60, 90, 120, 180, 365)
"""The lengths that terms in days, weeks and months usually have."""
_TERM = re.compile(
    r"\b(\d{1,3})(?=(?:-| (?:(?:working|calendar|business) )?)(?:days?|weeks?|months?|hours?)\b)"
)
_PERCENT = re.compile(r"\b(\d+(?:\.\d+)?)(?= ?(?:%|per ?cent\b))")
_AMOUNT = re.compile(
    r"(?<![\d.,-])(\d{1,3}(?:,\d{3})+(?:\.\d\d)?|\d+\.\d\d)(?![\d,]|\.\d| ?%)"
    r"|(?<=EUR )(\d{2,3})(?![\d.,])|(?<![\d.,-])(\d{2,3})(?= EUR\b)"
)
_YEAR = re.compile(r"\b(20[1-3]\d)(?=-\d\d-\d\d\b)|(?<=[a-z] )(?<!Incoterms )(20[1-3]\d)\b")
_REPLACED = re.compile(r"\bReplaces: version (\S+)")


def has_versions(document: Document) -> bool:
    """Tell whether a document is of a kind that is replaced by new versions of itself."""
    return kind(document) in VERSIONED


def old_version(document: Document) -> Document:
    """Return the version that a document replaced: earlier, and on other terms.

    The same value is another one everywhere in a document, so that the old
    version is as consistent as the new one.
    """
    text = document.text
    for pattern, before in (
        (_TERM, _term_before),
        (_PERCENT, _percent_before),
        (_AMOUNT, _amount_before),
        (_YEAR, lambda value, _: str(int(value) - YEARS)),
    ):
        text = pattern.sub(_replacement(document.id, before), text)
    return Document(document.id, document.title, text, _metadata_before(document))


def _replacement(
    doc_id: str, before: Callable[[str, float], str]
) -> Callable[[re.Match[str]], str]:
    def replace(match: re.Match[str]) -> str:
        value = match[0]
        return before(value, draw("old version", doc_id, value))

    return replace


def _term_before(value: str, luck: float) -> str:
    """Return the next usual length below or above."""
    length = int(value)
    shorter = [term for term in _TERMS if term < length]
    longer = [term for term in _TERMS if term > length]
    return str(shorter[-1] if shorter and (luck < 0.5 or not longer) else longer[0])


def _percent_before(value: str, luck: float) -> str:
    rate = float(value)
    if rate == 0 or rate >= 100:
        return value  # nothing, and all: such a rule is rarely a matter of degree
    step = 1.0 if rate >= 2 else 0.5
    return f"{rate + (step if luck < 0.5 or rate <= step else -step):g}"


def _amount_before(value: str, luck: float) -> str:
    """Return an amount 5 to 25 % lower, as round as it is now."""
    _, _, cents = value.partition(".")
    now = float(value.replace(",", ""))
    before = now * (0.95 - 0.2 * luck)
    if not cents.strip("0") and now >= 10:
        # A round sum was a round sum before, of two digits.
        unit = 10 ** (len(str(int(now))) - 2)
        before = round(before / unit) * unit
        before = before if before != now else now - unit
    return f"{before:,.{len(cents)}f}"


def _metadata_before(document: Document) -> Metadata:
    metadata = dict(document.metadata)
    try:
        day = dt.date.fromisoformat(str(metadata.get("date", "")))
        # The 28th exists in every year.
        earlier = day.replace(year=day.year - YEARS, day=min(day.day, 28))
        metadata["date"] = earlier.isoformat()
    except ValueError:
        pass
    replaced = _REPLACED.search(document.text)
    if replaced and "version" in metadata:
        metadata["version"] = replaced[1]
    return metadata
