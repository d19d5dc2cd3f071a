"""Forms by which dates, identifiers, names and currencies are known in a text."""

from __future__ import annotations

import re

CODES = {
    **{"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "us$": "USD", "euro": "EUR"},
    **{"dollar": "USD", "pound": "GBP", "franc": "CHF", "fr.": "CHF", "zł": "PLN"},
}
CURRENCY = re.compile(
    r"\b(EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK|JPY|CAD|AUD|INR|CNY|HUF|SGD|NZD|ZAR|BRL|MXN)\b|"
    r"(US\$|[€$£¥]|\bzł|\beuros?\b|\bdollars?\b|\bpounds?\b|\bfrancs?\b)"
)
MONTH = r"(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)[a-zä]{0,6}"
ANY_DATE = re.compile(
    r"\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|"
    rf"\d{{1,2}}(?:st|nd|rd|th)?\.?[ -](?:of )?{MONTH}\.?,?[ -]\d{{2,4}}|"
    rf"{MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}",
    re.I,
)
IDENTIFIER = re.compile(r"(?<![\w])(?=[\w/.-]*\d)[A-Za-z0-9](?:[\w/.-]*[A-Za-z0-9])?(?![\w])")
IBAN = re.compile(
    r"\b[A-Z]{2}\d{2}(?: ?[A-Z]{4})?(?: ?[A-Z0-9]{0,3}\d[A-Z0-9]{0,3}(?![A-Za-z0-9])|\d{4}){2,8}\b"
)
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(r"(?<![\w.,])(?:\+\d{1,3}[ /-]?)?\(?\d{2,5}\)?(?:[ /-]\d{2,7}){1,4}(?![\w.,]\d)")
BIC = re.compile(r"\b[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?\b")
FORMS = {"iban": IBAN, "bic": BIC, "email": EMAIL, "phone": PHONE}
LEGAL_FORM = (
    r"(?:GmbH(?: & Co\. KG)?|AG|SE|KG|OHG|e\.K\.|UG|Inc\.?|LLC|L\.L\.C\.|Ltd\.?|Limited|plc|PLC|"
    r"LLP|Corp\.?|Corporation|Company|Co\.|S\.A\.|SA|SAS|SARL|S\.r\.l\.|SpA|S\.p\.A\.|B\.V\.|BV|N\.V\.|"
    r"AB|AS|A/S|ApS|Oy|GesmbH|Pty Ltd|Partners|Group|Foundation|University|Bank)"
)
COMPANY = re.compile(
    rf"(?:[A-ZÀ-Þ0-9][\w&'’.+-]*(?: (?:&|and|of|der|die|für|de)(?= [A-ZÀ-Þ]))?,? ){{1,6}}"
    rf"{LEGAL_FORM}(?!\w)"
)
YES = re.compile(r"^(?:yes|true|y|x|\[x\]|☑|✓|ja|paid|included|applies)\b|^[☑✓]", re.I)
NO = re.compile(r"^(?:no|false|n|\[ ?\]|☐|none|nein|not\b|unpaid|excluded)\b|^☐|^$", re.I)
DOCUMENT_WORDS = re.compile(
    r"^(?:tax |sales |proforma |pro forma |final |cash )?(?:invoice|receipt|bill|statement|"
    r"rechnung|credit (?:note|memo)|gutschrift|quotation|contract|agreement|facture)\b[\s:#-]*",
    re.I,
)


def form_of(fields: frozenset[str]) -> re.Pattern[str]:
    """Return the form of the identifier that fields of a meaning have."""
    return next((form for field, form in FORMS.items() if field in fields), IDENTIFIER)
