"""Recognises reasons: why an invoice does not match, and why it is not paid."""

from __future__ import annotations

import re

from corpus.ledger.kinds import HoldKind, MismatchKind

_LACK = r"(?:no|not|missing|without|lack\w*|absent|absence|outstanding|pending|await\w*|waiting)"
_DIFFER = (
    r"(?:varian|differ|deviat|discrepan|mismatch|above|higher|exceed|more|agree|too high|over)"
)
_ORDER = r"(?:\bpo\b|purchase[ -]?orders?|\border(?:ed|s)?\b)"

_BILLED = r"(?:billed|invoiced|charged)"
_CLAUSE = r"[^.;]"

_SOURCES: dict[str, tuple[str, ...]] = {
    "price": (
        rf"pric\w*{_CLAUSE}{{0,60}}{_DIFFER}",
        rf"{_DIFFER}\w*{_CLAUSE}{{0,25}}pric",
        r"charged more per unit|overcharg|overpric",
    ),
    "quantity": (
        rf"quantit\w*{_CLAUSE}{{0,60}}{_DIFFER}",
        rf"{_DIFFER}\w*{_CLAUSE}{{0,25}}quantit",
        rf"more (?:\w+ ){{0,3}}{_BILLED} than|invoiced but only|short[- ]deliver",
        rf"{_BILLED}{_CLAUSE}{{0,30}}(?:than|exceed){_CLAUSE}{{0,30}}(?:received|arrived|delivered)",
    ),
    "receipt": (
        rf"{_LACK}{_CLAUSE}{{0,40}}receipt",
        rf"receipt{_CLAUSE}{{0,40}}{_LACK}",
    ),
    "order missing": (
        r"\b(?:no|missing|without|lack\w*|absent|not|nobody|unknown)\b"
        rf"{_CLAUSE}{{0,30}}{_ORDER}(?! discrepanc)",
        rf"{_ORDER}{_CLAUSE}{{0,25}}(?:missing|not (?:quoted|stated|given|named)|absent)",
    ),
    "order": (
        rf"{_ORDER}{_CLAUSE}{{0,30}}(?:discrepan|mismatch|differ|deviat|agree)",
        rf"(?:discrepan|mismatch|differ|deviat|agree)\w*{_CLAUSE}{{0,50}}{_ORDER}",
    ),
    "approval": (
        rf"{_LACK}{_CLAUSE}{{0,40}}(?:approv|sign(?:ed|-)? ?off|signature|release[ds]? the inv)",
        rf"approv\w*{_CLAUSE}{{0,40}}\b{_LACK}",
        rf"unapproved|nobody{_CLAUSE}{{0,20}}signed|approval (?:issue|delay)",
    ),
    "bank": (r"bank (?:account|detail|data)|account (?:change|detail)|changed account|\biban\b",),
    "quality": (
        r"quality|complaint|defect|out of specification|rejected by (?:incoming )?inspection",
    ),
    "duplicate": (rf"duplicat|{_BILLED}{_CLAUSE}{{0,20}}twice|double[- ](?:bill|invoic)",),
    "tax": (
        r"(?:wrong|incorrect|differ\w*|other|false) (?:tax|vat|rate)",
        r"\b(?:tax|vat)\b(?! (?:exempt\w* )?certif)[^.;|]{0,60}"
        r"(?:wrong|correct|varian|differ|not what|mismatch|where the agreement)",
        r"correct\w* (?:\w+ )?invoice",
    ),
    "tax certificate": (r"(?:tax|exemption) (?:exemption )?certificate",),
}
PATTERNS = {code: re.compile("|".join(parts), re.I) for code, parts in _SOURCES.items()}

READABLE = {
    "price": "the price is not the ordered one",
    "quantity": "more was billed than received",
    "receipt": "the goods receipt is missing",
    "order missing": "no purchase order is quoted",
    "order": "there is a discrepancy with the purchase order",
    "approval": "the approval is missing",
    "bank": "changed bank details are being verified",
    "quality": "the quality is disputed",
    "duplicate": "it may be a duplicate",
    "tax": "the tax rate is wrong",
    "tax certificate": "the vendor's tax certificate is missing",
}

OF_MISMATCH: dict[MismatchKind, str] = {
    MismatchKind.PRICE: "price",
    MismatchKind.QUANTITY: "quantity",
    MismatchKind.MISSING_RECEIPT: "receipt",
    MismatchKind.MISSING_PO: "order missing",
    MismatchKind.DUPLICATE: "duplicate",
    MismatchKind.TAX: "tax",
}
OF_HOLD: dict[HoldKind, str] = {
    HoldKind.PO_DISCREPANCY: "order",
    HoldKind.MISSING_APPROVAL: "approval",
    HoldKind.MISSING_RECEIPT: "receipt",
    HoldKind.BANK_DETAILS: "bank",
    HoldKind.QUALITY: "quality",
    HoldKind.DUPLICATE: "duplicate",
    HoldKind.TAX_CORRECTION: "tax",
    HoldKind.TAX_CERTIFICATE: "tax certificate",
}


def reasons_in(text: str) -> set[str]:
    """Return the codes of all reasons that a text gives."""
    # Codes of the ledger, such as missing_po, are read as the words that they are made of.
    words = text.replace("_", " ")
    return {code for code, pattern in PATTERNS.items() if pattern.search(words)}
