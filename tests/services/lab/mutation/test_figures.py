"""Every figure of a text becomes another one, and what the figures say of each other stays."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.documents import load_policies
from services.lab.mutation.figures import other_day, other_figures, other_percent, other_value
from services.lab.mutation.identifiers import other_ids


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("over 1,000 EUR and up to 10,000 EUR", "over 4,000 EUR and up to 40,000 EUR"),
        ("at least 3 million EUR", "at least 12 million EUR"),
        ("0.30 EUR, or 30 cents", "1.20 EUR, or 120 cents"),
        ("5 percent, 90 % and 19 per cent", "6 percent, 92 % and 22.8 per cent"),
        ("within 14 days or two weeks", "within 28 days or four weeks"),
        ("seven weeks old, between 31 and 90 days", "fourteen weeks old, between 62 and 180 days"),
        ("within 1 working day", "within 2 working days"),
        ("from the third calendar day, on the 27th", "from the fourth calendar day, on the 28th"),
        ("until 31 March", "until 3 April"),
        ("after 23:30", "after 0:10"),
        ("the code A1 and ISO 9001", "the code A2 and ISO 18002"),
        ("Effective from: 1 June 2026", "Effective from: 3 May 2026"),
    ],
)
def test_a_figure_changes_by_what_it_is_of(text: str, other: str) -> None:
    assert other_figures(text) == other


@pytest.mark.parametrize(
    "text",
    ["## 3. Invoices", "1. our own orders", "as section 3 says", "the three-way match", "one of"],
)
def test_what_only_numbers_the_parts_of_a_text_stays(text: str) -> None:
    assert other_figures(text) == text


def test_a_bare_figure_becomes_what_it_is_in_its_context() -> None:
    assert other_value("27", "paid on the 27th of each month") == "28"
    assert other_value("27th", "paid on the 27th of each month") == "28th"
    assert other_value("27", "27 pieces") == "54"
    assert other_value("two", "two references of customers") == "4"
    assert other_value("Head of Finance", "the Head of Finance in 2 days") == "Head of Finance"


@given(st.decimals(0, 100, places=2), st.decimals(0, 100, places=2))
def test_percentages_keep_their_order_and_their_ends(one: Decimal, other: Decimal) -> None:
    assert (one < other) == (other_percent(one) < other_percent(other))
    assert 0 <= other_percent(one) <= 100


@given(st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)), st.integers(0, 400))
def test_a_term_between_two_days_is_doubled(day: dt.date, term: int) -> None:
    later = day + dt.timedelta(days=term)
    assert (other_day(later) - other_day(day)).days == 2 * term


def test_hardly_a_number_of_the_policies_is_left() -> None:
    written = re.compile(r"\d[\d,.:]*\d|\d")
    for policy in load_policies():
        text = re.sub(r"^#.*$|^\d+\. ", "", policy.text, flags=re.MULTILINE)
        before, after = written.findall(text), written.findall(other_figures(text))
        assert len(before) == len(after), policy.id
        # "section 3" names a part of the text, and 100 percent is all of it.
        kept = [old for old, new in zip(before, after, strict=True) if old == new]
        assert len(kept) <= 0.05 * len(before), (policy.id, kept)


@given(st.integers(1, 9999), st.integers(1, 9999))
def test_two_identifiers_never_become_the_same(one: int, other: int) -> None:
    first, second = f"INV-2026-{one:04d}", f"INV-2026-{other:04d}"
    assert (other_ids(first) == other_ids(second)) == (first == second)
    assert other_ids(first) != first


def test_identifiers_change_inside_others_too() -> None:
    assert other_ids("MAIL-INV-2026-0042-Q") == "MAIL-INV-2025-9958-Q"
    assert other_ids("APPR-INV-2026-0042-1, CC-310") == "APPR-INV-2025-9958-1, CC-315"
    assert other_ids("FA-1001 with V-1001, RUN-2026-06-26") == "FA-9999 with V-9999, RUN-2026-06-22"
