"""Writes the ledger's records as lines and tables that a person, or a model, reads easily."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from agents.ports import JsonValue

LABELS = {
    "net": "net amount",
    "tax": "tax amount",
    "gross": "gross amount",
    "po_id": "purchase order",
    "vendor_id": "vendor",
    "agreement_id": "framework agreement",
    "invoice_id": "invoice",
    "run_id": "payment run",
    "requested_on": "approval requested on",
    "receiver": "received by",
    "requester": "requested by",
    "tax_id": "tax number",
    "contact": "contact person",
    "start": "start of the agreement",
    "end": "end of the agreement",
    "notice_days": "notice period",
    "payment_days": "payment term",
    "discount_percent": "early-payment discount",
    "discount_days": "early-payment discount within",
    "difference_percent": "difference to the benchmark in per cent",
}
_SUBJECTS = {
    "compare_benchmark": ("benchmark comparisons", "number"),
    "get_approvals": ("approvals", "approval number"),
    "get_goods_receipts": ("goods receipts", "goods receipt number"),
    "get_invoice": ("invoice", "invoice number"),
    "get_purchase_order": ("purchase order", "purchase order number"),
    "get_vendor": ("vendor", "vendor number"),
    "invoice_aggregate": ("invoices", "number"),
    "list_payments": ("payments", "payment number"),
    "vendor_payments": ("payments", "payment number"),
}
"""What a tool tells of, and what an id is called there."""
_AMOUNTS = frozenset(
    {
        *("net", "tax", "gross", "total", "amount", "open_amount"),
        *("unit_price", "benchmark_price", "discount_taken"),
    }
)
_PERCENTAGES = frozenset({"tax_rate", "discount_percent", "difference_percent"})
_NAMING = ("description", "approver")
"""Columns by whose value people call a row; the first that is there leads it."""
_NEEDLESS = frozenset({"number", "sku", "id", "step"})
"""Columns that say nothing more once a row has a name."""
_OF_EACH = frozenset({"status", "due_date", "lines"})
"""What a subject and its rows may both tell, each of itself."""


def subject(tool: str) -> str:
    """Return what a tool tells of."""
    return _SUBJECTS.get(tool, (_plain(tool), ""))[0]


class RecordWriter:
    """Writes one tool's JSON as lines."""

    def __init__(self, tool: str, names: Mapping[str, str]) -> None:
        self._id_label = _SUBJECTS.get(tool, ("", "number"))[1]
        self._names = names

    def write(self, content: JsonValue, what: str, about: str) -> str:
        """Return the lines; ``what`` and ``about`` name the subject where there are no records."""
        if not isinstance(content, Mapping):
            return "\n".join(self._rows(content, {}, what, about))
        if not isinstance(content.get("items"), Sequence):
            return "\n".join(self._pairs(content))
        subject = {key: content[key] for key in content if key not in ("items", "count")}
        listed = self._rows(content["items"], subject, what, about)
        return "\n".join([*self._pairs(subject), *([""] if subject else []), *listed])

    def _rows(
        self, items: JsonValue, subject: Mapping[str, JsonValue], what: str, about: str
    ) -> list[str]:
        if not isinstance(items, Sequence) or isinstance(items, str) or not items:
            return [f"{what} of {about}: none" if about else f"{what}: none"]
        # What the subject says is not said again in each row.
        rows = [
            {key: value for key, value in row.items() if key not in subject or key in _OF_EACH}
            for row in items
            if isinstance(row, Mapping)
        ]
        if len(rows) == 1 and not any(name in rows[0] for name in _NAMING):
            return self._pairs(rows[0])
        return [f"number of {what}: {len(rows)}", *self._table(rows, subject)]

    def _pairs(self, record: Mapping[str, JsonValue]) -> list[str]:
        lines: list[str] = []
        for key, value in _named_once(record).items():
            if isinstance(value, Sequence) and not isinstance(value, str):
                if value and all(_is_sum(row) for row in value):
                    lines.append(f"{self._sum_label(key, record)}: {self._sums(value)}")
                    continue
                rows = [row for row in value if isinstance(row, Mapping)]
                if rows:
                    lines += ["", f"{self._label(key)}:", *self._table(rows, record)]
                elif not value:
                    lines.append(f"{self._label(key)}: none")
            elif isinstance(value, Mapping):
                inner = RecordWriter("", self._names)
                lines += ["", f"{self._label(key)}:", *inner._pairs(value)]
            else:
                lines.append(f"{self._label(key)}: {self._value(key, value, record)}")
        return lines

    def _table(
        self, rows: Sequence[Mapping[str, JsonValue]], whole: Mapping[str, JsonValue]
    ) -> list[str]:
        # A line of an invoice is in the currency of the invoice.
        currency = {"currency": whole["currency"]} if "currency" in whole else {}
        flat = [
            {
                key: self._cell(key, value, {**currency, **row})
                for key, value in _named_once(row).items()
                if _flat(value)
            }
            for row in rows
        ]
        columns = _columns(flat)
        lines = [
            "| " + " | ".join(self._label(column) for column in columns) + " |",
            "|" + " --- |" * len(columns),
        ]
        return lines + [
            "| " + " | ".join(row.get(column, "") for column in columns) + " |" for row in flat
        ]

    def _sums(self, sums: Sequence[JsonValue]) -> str:
        return "; ".join(
            self._value("amount", one["amount"], one) for one in sums if isinstance(one, Mapping)
        )

    def _cell(self, key: str, value: JsonValue, row: Mapping[str, JsonValue]) -> str:
        if isinstance(value, Sequence) and not isinstance(value, str):
            return "; ".join(self._inline(item) for item in value if isinstance(item, Mapping))
        return self._value(key, value, row).replace("|", "/")

    def _inline(self, record: Mapping[str, JsonValue]) -> str:
        """Write a record within a cell, e.g. ``Office cleaning, quantity 4, unit visit``."""
        name = next((column for column in _NAMING if column in record), None)
        said = [str(record[name])] if name else []
        return ", ".join(
            said
            + [
                f"{self._label(key)} {self._value(key, value, record)}"
                for key, value in record.items()
                if _flat(value) and key != name and not (name and key in _NEEDLESS)
            ]
        )

    def _label(self, key: str) -> str:
        if key == "id":
            return self._id_label
        return LABELS.get(key, _plain(key))

    def _sum_label(self, key: str, record: Mapping[str, JsonValue]) -> str:
        """Return what was summed up, where the record tells."""
        measure = record.get("measure")
        return f"sum of the {self._label(measure)}s" if isinstance(measure, str) else _plain(key)

    def _value(self, key: str, value: JsonValue, record: Mapping[str, JsonValue]) -> str:
        if value is None or value == "":
            return "none"
        if isinstance(value, bool):
            return "yes" if value else "no"
        text = str(value)
        if key == "vendor" and "vendor_id" in record:
            return f"{text} ({record['vendor_id']})"
        if key == "vendor_id" and text in self._names:
            return f"{self._names[text]} ({text})"
        if _is_number(text):
            return _figure(key, Decimal(text), text, record.get("currency"))
        # Codes such as "pending_approval" are words to a reader.
        return _plain(text) if re.fullmatch(r"[a-z]+(?:_[a-z]+)+", text) else text


def _figure(key: str, number: Decimal, text: str, currency: JsonValue) -> str:
    """Write a number with its unit, where its key tells one."""
    if key in _AMOUNTS:
        return f"{number:,.2f} {currency}" if currency else f"{number:,.2f}"
    if key in _PERCENTAGES:
        return f"{number.normalize():f} %"
    return f"{text} days" if key.endswith("_days") or key == "days_overdue" else text


def _columns(rows: Sequence[Mapping[str, str]]) -> list[str]:
    """Return the columns of a table, the one that names a row first."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    name = next((column for column in _NAMING if column in columns), None)
    if name is None:
        return columns
    return [name, *(c for c in columns if c != name and c not in _NEEDLESS)]


def _named_once(record: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """Return a record without the vendor's id if the vendor's name, which tells it, is there."""
    if "vendor" not in record:
        return record
    return {key: value for key, value in record.items() if key != "vendor_id"}


def _is_sum(value: JsonValue) -> bool:
    return isinstance(value, Mapping) and value.keys() == {"currency", "amount"}


def _plain(key: str) -> str:
    return key.replace("_", " ")


def _flat(value: JsonValue) -> bool:
    return not isinstance(value, Mapping)


def _is_number(text: str) -> bool:
    try:
        Decimal(text)
    except InvalidOperation:
        return False
    return True
