"""What sort of value a field of a JSON schema wants, and where a sentence has such values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.llm.forms import ANY_DATE, COMPANY, CURRENCY, form_of
from services.llm.labels import meaning
from services.llm.values import Kind, find_values


class Sort(StrEnum):
    """What sort of value a field wants."""

    MONEY = "money"
    PERCENT = "percent"
    NUMBER = "number"
    DATE = "date"
    CURRENCY = "currency"
    FLAG = "flag"
    IDENTIFIER = "identifier"
    NAME = "name"
    TEXT = "text"


_AMOUNTS = frozenset(
    (
        *("net", "tax", "gross", "discount", "shipping", "balance", "paid", "change", "tip"),
        *("unit_price", "line_total", "revenue", "profit", "operating_profit", "assets"),
    )
)
_DATES = frozenset(
    (
        *("invoice_date", "due_date", "delivery_date", "order_date", "payment_date"),
        *("start_date", "end_date"),
    )
)
_IDS = frozenset(
    (
        *("invoice_number", "order_number", "customer_number", "contract_number"),
        *("article_number", "iban", "bic", "vat_id", "email", "phone"),
    )
)
_PARTIES = frozenset(["seller", "buyer", "ship_to", "contact"])
_MONEY_WORDS = re.compile(
    r"amount|total|net\b|gross|price|\bsum\b|\btax\b|cost|fee|balance|value|rent|salary|income",
    re.I,
)
KINDS: dict[Sort, tuple[Kind, ...]] = {
    Sort.MONEY: (Kind.MONEY, Kind.NUMBER),
    Sort.PERCENT: (Kind.PERCENT,),
    Sort.NUMBER: (Kind.NUMBER, Kind.DURATION, Kind.MONEY, Kind.PERCENT),
    Sort.DATE: (Kind.DATE,),
    Sort.CURRENCY: (Kind.MONEY,),
    Sort.IDENTIFIER: (Kind.IDENTIFIER, Kind.NUMBER),
    Sort.NAME: (Kind.PERSON,),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The sort of value; dates in ISO form if ``iso``; numbers if ``numeric``; ``share`` of one."""

    sort: Sort
    numeric: bool = False
    whole: bool = False
    iso: bool = False
    share: bool = False
    pattern: str | None = None
    fields: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()

    @property
    def names_somebody(self) -> bool:
        """Tell whether a person or a company is wanted."""
        return self.sort is Sort.NAME

    def in_prose(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield the values of this sort in a sentence, each with the words that label it."""
        if self.sort in (Sort.TEXT, Sort.FLAG):
            yield text, text
            return
        if self.sort is Sort.NAME:
            for match in COMPANY.finditer(text):
                yield _called(text, match.end()), match.group()
                yield _around(text, match.start(), match.end()), match.group()
        if self.sort is Sort.IDENTIFIER:
            for match in form_of(self.fields).finditer(text):
                yield _around(text, match.start(), match.end()), match.group()
            return
        if self.sort is Sort.CURRENCY:
            for match in CURRENCY.finditer(text):
                yield _around(text, match.start(), match.end()), match.group()
            return
        if self.sort is Sort.DATE:
            for match in ANY_DATE.finditer(text):
                yield _around(text, match.start(), match.end()), match.group()
            return
        kinds = KINDS[self.sort]
        for value in find_values(text):
            bare = value.kind is Kind.NUMBER and self.sort is Sort.MONEY
            if value.kind in kinds and not (bare and not re.search(r"[.,]\d\d$", value.text)):
                left, right = max(value.start - 2, 0), value.end + 4
                shown = value.text if self.sort is Sort.NAME else text[left:right]
                counted = value.text if value.kind is Kind.DURATION else ""
                unit = " ".join(re.findall(r"[^\W\d]{3,}", counted))
                yield f"{_around(text, value.start, value.end)} {unit}".strip(), shown


def _around(text: str, start: int, end: int) -> str:
    """Return the words of the clause before a value, and the first ones after it."""
    parts = _BREAK.split(text[:start])
    before = parts[-1].split()[-9:]
    if len(parts) > 1 and sum(len(word) > 2 for word in before) < 2:
        before = parts[-2].split()[-6:] + before
    after = re.split(r"[;:,.]|\b(?:and|but)\b|\d", text[end:])[0].split()[:3]
    return " ".join([*before, *after])


_BREAK = re.compile(
    r"(?<!\bno)(?<!\bnr)(?<!\bNo)(?<!\bNr)(?<!\bSt)(?<!\bInc)[;:.](?= )|\d[\d.,]*|\b(?:and|but)\b"
)


def _called(text: str, end: int) -> str:
    """Return what a contract calls a party that it has just named: ``(the "Client")``."""
    following = COMPANY.split(text[end : end + 160])[0]
    match = re.search(r"\((?:[^()]*?\b)?(?:the )?[\"“']([\w ]{3,30})[\"”']\)", following)
    return match[1] if match else ""


def wanted(name: str, spec: dict[str, Any]) -> Wanted:
    """Return what a field wants, by its type, its name and its description."""
    fields = meaning(name).fields
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " ")
    about = f"{words} {spec.get('description', '')}"
    kind = spec.get("type", "string")
    if kind == "boolean":
        return Wanted(Sort.FLAG, fields=fields, stems=meaning(name).stems)
    if kind in ("number", "integer"):
        return _wanted_number(words, about, spec, fields)
    pattern = spec.get("pattern")
    iso = spec.get("format") == "date" or bool(re.search(r"YYYY-MM-DD|ISO", about))
    is_date = re.search(r"\bdate\b", words, re.I) or (fields & _DATES and not fields & _PARTIES)
    is_id = re.search(r"\b(?:number|no|id|code|reference|ref|iban|bic)\b", words, re.I)
    is_name = re.search(r"\bname\b|\bcompany\b|\bperson\b|\bparty\b|\bholder\b", about, re.I)
    if iso or is_date:
        sort = Sort.DATE
    elif "currency" in fields:
        sort = Sort.CURRENCY
    elif re.search(r"\b(?:name|holder|person)\b", words, re.I):
        sort = Sort.NAME
    elif pattern or fields & _IDS or is_id:
        sort = Sort.IDENTIFIER
    elif fields & _PARTIES or is_name:
        sort = Sort.NAME
    else:
        sort = Sort.MONEY if fields & _AMOUNTS and _MONEY_WORDS.search(words) else Sort.TEXT
    return Wanted(sort, iso=iso, pattern=pattern, fields=fields)


def _wanted_number(words: str, about: str, spec: dict[str, Any], fields: frozenset[str]) -> Wanted:
    whole = spec.get("type") == "integer"
    is_rate = re.search(r"\brate\b|\bper ?cent|percentage|%|growth", about, re.I)
    is_price = re.search(r"\b(?:hour|da[iy]|week|month|annual|room|unit)\w* rate\b", words, re.I)
    if is_rate and not is_price:
        share = spec.get("maximum") == 1 or bool(re.search(r"\bfraction\b|0 to 1", about))
        return Wanted(Sort.PERCENT, True, whole, share=share, fields=fields)
    is_money = fields & _AMOUNTS or _MONEY_WORDS.search(about)
    sort = Sort.MONEY if is_money and "quantity" not in fields else Sort.NUMBER
    return Wanted(sort, True, whole, fields=fields)
