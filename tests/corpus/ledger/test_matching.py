from __future__ import annotations

from decimal import Decimal

import pytest

from corpus.ledger.matching import money, quantity


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("1", "piece", "1 piece"),
        ("46", "box", "46 boxes"),
        ("3", "entry", "3 entries"),
        ("5", "day", "5 days"),
        ("20", "pack of 100", "20 packs of 100"),
        ("12.5", "kg", "12.5 kg"),
    ],
)
def test_a_quantity_is_written_with_its_unit(value: str, unit: str, text: str) -> None:
    assert quantity(Decimal(value), unit) == text


def test_an_amount_is_written_with_cents_and_currency() -> None:
    assert money(Decimal("1234.5"), "EUR") == "1,234.50 EUR"
