"""What kind of value a field of a JSON schema wants, and such values read from a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.llm.labels import meaning, stems_of
from services.llm.styles import Style, read_date, read_number
from services.llm.values import Kind, Value, find_values


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
_KINDS: dict[Sort, tuple[Kind, ...]] = {
    Sort.MONEY: (Kind.MONEY, Kind.NUMBER),
    Sort.PERCENT: (Kind.PERCENT,),
    Sort.NUMBER: (Kind.NUMBER, Kind.DURATION, Kind.MONEY, Kind.PERCENT),
    Sort.DATE: (Kind.DATE,),
    Sort.CURRENCY: (Kind.MONEY,),
    Sort.IDENTIFIER: (Kind.IDENTIFIER, Kind.NUMBER),
    Sort.NAME: (Kind.PERSON,),
}
_CODES = {
    **{"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "us$": "USD", "euro": "EUR"},
    **{"dollar": "USD", "pound": "GBP", "franc": "CHF", "fr.": "CHF", "zł": "PLN"},
}
_CURRENCY = re.compile(
    r"\b(EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK|JPY|CAD|AUD|INR|CNY|HUF|SGD|NZD|ZAR|BRL|MXN)\b|"
    r"(US\$|[€$£¥]|\bzł|\beuros?\b|\bdollars?\b|\bpounds?\b|\bfrancs?\b)"
)
_MONTH = r"(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)[a-zä]{0,6}"
_ANY_DATE = re.compile(
    r"\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|"
    rf"\d{{1,2}}(?:st|nd|rd|th)?\.?[ -](?:of )?{_MONTH}\.?,?[ -]\d{{2,4}}|"
    rf"{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}",
    re.I,
)
_IDENTIFIER = re.compile(r"(?<![\w])(?=[\w/.-]*\d)[A-Za-z0-9](?:[\w/.-]*[A-Za-z0-9])?(?![\w])")
_IBAN = re.compile(
    r"\b[A-Z]{2}\d{2}(?: ?[A-Z]{4})?(?: ?[A-Z0-9]{0,3}\d[A-Z0-9]{0,3}(?![A-Za-z0-9])|\d{4}){2,8}\b"
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(
    r"(?<![\w.,])(?:\+\d{1,3}[ /-]?)?\(?\d{2,5}\)?(?:[ /-]\d{2,7}){1,4}(?![\w.,]\d)"
)
_BIC = re.compile(r"\b[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?\b")
_FORMS = {"iban": _IBAN, "bic": _BIC, "email": _EMAIL, "phone": _PHONE}
_LEGAL_FORM = (
    r"(?:GmbH(?: & Co\. KG)?|AG|SE|KG|OHG|e\.K\.|UG|Inc\.?|LLC|L\.L\.C\.|Ltd\.?|Limited|plc|PLC|"
    r"LLP|Corp\.?|Corporation|Company|Co\.|S\.A\.|SA|SAS|SARL|S\.r\.l\.|SpA|S\.p\.A\.|B\.V\.|BV|N\.V\.|"
    r"AB|AS|A/S|ApS|Oy|GesmbH|Pty Ltd|Partners|Group|Foundation|University|Bank)"
)
_COMPANY = re.compile(
    rf"(?:[A-ZÀ-Þ0-9][\w&'’.+-]*(?: (?:&|and|of|der|die|für|de)(?= [A-ZÀ-Þ]))?,? ){{1,6}}"
    rf"{_LEGAL_FORM}(?!\w)"
)
_YES = re.compile(r"^(?:yes|true|y|x|\[x\]|☑|✓|ja|paid|included|applies)\b|^[☑✓]", re.I)
_NO = re.compile(r"^(?:no|false|n|\[ ?\]|☐|none|nein|not\b|unpaid|excluded)\b|^☐|^$", re.I)
_DOCUMENT_WORDS = re.compile(
    r"^(?:tax |sales |proforma |pro forma |final |cash )?(?:invoice|receipt|bill|statement|"
    r"rechnung|credit (?:note|memo)|gutschrift|quotation|contract|agreement|facture)\b[\s:#-]*",
    re.I,
)


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
            for match in _COMPANY.finditer(text):
                yield _called(text, match.end()), match.group()
                yield _around(text, match.start(), match.end()), match.group()
        if self.sort is Sort.IDENTIFIER:
            for match in _form_of(self.fields).finditer(text):
                yield _around(text, match.start(), match.end()), match.group()
            return
        if self.sort is Sort.CURRENCY:
            for match in _CURRENCY.finditer(text):
                yield _around(text, match.start(), match.end()), match.group()
            return
        if self.sort is Sort.DATE:
            for match in _ANY_DATE.finditer(text):
                yield _around(text, match.start(), match.end()), match.group()
            return
        kinds = _KINDS[self.sort]
        for value in find_values(text):
            bare = value.kind is Kind.NUMBER and self.sort is Sort.MONEY
            if value.kind in kinds and not (bare and not re.search(r"[.,]\d\d$", value.text)):
                left, right = max(value.start - 2, 0), value.end + 4
                shown = value.text if self.sort is Sort.NAME else text[left:right]
                counted = value.text if value.kind is Kind.DURATION else ""
                unit = " ".join(re.findall(r"[^\W\d]{3,}", counted))
                yield f"{_around(text, value.start, value.end)} {unit}".strip(), shown


def _form_of(fields: frozenset[str]) -> re.Pattern[str]:
    """Return the form of the identifier that fields of a meaning have."""
    return next((form for field, form in _FORMS.items() if field in fields), _IDENTIFIER)


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
    following = _COMPANY.split(text[end : end + 160])[0]
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


def read_value(text: str, label: str, want: Wanted, style: Style) -> Any:
    """Return the value of the wanted sort in a text, or None if it has none."""
    reader = _READERS[want.sort]
    return reader(text.strip(" *_`"), label, want, style)


def _money(text: str, label: str, want: Wanted, style: Style) -> Any:
    del label
    values = [v for v in find_values(_without_dates(text)) if v.kind in _KINDS[Sort.MONEY]]
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
    value = next((v for v in find_values(plain) if v.kind in _KINDS[Sort.NUMBER]), None)
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
    return _ANY_DATE.sub(lambda match: " " * len(match.group()), text)


def _date(text: str, label: str, want: Wanted, style: Style) -> Any:
    match = _ANY_DATE.search(text) or _ANY_DATE.search(label)
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
        if match := _CURRENCY.search(part):
            found = match.group(1) or match.group(2).casefold().rstrip("s")
            return _CODES.get(found, _CODES.get(found.upper(), found))
    return None


def _flag(text: str, label: str, want: Wanted, style: Style) -> Any:
    del label, style
    # Of a sentence, the clause that speaks of it.
    clauses = [c for c in re.split(r"[,;]|\bbut\b|\bso\b", text) if want.stems & stems_of(c)]
    told = clauses[0].strip() if clauses and len(text.split()) > 3 else text
    if _NO.search(told) or re.search(r"\b(?:not|no|without|n't)\b", told, re.I):
        return False
    return True if _YES.search(told) or clauses else None


def _identifier(text: str, label: str, want: Wanted, style: Style) -> Any:
    del label, style
    if want.pattern:
        return _of_form(want.pattern, text)
    form = _form_of(want.fields)
    if form is not _IDENTIFIER:
        match = form.search(text)
        return match.group() if match else None
    match = _IDENTIFIER.search(_without_dates(text)) if len(text.split()) <= 12 else None
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
    if match := _COMPANY.search(text):
        return match.group()
    bare = _DOCUMENT_WORDS.sub("", text).strip(" ,;#")
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
