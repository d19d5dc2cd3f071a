"""Recognises reasons: why an invoice does not match, and why it is not paid."""

from __future__ import annotations

import re

from corpus.ledger.kinds import HoldKind, MismatchKind

_LACK = r"(?:no|not|missing|without|lack\w*|absent|absence|outstanding|pending|await\w*|waiting)"
_DIFFER = (
    r"(?:varian|differ|deviat|discrepan|mismatch|above|higher|exceed|more|agree|too high|over)"
)
_ORDER = r"(?:\bpo\b|purchase[ -]?orders?|\border(?:ed|s)?\b)"

PATTERNS: dict[str, re.Pattern[str]] = {
    code: re.compile(pattern, re.I | re.S)
    for code, pattern in {
        "price": rf"pric\w*[^.;]{{0,60}}{_DIFFER}|{_DIFFER}\w*[^.;]{{0,25}}pric|charged more per unit"
        r"|overcharg|overpric",
        "quantity": rf"quantit\w*[^.;]{{0,60}}{_DIFFER}|{_DIFFER}\w*[^.;]{{0,25}}quantit"
        r"|more (?:\w+ ){0,3}(?:billed|invoiced|charged) than|invoiced but only|short[- ]deliver"
        r"|(?:billed|invoiced|charged)[^.;]{0,30}(?:than|exceed)[^.;]{0,30}(?:received|arrived|delivered)",
        "receipt": rf"{_LACK}[^.;]{{0,40}}receipt|receipt[^.;]{{0,40}}{_LACK}",
        "order missing": rf"(?:no|missing|without|lack\w*|absent|not)\b[^.;]{{0,30}}(?:{_ORDER})"
        r"(?! discrepanc)(?:[^.;]{0,10}number)?|"
        rf"{_ORDER}[^.;]{{0,25}}(?:missing|not (?:quoted|stated|given|named)|absent)",
        "order": rf"{_ORDER}[^.;]{{0,30}}(?:discrepan|mismatch|differ|deviat|agree)"
        rf"|(?:discrepan|mismatch|differ|deviat|agree)\w*[^.;]{{0,50}}{_ORDER}|order discrepanc",
        "approval": rf"{_LACK}[^.;]{{0,40}}(?:approv|sign(?:ed|-)? ?off|signature|release[ds]? the inv)"
        rf"|approv\w*[^.;]{{0,40}}\b{_LACK}|unapproved|nobody[^.;]{{0,20}}signed|approval (?:issue|delay)",
        "bank": r"bank (?:account|detail|data)|account (?:change|detail)|changed account|\biban\b",
        "quality": r"quality|complaint|defect|out of specification|rejected by (?:incoming )?inspection",
        "duplicate": r"duplicat|(?:billed|invoiced|charged)[^.;]{0,20}twice|double[- ](?:bill|invoic)",
        "tax": r"(?:wrong|incorrect|differ\w*|other|false) (?:tax|vat|rate)|"
        r"(?:tax|vat)(?! (?:exempt\w* )?certif)[^.;|]{0,60}"
        r"(?:wrong|correct|varian|differ|not what|mismatch|where the agreement)|correct\w* (?:\w+ )?invoice",
        "tax certificate": r"(?:tax|exemption) (?:exemption )?certificate",
    }.items()
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
    return {code for code, pattern in PATTERNS.items() if pattern.search(text)}
