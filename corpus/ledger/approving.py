"""The approval matrix, as the policy of that name lays it down."""

from __future__ import annotations

from decimal import Decimal

from corpus.ledger.vocabulary import COST_CENTRE_OWNERS, DEPARTMENT_HEADS, OFFICERS

AUTOMATIC_UP_TO = Decimal(250)

Bands = tuple[tuple[int | None, tuple[str, ...]], ...]

WITH_ORDER: Bands = (
    (1000, ("cost_centre_owner",)),
    (10000, ("department_head",)),
    (50000, ("department_head", "head_of_finance")),
    (250000, ("head_of_finance", "chief_financial_officer")),
    (None, ("chief_financial_officer", "managing_director")),
)
WITHOUT_ORDER: Bands = (
    (500, ("cost_centre_owner",)),
    (5000, ("department_head", "head_of_procurement")),
    (25000, ("head_of_procurement", "head_of_finance")),
    (50000, ("head_of_procurement", "chief_financial_officer")),
    (None, ("chief_financial_officer", "managing_director")),
)
CALL_OFF: Bands = (
    (5000, ("cost_centre_owner",)),
    (25000, ("department_head",)),
    (100000, ("head_of_finance",)),
    (None, ("head_of_finance", "chief_financial_officer")),
)


def needed_roles(gross_eur: Decimal, has_order: bool, call_off: bool, matched: bool) -> list[str]:
    """Return the roles that must approve, none for an automatic release."""
    if has_order and matched and gross_eur <= AUTOMATIC_UP_TO:
        return []
    bands = CALL_OFF if call_off else WITH_ORDER if has_order else WITHOUT_ORDER
    return list(next(roles for limit, roles in bands if limit is None or gross_eur <= limit))


def person_in(role: str, cost_center: str) -> str:
    """Return who holds the role for a cost centre."""
    if role == "cost_centre_owner":
        return COST_CENTRE_OWNERS[cost_center]
    if role == "department_head":
        return DEPARTMENT_HEADS[cost_center]
    return OFFICERS[role]
