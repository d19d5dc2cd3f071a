"""Generates vendors and their framework agreements."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from corpus.ledger.draw import cents, chance, pick, shuffled, weighted, whole
from corpus.ledger.kinds import TaxTreatment
from corpus.ledger.records import Agreement, PriceItem, Vendor
from corpus.ledger.vocabulary import (
    BUYERS,
    CATEGORIES,
    CONTACTS,
    PLACES,
    STEMS,
    Category,
    Place,
)
from corpus.luck import Luck

STANDARD_RATE = Decimal("19")
REDUCED_RATE = Decimal("7")


def category_of(vendor: Vendor) -> Category:
    """Return the vendor's category by its name."""
    return next(category for category in CATEGORIES if category.name == vendor.category)


def place_of(vendor: Vendor) -> Place:
    """Return the vendor's country by its name."""
    return next(place for place in PLACES if place.country == vendor.country)


def make_vendors(luck: Luck, count: int) -> tuple[Vendor, ...]:
    """Return vendors with names that differ from each other."""
    stems = shuffled(luck, STEMS, "stems")
    return tuple(
        _vendor(luck.child("vendor", number), number, stems[number % len(stems)])
        for number in range(count)
    )


def _vendor(luck: Luck, number: int, stem: str) -> Vendor:
    # Stems and categories repeat with different periods, so no pair of them comes twice.
    category = CATEGORIES[number % len(CATEGORIES)]
    place = weighted(luck, PLACES, [p.weight for p in PLACES], "place")
    name = f"{stem} {pick(luck, category.trade_words, 'word')}"
    contact = pick(luck, CONTACTS, "contact")
    digits = "".join(str(whole(luck, 0, 9, "digit", i)) for i in range(27))
    domain = "".join(c for c in name.lower().replace("ä", "ae") if c.isalnum())
    return Vendor(
        id=f"V-{1001 + number}",
        name=name,
        legal_form=pick(luck, place.legal_forms, "form"),
        category=category.name,
        country=place.country,
        city=pick(luck, place.cities, "city"),
        currency=place.currency,
        tax_id=f"{place.code}{digits[:9]}",
        iban=f"{place.code}{digits[9:11]} {digits[11:15]} {digits[15:19]} {digits[19:23]} "
        f"{digits[23:27]}",
        contact=contact,
        email=f"{contact.split()[-1].lower().replace(chr(39), '')}@{domain}.example",
    )


def make_agreement(luck: Luck, vendor: Vendor) -> Agreement:
    """Return the framework agreement of a vendor, with its price list."""
    category, place = category_of(vendor), place_of(vendor)
    treatment, rate = _tax(luck, category, place)
    start = dt.date(whole(luck, 2023, 2025, "year"), whole(luck, 1, 12, "month"), 1)
    years = whole(luck, 2, 4, "years")
    end = dt.date(max(start.year + years, 2026), start.month, 1) - dt.timedelta(days=1)
    if end < dt.date(2026, 7, 31):
        end = end.replace(year=2027, day=min(end.day, 28))
    payment_days = pick(luck, (21, 30, 30, 45, 60, 75), "terms")
    discount: Decimal | None = None
    discount_days: int | None = None
    if chance(luck, 0.55, "has discount"):
        discount = pick(luck, (Decimal("1.5"), Decimal("2"), Decimal("2.5"), Decimal("3")), "pct")
        fitting = [d for d in (7, 8, 10, 14) if d < payment_days]
        discount_days = pick(luck, fitting, "discount days")
    return Agreement(
        id=f"FA-{vendor.id.removeprefix('V-')}",
        vendor_id=vendor.id,
        title=f"Framework agreement for {vendor.category} with {vendor.full_name}",
        signed=start - dt.timedelta(days=whole(luck, 5, 40, "signed")),
        start=start,
        end=end,
        notice_days=pick(luck, (30, 45, 60, 90, 120, 180), "notice"),
        payment_days=payment_days,
        discount_percent=discount,
        discount_days=discount_days,
        currency=vendor.currency,
        tax_treatment=treatment,
        tax_rate=rate,
        delivery_terms=pick(
            luck, ("DAP Hamburg", "FCA vendor's works", "DDP Hamburg", "EXW"), "incoterm"
        ),
        owner=pick(luck, BUYERS, "owner"),
        contact=vendor.contact,
        items=_items(luck, category, place),
    )


def _tax(luck: Luck, category: Category, place: Place) -> tuple[TaxTreatment, Decimal]:
    if place.code == "DE":
        if category.reduced_rate:
            return TaxTreatment.REDUCED, REDUCED_RATE
        return TaxTreatment.STANDARD, STANDARD_RATE
    if not place.in_union and not category.service:
        return TaxTreatment.EXPORT, Decimal("0")
    if chance(luck, 0.2, "registered in Germany"):
        return TaxTreatment.STANDARD, STANDARD_RATE
    return TaxTreatment.REVERSE_CHARGE, Decimal("0")


def _items(luck: Luck, category: Category, place: Place) -> tuple[PriceItem, ...]:
    items = []
    for good in category.goods:
        factor = Decimal(whole(luck, 88, 118, "price", good.sku)) / 100
        price = cents(Decimal(good.price) * factor / Decimal(place.rate_to_eur))
        benchmark = None
        if chance(luck, 0.8, "benchmarked", good.sku):
            ratio = Decimal(whole(luck, 84, 112, "benchmark", good.sku)) / 100
            benchmark = cents(price * ratio)
            if benchmark == price:
                benchmark -= Decimal("0.01")
        items.append(PriceItem(good.sku, good.description, good.unit, price, benchmark))
    return tuple(items)
