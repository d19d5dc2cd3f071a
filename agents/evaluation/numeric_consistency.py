"""Numeric consistency: whether the numbers agree, in the answer and in what it was given from.

Three kinds of sums are looked at: an amount of the answer is stated by a shown
piece, or is the sum or difference of two amounts of one; a net amount and a tax
make the total beside them; quantity and unit price of a table's row make its
amount. The score is the share of them that come out. It finds a digit that was
misread where other digits depend on it, which agreement with the source cannot.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from agents.evaluation.check import UNDEFINED, Check, Evaluation, Judged
from agents.evaluation.claims import evidence_text, split_claims

_AMOUNT = re.compile(r"(?<![\w.,-])\d{1,3}(?:,\d{3})*\.\d{2}(?![\w.,-]|\s*%)")
_LEADING = re.compile(r"\s*(\d[\d,]*(?:\.\d+)?)\b")
_TAX = re.compile(r"\b(?:vat|tax|mwst|ust)\b", re.IGNORECASE)
_TOTAL = re.compile(r"\b(?:gross|including|incl|total|payable|brutto)\b", re.IGNORECASE)
_NET = re.compile(r"\b(?:net|excluding|excl|before|subtotal|netto)\b", re.IGNORECASE)
_QUANTITY = re.compile(r"\b(?:quantity|qty|pieces|menge)\b", re.IGNORECASE)
_PRICE = re.compile(r"\bprice\b|\bpreis\b", re.IGNORECASE)
_ROUNDING = 0.011
"""Two amounts in a currency agree within a cent, and a sum's own rounding."""


def _evaluate(judged: Judged) -> Evaluation:
    texts = [evidence_text(piece) for piece in judged.shown]
    checks = [agrees for text in texts for agrees in _own_sums(text)]
    if not judged.abstained:
        checks += _of_the_answer(judged.answer, texts)
    if not checks:
        return UNDEFINED
    score = sum(checks) / len(checks)
    return Evaluation(
        score, "consistent" if score == 1 else "inconsistent", f"{sum(checks)} of {len(checks)}"
    )


def _of_the_answer(answer: str, texts: Sequence[str]) -> list[bool]:
    stated = {amount for claim in split_claims(answer) for amount in _amounts(claim.text) if amount}
    known = [_amounts(text) for text in texts]
    return [any(_follows(amount, amounts) for amounts in known) for amount in sorted(stated)]


def _follows(amount: float, amounts: Sequence[float]) -> bool:
    if any(_same(amount, one) for one in amounts):
        return True
    return any(
        _same(amount, one + other) or _same(amount, abs(one - other))
        for place, one in enumerate(amounts)
        for other in amounts[place + 1 :]
    )


@lru_cache(maxsize=4096)
def _own_sums(text: str) -> tuple[bool, ...]:
    """Return whether each sum that a text states about itself comes out."""
    lines = text.splitlines()
    return (*_totals(lines), *_rows(lines))


def _totals(lines: Sequence[str]) -> Iterator[bool]:
    """Yield for each total with its tax and net amount, each on a line of its own."""
    net: float | None = None
    tax: float | None = None
    for line in lines:
        amounts = _amounts(line)
        if len(amounts) != 1:
            continue
        (amount,) = amounts
        # "Total including VAT" names a tax too, and "Sum excluding VAT" a total.
        if _NET.search(line):
            net, tax = amount, None
        elif _TOTAL.search(line):
            if net is not None and tax is not None:
                yield _same(net + tax, amount)
            net = tax = None
        elif _TAX.search(line):
            tax = amount


def _rows(lines: Sequence[str]) -> Iterator[bool]:
    """Yield for each row of a table with a quantity, a price and, after them, an amount."""
    places: tuple[int, int] | None = None
    width = 0
    for line in lines:
        if not line.lstrip().startswith("|"):
            places = None
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        quantity = _place(cells, _QUANTITY)
        price = _place(cells, _PRICE)
        if quantity is not None and price is not None and quantity < price < len(cells) - 1:
            places, width = (quantity, price), len(cells)
        elif places is not None and len(cells) == width:
            numbers = [_LEADING.match(cells[place]) for place in (*places, places[1] + 1)]
            if all(numbers):
                many, each, amount = (float(n[1].replace(",", "")) for n in numbers if n)
                yield abs(many * each - amount) <= _ROUNDING * max(1.0, many)


def _place(cells: Sequence[str], words: re.Pattern[str]) -> int | None:
    return next((place for place, cell in enumerate(cells) if words.search(cell)), None)


@lru_cache(maxsize=8192)
def _amounts(text: str) -> tuple[float, ...]:
    return tuple(float(match[0].replace(",", "")) for match in _AMOUNT.finditer(text))


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= _ROUNDING


CHECK = Check("numeric_consistency", _evaluate)
