"""Numbers and dates are read as the document writes them."""

from __future__ import annotations

import pytest

from services.llm.abilities.typed import read_value
from services.llm.abilities.wants import Sort, Wanted
from services.llm.styles import Style, read_date, read_number, style_of

POINT, COMMA, UNKNOWN = Style(".", False), Style(",", False), Style(None, False)


@pytest.mark.parametrize(
    ("text", "style", "number"),
    [
        ("1.234,56", UNKNOWN, 1234.56),
        ("1,234.56", UNKNOWN, 1234.56),
        ("1 234,56", UNKNOWN, 1234.56),
        ("1'234.50 CHF", UNKNOWN, 1234.5),
        ("12.500", COMMA, 12500.0),
        ("12.500", POINT, 12.5),
        ("12,500", POINT, 12500.0),
        ("-3.25", POINT, -3.25),
        ("(1,234.00)", POINT, -1234.0),
        ("GBP (19.08)", POINT, -19.08),
        ("812.45-", POINT, -812.45),
        ("60.00 CR", POINT, -60.0),
        ("€ -12,40", COMMA, -12.4),
        ("sixty", UNKNOWN, 60.0),
        ("none", UNKNOWN, None),
    ],
)
def test_a_number_is_read_in_the_style_of_its_document(
    text: str, style: Style, number: float | None
):
    assert read_number(text, style) == number


@pytest.mark.parametrize(
    ("text", "month_first", "iso"),
    [
        ("2026-03-10", False, "2026-03-10"),
        ("2026/03/10", True, "2026-03-10"),
        ("10 March 2026", False, "2026-03-10"),
        ("March 10, 2026", False, "2026-03-10"),
        ("10.03.2026", False, "2026-03-10"),
        ("03/10/26", True, "2026-03-10"),
        ("03/10/26", False, "2026-10-03"),
        ("25/03/26", True, "2026-03-25"),
        ("10-03-2026", False, "2026-03-10"),
    ],
)
def test_a_date_is_read_in_the_order_of_its_document(text: str, month_first: bool, iso: str):
    assert read_date(text, Style(None, month_first)) == iso


@pytest.mark.parametrize(
    ("document", "decimal", "month_first"),
    [
        ("Net 1.200,00 and tax 228,00", ",", False),
        ("Net 1,200.00 and tax 228.00", ".", False),
        ("Dates are MM/DD/YY. Due 03/10/26.", None, True),
        ("Dates are DD/MM/YYYY. Due 03/10/26.", None, False),
        ("Invoice of 03/25/26, due 04/10/26", None, True),
        ("Invoice of 25/03/26, due 10/04/26", None, False),
        ("Nothing is written here", None, False),
    ],
)
def test_the_style_is_what_the_document_says_or_shows(
    document: str, decimal: str | None, month_first: bool
):
    assert style_of(document) == Style(decimal, month_first)


@pytest.mark.parametrize(
    ("text", "code"),
    [("EUR 12.00", "EUR"), ("12,00 €", "EUR"), ("$5", "USD"), ("£40.04", "GBP"), ("7 zł", "PLN")],
)
def test_a_currency_is_a_code_before_or_after_or_a_symbol(text: str, code: str):
    assert read_value(text, "", Wanted(Sort.CURRENCY), UNKNOWN) == code
