"""Why a payment waits, in the words of the people who deal with it."""

from __future__ import annotations

from corpus.ledger.draw import pick
from corpus.ledger.kinds import HoldKind, MismatchKind
from corpus.ledger.records import Hold, Match
from corpus.luck import Luck

_PO = {
    MismatchKind.PRICE: (
        "The payment is on hold because of a discrepancy with the purchase order: the billed "
        "price is higher than the ordered one.",
        "We could not pay it since the unit price on the invoice does not agree with our "
        "purchase order.",
        "It is stuck on a PO discrepancy, they charged more per unit than we had ordered it for.",
    ),
    MismatchKind.QUANTITY: (
        "The payment waits because of a discrepancy with the purchase order: more was billed "
        "than has arrived.",
        "We hold it back since the invoiced quantity exceeds what was delivered against the "
        "purchase order.",
        "It is stuck on a PO discrepancy, the quantity on the invoice is above the one received.",
    ),
    MismatchKind.MISSING_PO: (
        "The payment is on hold because of a purchase order discrepancy: the invoice quotes no "
        "order number and we cannot assign it.",
        "We could not process it because there is no purchase order number on the invoice.",
        "It is stuck because the purchase order number is missing on the invoice and nobody can "
        "say which order it belongs to.",
    ),
}
_OTHER = {
    HoldKind.MISSING_APPROVAL: (
        "The payment waits because the approval was missing: the approver had not released the "
        "invoice in the workflow.",
        "The reason is simply a missing approval, the invoice lay unapproved in the workflow.",
        "Nobody had signed it off, and without the approval we must not pay.",
    ),
    HoldKind.MISSING_RECEIPT: (
        "The payment waits because no goods receipt has been posted for the delivery.",
        "We could not pay it since the goods receipt was missing in the system.",
        "The warehouse had not booked the goods receipt, and without the receipt it stays blocked.",
    ),
    HoldKind.BANK_DETAILS: (
        "The payment is stopped because the vendor sent new bank details and the change is still "
        "being verified by call-back.",
        "They announced a change of bank account, and until the new bank details are verified "
        "nothing goes out.",
        "It was held back for verification of the changed bank account.",
    ),
    HoldKind.QUALITY: (
        "The payment is on hold because we dispute the quality of the delivery and have sent a "
        "complaint.",
        "We hold it back because of a quality complaint, incoming inspection rejected part of it.",
        "The quality of what was delivered is disputed, so the money stays here for now.",
    ),
    HoldKind.DUPLICATE: (
        "The payment is stopped because the invoice looks like a duplicate of one that we already "
        "have, and the check is still running.",
        "It is blocked by the duplicate check: reference and amount are the same as on an earlier "
        "invoice.",
        "We suspect that they billed us twice, so it is held until the duplicate check is through.",
    ),
    HoldKind.TAX_CORRECTION: (
        "The payment waits for a corrected invoice because the wrong tax rate was charged.",
        "We have asked for a correction, the VAT on the invoice is not what the agreement says.",
        "The tax rate on it is wrong, and we pay when the corrected invoice is here.",
    ),
    HoldKind.TAX_CERTIFICATE: (
        "The payment is on hold because the vendor's tax exemption certificate has expired.",
        "We are missing a valid tax certificate from the vendor and must not pay without it.",
        "Their tax certificate ran out and the new one has not been submitted.",
    ),
}

_SHORT = {
    HoldKind.MISSING_APPROVAL: "missing approval",
    HoldKind.MISSING_RECEIPT: "goods receipt missing",
    HoldKind.BANK_DETAILS: "change of bank details under verification",
    HoldKind.QUALITY: "disputed quality of the delivery",
    HoldKind.DUPLICATE: "duplicate check not finished",
    HoldKind.TAX_CORRECTION: "wrong tax rate, corrected invoice requested",
    HoldKind.TAX_CERTIFICATE: "tax certificate of the vendor missing",
}
_SHORT_PO = {
    MismatchKind.PRICE: "discrepancy with the purchase order, price above the ordered price",
    MismatchKind.QUANTITY: "discrepancy with the purchase order, quantity above the receipt",
    MismatchKind.MISSING_PO: "discrepancy, no purchase order quoted on the invoice",
}


def first_mismatch(match: Match) -> MismatchKind | None:
    """Return the kind of the match's first discrepancy."""
    return match.discrepancies[0].kind if match.discrepancies else None


def hold_sentence(luck: Luck, hold: Hold, match: Match) -> str:
    """Return a sentence of an e-mail that gives the reason."""
    kind = first_mismatch(match)
    if hold.kind is HoldKind.PO_DISCREPANCY and kind is not None:
        return pick(luck, _PO[kind], "reason")
    return pick(luck, _OTHER[hold.kind], "reason")


def hold_phrase(hold: Hold, match: Match) -> str:
    """Return the reason as a payment-run report lists it."""
    kind = first_mismatch(match)
    if hold.kind is HoldKind.PO_DISCREPANCY and kind is not None:
        return _SHORT_PO[kind]
    return _SHORT[hold.kind]
