"""Finds the vendors, invoices and purchase orders that a question is about."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

from rapidfuzz.distance import OSA

from corpus.ports import Entity

_LEGAL = re.compile(
    r"\b(?:gmbh(?: ?& ?co\.? ?kg)?|ag|kg|ohg|ug|se|e\.? ?k\.?|ltd\.?|limited|llc|llp|plc|inc\.?|"
    r"corp\.?|b\.? ?v\.?|n\.? ?v\.?|s\.? ?a\.?(?: ?s\.?)?|s\.? ?r\.? ?l\.?|s\.? ?p\.? ?a\.?|"
    r"a/s|aps|ab|oy|sp\. ?z ?o\.? ?o\.?|s\.? ?l\.?|pty)(?=[\s,.;:?!)]|$)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z0-9]+")

_LABEL = r"(?:\s*(?:no\b\.?|number|num\b\.?|nr\b\.?|id\b|#))?"
_YEARLY = re.compile(
    rf"(?:(?<![a-z])(?P<kind>inv(?:oices?)?|p\.?\s?o\.?|(?:purchase )?orders?){_LABEL}[\s:#/_-]*)?"
    r"(?<!\d)(?P<year>20\d\d)(?P<between>\s?[/_.-]\s?|\s?)(?P<number>\d{1,6})(?!\d)",
    re.IGNORECASE,
)
_YEARLESS = re.compile(
    r"\b(?P<kind>inv(?:oice)?|p\.?\s?o\.?|purchase order|order)"
    r"(?P<label>\s*(?:no\.?|number|num\.?|nr\.?|id|#))?[\s:#-]*(?P<number>\d{1,6})\b"
    r"(?![\s]*(?:[-/]\s*\d|[.,]\d|%|days?|eur\b|euros?|usd|per\b|weeks?|months?|items?|pieces?))",
    re.IGNORECASE,
)
_VENDOR_ID = re.compile(
    r"\bv[-_ ]?(?P<a>\d{4,6})\b|"
    r"\b(?:vendor|supplier)(?:\s*(?:no\.?|number|nr\.?|id|#))?[\s:#-]*v?-?(?P<b>\d{4,6})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The entities that are known: vendors with id and name, and the ids of records.

    ``ordinary_words`` are words that are never taken for a part of a vendor's
    name on their own, besides the short list that is built in.
    """

    vendors: Sequence[Entity] = ()
    invoices: Sequence[str] = ()
    purchase_orders: Sequence[str] = ()
    ordinary_words: frozenset[str] = frozenset()


class EntityFinder:
    """Finds what a gazetteer knows, and well-formed ids that it does not know."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._vendors = {vendor.id: vendor for vendor in gazetteer.vendors}
        self._ids = {
            "invoice": _by_number(gazetteer.invoices),
            "purchase_order": _by_number(gazetteer.purchase_orders),
        }
        built_in = (resources.files("agents") / "ordinary_words.txt").read_text("utf-8").split()
        self._ordinary = frozenset(built_in) | gazetteer.ordinary_words
        self._words_of = {vendor.id: _words(vendor.name) for vendor in gazetteer.vendors}
        self._leading: dict[str, list[str]] = defaultdict(list)
        for vendor_id, words in self._words_of.items():
            if words and len(words[0]) >= 4 and words[0] not in self._ordinary:
                self._leading[words[0]].append(vendor_id)

    @property
    def names(self) -> Mapping[str, str]:
        """Return the names of the known vendors by id."""
        return {vendor.id: vendor.name for vendor in self._vendors.values()}

    def find(self, text: str) -> tuple[Entity, ...]:
        """Return the entities in the order of their kinds, each once."""
        found = [*self._vendors_in(text), *self._records_in(text)]
        return tuple(dict.fromkeys(found))

    def _records_in(self, text: str) -> Iterator[Entity]:
        kind = ""
        rest = text
        for match in _YEARLY.finditer(text):
            if match["kind"]:
                kind = _kind(match["kind"])
            # A bare "2026-0133" is of the kind that was named before it; one or two
            # digits are a month or a day, unless a slash after the kind says otherwise.
            foreign = not match["kind"] and re.search(r"[A-Za-z][-_]$", text[: match.start()])
            short = len(match["number"]) < 3 and not (match["kind"] and "/" in match["between"])
            if kind and not foreign and not short:
                yield _record(kind, match["year"], int(match["number"]))
                rest = rest.replace(match[0], " " * len(match[0]), 1)
        for match in _YEARLESS.finditer(rest):
            kind = _kind(match["kind"])
            digits = match["number"]
            if not match["label"] and len(digits) < 3 and match["kind"].lower().endswith("order"):
                continue
            known = self._ids[kind].get(int(digits))
            if known is not None:
                yield Entity(kind, known, known)

    def _vendors_in(self, text: str) -> Iterator[Entity]:
        for match in _VENDOR_ID.finditer(text):
            vendor_id = f"V-{match['a'] or match['b']}"
            if vendor_id in self._vendors:
                yield self._vendors[vendor_id]
            elif match["a"]:
                yield Entity("vendor", vendor_id, vendor_id)
        words = _words(text)
        at = 0
        while at < len(words):
            ids, used = self._vendors_at(words, at)
            for vendor_id in ids:
                yield self._vendors[vendor_id]
            at += used

    def _vendors_at(self, words: list[str], at: int) -> tuple[list[str], int]:
        """Return the vendors whose name begins at a word, and how many words that took."""
        whole = [
            (len(name), vendor_id)
            for vendor_id, name in self._words_of.items()
            if name
            and words[at : at + len(name)] == name
            # An ordinary word is a name only together with the words that follow it.
            and (len(name) > 1 or name[0] not in self._ordinary)
        ]
        if whole:
            longest = max(length for length, _ in whole)
            return [vendor_id for length, vendor_id in whole if length == longest], longest
        leading, used = self._leading_word(words, at)
        vendor_ids = self._leading.get(leading, [])
        if len(vendor_ids) > 1:
            following = set(words[at + used : at + used + 3])
            closer = [v for v in vendor_ids if set(self._words_of[v][1:]) & following]
            vendor_ids = closer or vendor_ids
        return (list(vendor_ids), used) if 0 < len(vendor_ids) <= 3 else ([], 1)

    def _leading_word(self, words: list[str], at: int) -> tuple[str, int]:
        """Return the first word of a name that is meant at a position, "" for none."""
        word = words[at]
        if word in self._leading:
            return word, 1
        joined = word + words[at + 1] if at + 1 < len(words) else ""
        if joined in self._leading and word not in self._ordinary:
            return joined, 2
        if len(word) < 5 or word in self._ordinary or any(c.isdigit() for c in word):
            return "", 1
        # A letter too many, missing, swapped or wrong; two of them in a long word.
        allowed = 1 if len(word) < 9 else 2
        near = sorted(
            (OSA.distance(word, name, score_cutoff=allowed), name)
            for name in self._leading
            if abs(len(name) - len(word)) <= allowed and len(name) >= 5
        )
        near = [found for found in near if found[0] <= allowed]
        if not near or (len(near) > 1 and near[1][0] == near[0][0]):
            return "", 1
        return near[0][1], 1


def _by_number(ids: Sequence[str]) -> dict[int, str]:
    """Map a running number to its id; of several years the latest counts."""
    numbers: dict[int, str] = {}
    for record_id in sorted(ids):
        tail = record_id.rsplit("-", 1)[-1]
        if tail.isdigit():
            numbers[int(tail)] = record_id
    return numbers


def _kind(word: str) -> str:
    return "invoice" if word.lower().startswith("inv") else "purchase_order"


def _record(kind: str, year: str, number: int) -> Entity:
    record_id = f"{'INV' if kind == 'invoice' else 'PO'}-{year}-{number:04d}"
    return Entity(kind, record_id, record_id)


def _words(text: str) -> list[str]:
    """Return the words of a text without legal forms, accents and case."""
    plain = _LEGAL.sub(" ", text.replace("’", "'").replace("'s ", " ").replace("'s?", " "))
    plain = plain.casefold().replace("ß", "ss").replace("ø", "o").replace("ł", "l")
    decomposed = unicodedata.normalize("NFKD", plain)
    return _WORD.findall("".join(c for c in decomposed if not unicodedata.combining(c)))
