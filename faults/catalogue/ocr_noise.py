"""Scanned documents were read badly: digits and letters that look alike are mixed up.

Mechanism: the scanner at goods-in was set from 300 to 100 dots an inch, and
the text recognition takes what it can get: 0 for O, 8 for 3, rn for m. Only
what reaches the company on paper is hit: invoices, goods receipts, signed
agreements; what was born as a file is not. Severity is the share of the
scanned documents with a bad page; of such a page every seventh confusable
character is misread.
Taxonomy: RAGEC E16 (numerical error), FP1 and FP4 in effect.
A trace shows: more tokens to a passage than before, since unknown words fall
into pieces; similarities and lexical scores that sank for the scanned kinds;
figures in answers that do not add up or that are no figures.
Cannot show it: groundedness, since the answer says what the document says;
latency; status codes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final

from corpus.ports import Document
from faults.base import PartFault
from faults.documents import kind, rewritten, with_text
from faults.fault import Layer, Seam, Severity

RATE: Final = 1 / 7
"""The share of the confusable characters of a bad page that is misread."""
BORN_DIGITAL: Final = frozenset(
    {"approval", "email", "match_report", "payment_run", "policy", "purchase_order"}
)
CONFUSED: Final[Mapping[str, tuple[str, ...]]] = {
    "0": ("O", "8", "6"),
    "1": ("l", "7"),
    "2": ("Z", "7"),
    "3": ("8", "5"),
    "4": ("9", "A"),
    "5": ("S", "6"),
    "6": ("8", "5"),
    "7": ("1", "2"),
    "8": ("3", "B", "6"),
    "9": ("4", "g"),
    "B": ("8",),
    "G": ("6",),
    "I": ("l", "1"),
    "O": ("0",),
    "S": ("5",),
    "c": ("e",),
    "e": ("c",),
    "h": ("b",),
    "i": ("l",),
    "l": ("1", "I"),
    "m": ("rn",),
    "u": ("ii",),
    ",": (".",),
    ".": (",",),
}


def scan(documents: Sequence[Document], severity: Severity) -> list[Document]:
    """Return the documents with the scanned ones of the share misread."""
    return rewritten("ocr_noise", documents, severity, _misread, _scanned)


def _scanned(document: Document) -> bool:
    return kind(document) not in BORN_DIGITAL


def _misread(document: Document) -> Document:
    noise = hashlib.shake_128(f"ocr_noise\x1f{document.id}".encode()).digest(3 * len(document.text))
    read: list[str] = []
    place = 0
    for line in document.text.splitlines(keepends=True):
        # Headings come from the archive and the frames of tables from the layout.
        plain = line.startswith("#")
        for character in line:
            others = () if plain else CONFUSED.get(character, ())
            chance = int.from_bytes(noise[place : place + 2], "big") / 2**16
            if others and chance < RATE:
                character = others[noise[place + 2] % len(others)]  # noqa: PLW2901
            read.append(character)
            place += 3
    return with_text(document, "".join(read))


FAULT = PartFault(
    id="ocr_noise",
    seam=Seam.DOCUMENTS,
    layer=Layer.DATA,
    summary="scanned documents are misread: digits and letters that look alike are mixed up",
    taxonomy=("RAGEC E16", "FP1", "FP4"),
    shows_in=("tokens per passage", "similarity of scanned kinds", "figures in answers"),
    blind=("groundedness", "latency", "status codes"),
    find="Passages of invoices, receipts and agreements have more tokens than before and lower "
    "similarities, while those of digital kinds have not changed; the cited passage holds the "
    "wrong figure itself.",
    fix="Scan again at a proper resolution, and refuse pages whose recognition reports a low "
    "confidence.",
    wrap=scan,
)
