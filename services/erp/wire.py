"""What the erp service returns beside the ledger's own records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from corpus.ledger.kinds import TaxTreatment
from corpus.ledger.records import Agreement, Vendor

T = TypeVar("T")


class Listing(BaseModel, Generic[T]):
    """Records and how many they are."""

    items: Sequence[T]
    count: int


class Terms(BaseModel):
    """A framework agreement without its price list. Percentages are per cent."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    title: str
    start: dt.date
    end: dt.date
    notice_days: int
    payment_days: int
    discount_percent: Decimal | None
    discount_days: int | None
    currency: str
    tax_treatment: TaxTreatment
    tax_rate: Decimal
    delivery_terms: str


class VendorDetail(BaseModel):
    """A vendor with the terms of its framework agreement."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    full_name: str
    category: str
    country: str
    city: str
    currency: str
    tax_id: str
    iban: str
    contact: str
    email: str
    agreement: Terms

    @classmethod
    def of(cls, vendor: Vendor, agreement: Agreement) -> VendorDetail:
        """Put the two records together."""
        known = {name: getattr(vendor, name) for name in cls.model_fields if name != "agreement"}
        return cls(**known, agreement=Terms.model_validate(agreement))
