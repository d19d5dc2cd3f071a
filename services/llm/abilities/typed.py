"""Values of a wanted sort, read from the text of a cell, a line or a sentence."""

from __future__ import annotations

import re
from typing import Any

from services.llm.abilities.wants import KINDS, Sort, Wanted
from services.llm.forms import (
    ANY_DATE,
    CODES,
    COMPANY,
    CURRENCY,
    DOCUMENT_WORDS,
    IDENTIFIER,
    NO,
    YES,
    form_of,
)
from services.llm.labels import stems_of
from services.llm.styles import Style, read_date, read_number
from services.llm.values import Kind, Value, find_values


def read_value(text: str, label: str, want: Wanted, style: Style) -> Any:
    """Return the value of the wanted sort in a text, or None if it has none."""
    reader = _READERS[want.sort]
    return reader(text.strip(" *_`"), label, want, style)


def _money(text: str, label: str, want: Wanted, style: Style) -> Any:
    del label
    values = [v for v in find_values(_without_dates(text)) if v.kind in KINDS[Sort.MONEY]]
    values = [v for v in values if v.kind is Kind.MONEY] or values[-1:]
    if not values:
        return None
    value = values[0]
    # With what stands around it: a sign, brackets, CR.
    left = max(value.start - 3, 0) if len(values) == 1 else value.start
    shown = _without_dates(text)[left : value.end + 4]
    return _typed(read_number(shown, style), want) if want.numeric else value.text


def _percent(text: str, label: str, want: Wanted, style: Style) -> Any:
    value = _first(text, Kind.PERCENT) or _first(label, Kind.PERCENT)
    if value is None and not re.search(r"%|\brate\b|per ?cent", label, re.I):
        return None
    number = read_number(value.text if value else text, style)
    if value is None and (number is None or _first(text, Kind.MONEY)):
        return None
    return _typed(number / 100 if want.share and number is not None else number, want)


def _number(text: str, label: str, want: Wanted, style: Style) -> Any:
    del label
    plain = _without_dates(text)
    value = next((v for v in find_values(plain) if v.kind in KINDS[Sort.NUMBER]), None)
    if value is None:
        return None
    number = read_number(value.text, style)
    minus = plain[max(value.start - 1, 0) : value.start] in ("-", "−", "–")
    return _typed(-number if minus and number is not None else number, want)


def _typed(number: float | None, want: Wanted) -> Any:
    if number is None:
        return None
    return round(number) if want.whole else round(number, 6)


def _without_dates(text: str) -> str:
    return ANY_DATE.sub(lambda match: " " * len(match.group()), text)


def _date(text: str, label: str, want: Wanted, style: Style) -> Any:
    match = ANY_DATE.search(text) or ANY_DATE.search(label)
    shown = match.group() if match else getattr(_first(text, Kind.DATE), "text", None)
    if shown is None or not any(c.isdigit() for c in shown):
        return None
    iso = read_date(shown, style)
    if want.iso:
        return iso if re.fullmatch(r"\d{4}-\d{2}-\d{2}", iso) else None
    return shown


def _currency(text: str, label: str, want: Wanted, style: Style) -> Any:
    del want, style
    for part in (text, label):
        if match := CURRENCY.search(part):
            found = match.group(1) or match.group(2).casefold().rstrip("s")
            return CODES.get(found, CODES.get(found.upper(), found))
    return None


def _flag(text: str, label: str, want: Wanted, style: Style) -> Any:
    del label, style
    # Of a sentence, the clause that speaks of it.
    clauses = [c for c in re.split(r"[,;]|\bbut\b|\bso\b", text) if want.stems & stems_of(c)]
    told = clauses[0].strip() if clauses and len(text.split()) > 3 else text
    if NO.search(told) or re.search(r"\b(?:not|no|without|n't)\b", told, re.I):
        return False
    return True if YES.search(told) or clauses else None


def _identifier(text: str, label: str, want: Wanted, style: Style) -> Any:
    del label, style
    if want.pattern:
        return _of_form(want.pattern, text)
    form = form_of(want.fields)
    if form is not IDENTIFIER:
        match = form.search(text)
        return match.group() if match else None
    match = IDENTIFIER.search(_without_dates(text)) if len(text.split()) <= 12 else None
    if match is None:
        return None
    # Ids are written with blanks as well: DE 123 456 789.
    whole = re.fullmatch(r"#?\s*([A-Z]{0,4}(?:[ -]?[A-Z0-9/.]*\d[A-Z0-9/.]*){1,6})", text)
    return whole[1].strip() if whole else match.group()


def _of_form(pattern: str, text: str) -> str | None:
    bare = pattern.removeprefix("^").removesuffix("$")
    try:
        match = re.search(rf"(?<![\w-])(?:{bare})(?![\w-])", text)
    except re.error:
        return None
    return match.group() if match else None


def _name(text: str, label: str, want: Wanted, style: Style) -> Any:
    del label, want, style
    if match := COMPANY.search(text):
        return match.group()
    bare = DOCUMENT_WORDS.sub("", text).strip(" ,;#")
    first = re.split(r",(?! (?:Inc|LLC|Ltd|L\.L\.C))|;|\(|\s{2,}| – | - ", bare)[0].strip()
    if not first or len(first.split()) > 7 or any(c.isdigit() for c in first) or ":" in first:
        person = _first(text, Kind.PERSON)
        return person.text if person else None
    return first if first[0].isupper() else None


def _text(text: str, label: str, want: Wanted, style: Style) -> Any:
    del label, want, style
    return text or None


def _first(text: str, kind: Kind) -> Value | None:
    return next((v for v in find_values(text) if v.kind is kind), None)


_READERS = {
    Sort.MONEY: _money,
    Sort.PERCENT: _percent,
    Sort.NUMBER: _number,
    Sort.DATE: _date,
    Sort.CURRENCY: _currency,
    Sort.FLAG: _flag,
    Sort.IDENTIFIER: _identifier,
    Sort.NAME: _name,
    Sort.TEXT: _text,
}
