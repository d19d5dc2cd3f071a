"""Finds the values of each kind in a text, in whatever form they are written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from corpus.questions.question import Kind
from corpus.questions.reasons import reasons_in

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_DAY_MONTH = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? (\d{{4}}))?\b", re.I)
_MONTH_DAY = re.compile(rf"\b{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (\d{{4}}))?", re.I)
_NUMERIC_DATE = re.compile(r"\b(\d{1,2})[./](\d{1,2})[./](\d{4})\b")

_IDS = re.compile(
    r"\b(?:[A-Z]{1,6}-)+(?:\d[\w-]*)|\[[DT]?\d+\]|\b[A-Z]{2,4}-[A-Z]{3}\b|\bPOL-[A-Z-]+"
)

_NUMBER = r"\d{1,3}(?:[ \u00a0\u202f']\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d[\d.,]*\d|\d"
CURRENCIES: Mapping[str, str] = {
    "eur": "EUR", "euro": "EUR", "euros": "EUR", "€": "EUR",
    "usd": "USD", "us$": "USD", "$": "USD", "dollar": "USD", "dollars": "USD",
    "gbp": "GBP", "£": "GBP", "pound": "GBP", "pounds": "GBP",
    "chf": "CHF", "franc": "CHF", "francs": "CHF", "fr.": "CHF",
    "sek": "SEK", "krona": "SEK", "kronor": "SEK",
}  # fmt: skip
_MARK = (
    r"us\$|€|\$|£|\b(?:eur|euros?|usd|(?:us )?dollars?|gbp|pounds?(?: sterling)?|chf"
    r"|(?:swiss )?francs?|sek|(?:swedish )?kron(?:a|or))\b"
)
_MONEY = re.compile(
    rf"(?P<m1>{_MARK})\s*(?P<n1>-?(?:{_NUMBER}))(?P<k1>k\b)?"
    rf"|(?P<n2>-?(?:{_NUMBER}))(?P<k2>k)?\s*(?P<m2>{_MARK})",
    re.I,
)
_PERCENT = re.compile(
    rf"([+\-−]?(?:{_NUMBER}))\s*(?:%|percent\b|per cent\b|percentage points?\b)", re.I
)
_BARE = re.compile(rf"(?<![\w.,/-])(?:{_NUMBER})(?![\w/]|[.,]\d)")

_WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "twenty-one": 21, "twenty-four": 24, "thirty": 30, "thirty-six": 36, "forty": 40,
    "forty-five": 45, "fifty": 50, "sixty": 60, "seventy": 70, "seventy-five": 75, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
_WORD = re.compile(
    rf"\b({'|'.join(sorted(map(re.escape, _WORDS), key=len, reverse=True))})\b(?!-\w)", re.I
)
_UNIT = re.compile(
    r"(\d+(?:[.,]\d+)?)[\s-]*(?:\([a-z]+\)\s*)?"
    r"((?:working|business|calendar|net|consecutive)[ -])?"
    r"(hour|day|week|month|year)s?\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount as it was written; the currency is empty where none was."""

    value: Decimal
    currency: str = ""


def numbers_of(token: str) -> list[Decimal]:
    """Return what a written number can mean; ``1.234`` is both 1234 and 1.234."""
    token = re.sub(r"[ \u00a0\u202f']", "", token).replace("−", "-").rstrip(".,")
    both = "," in token and "." in token
    readings: list[str] = []
    if both:
        mark = "," if token.rfind(",") > token.rfind(".") else "."
        other = "." if mark == "," else ","
        readings = [token.replace(other, "").replace(mark, ".")]
    elif "," in token or "." in token:
        mark = "," if "," in token else "."
        head, _, tail = token.rpartition(mark)
        grouped = token.count(mark) > 1 or (len(tail) == 3 and len(head.lstrip("-")) <= 3)
        if grouped:
            readings.append(token.replace(mark, ""))
        if token.count(mark) == 1 and not (grouped and mark == ","):
            readings.append(f"{head}.{tail}")
    else:
        readings = [token]
    found = []
    for reading in readings:
        try:
            found.append(Decimal(reading))
        except InvalidOperation:
            continue
    return found


def without_ids(text: str) -> str:
    """Blank out record numbers and citation marks, whose digits are no values."""
    return _IDS.sub(" ", text)


def dates_in(text: str) -> list[tuple[tuple[int, int, int], tuple[int, int]]]:
    """Return dates as (year or 0, month, day) with their place in the text."""
    found = []
    for match in _ISO.finditer(text):
        found.append(((int(match[1]), int(match[2]), int(match[3])), match.span()))
    for match in _DAY_MONTH.finditer(text):
        found.append(((int(match[3] or 0), _month(match[2]), int(match[1])), match.span()))
    for match in _MONTH_DAY.finditer(text):
        if not any(start <= match.start() < end for _, (start, end) in found):
            found.append(((int(match[3] or 0), _month(match[1]), int(match[2])), match.span()))
    for match in _NUMERIC_DATE.finditer(text):
        found.append(((int(match[3]), int(match[2]), int(match[1])), match.span()))
    return found


def _month(word: str) -> int:
    return 1 + [month[:3] for month in MONTHS].index(word[:3].lower())


def without_dates(text: str) -> str:
    """Blank out dates, whose digits are no amounts."""
    for _, (start, end) in dates_in(text):
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def dates(text: str) -> set[str]:
    """Return all dates, as ``2026-03-10``, or ``0000-03-10`` where no year is given."""
    return {f"{y:04d}-{m:02d}-{d:02d}" for (y, m, d), _ in dates_in(without_ids(text))}


def amounts(text: str) -> set[Amount]:
    """Return amounts of money: those with a currency, else decimals, else bare numbers."""
    text = without_dates(without_ids(text))
    found: set[Amount] = set()
    rest = text
    for match in _MONEY.finditer(text):
        token, mark = (match["n1"], match["m1"]) if match["n1"] else (match["n2"], match["m2"])
        times = 1000 if match["k1"] or match["k2"] else 1
        word = mark.lower().split()[-1 if "sterling" not in mark.lower() else 0]
        for value in numbers_of(token):
            found.add(Amount(abs(value) * times, CURRENCIES[word]))
        rest = rest.replace(match[0], " ", 1)
    rest = _PERCENT.sub(" ", rest)
    bare = _BARE.findall(rest)
    decimals = [token for token in bare if re.search(r"[.,]\d{2}$", token)]
    for token in decimals or ([] if found else bare):
        found.update(Amount(value) for value in numbers_of(token))
    return found


def percents(text: str) -> set[Decimal]:
    """Return percentages without their sign: those marked as such, else bare numbers."""
    text = without_dates(without_ids(text))
    marked = {abs(v) for match in _PERCENT.finditer(text) for v in numbers_of(match[1].lstrip("+"))}
    return marked or {v for token in _BARE.findall(text) for v in numbers_of(token)}


def numbers(text: str) -> set[Decimal]:
    """Return counts and quantities, written in digits or in words."""
    text = _PERCENT.sub(" ", without_dates(without_ids(text)))
    text = _MONEY.sub(" ", text)
    found = {v for token in _BARE.findall(text) for v in numbers_of(token)}
    return found | {Decimal(_WORDS[word.lower()]) for word in _WORD.findall(text)}


def durations(text: str) -> set[str]:
    """Return durations as ``30 day``, ``5 working day`` or ``12 month``; bare ones as ``30``."""
    text = without_dates(without_ids(text))
    text = _WORD.sub(lambda match: str(_WORDS[match[1].lower()]), text)
    found = set()
    for match in _UNIT.finditer(text):
        number = Decimal(match[1].replace(",", "."))
        kind = (match[2] or "").strip(" -").lower()
        unit = match[3].lower()
        if unit == "week":
            number, unit = number * 7, "day"
        elif unit == "year":
            number, unit = number * 12, "month"
        if kind in ("working", "business") and unit == "day":
            unit = "working day"
        found.add(f"{number.normalize():f} {unit}")
    if found:
        return found
    return {f"{v.normalize():f}" for token in _BARE.findall(text) for v in numbers_of(token)}


def currencies(text: str) -> set[str]:
    """Return the currencies that a text names."""
    found = re.findall(_MARK, text, re.I)
    return {CURRENCIES[re.sub(r" sterling$", "", mark.lower()).split()[-1]] for mark in found}


def yes_no(text: str) -> set[str]:
    """Return ``yes`` or ``no`` as the text begins."""
    match = re.match(r"\W*(yes|no)\b", text, re.I)
    return {match[1].lower()} if match else set()


FINDERS: Mapping[Kind, Callable[[str], set[str]]] = {
    Kind.DATE: dates,
    Kind.DURATION: durations,
    Kind.CURRENCY: currencies,
    Kind.REASON: reasons_in,
    Kind.YES_NO: yes_no,
}
"""The kinds whose values are compared as words."""
