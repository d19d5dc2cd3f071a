"""Writes evidence the way a model reads it best: documents in tags, records as plain lines."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from agents.ports import Evidence, JsonValue, ToolResult

_LABELS = {
    "net": "net amount",
    "tax": "tax amount",
    "gross": "gross amount",
    "po_id": "purchase order",
    "vendor_id": "vendor",
    "agreement_id": "framework agreement",
    "invoice_id": "invoice",
    "run_id": "payment run",
    "received": "received on",
    "approved": "approved on",
    "requested": "approval requested on",
    "approver": "approver",
    "receiver": "received by",
    "requester": "requested by",
    "checked": "checked on",
    "tax_id": "tax number",
}
_DATED = {
    "get_invoice": ("invoice number", "invoice date"),
    "get_purchase_order": ("purchase order number", "order date"),
    "get_goods_receipts": ("goods receipt number", "date of goods receipt"),
    "list_payments": ("payment number", "paid on"),
    "open_items": ("number", "invoice date"),
    "get_vendor": ("vendor number", "date"),
    "get_approvals": ("approval number", "date"),
}
_AMOUNTS = frozenset(
    [
        "net",
        "tax",
        "gross",
        "total",
        "amount",
        "open_amount",
        "unit_price",
        "benchmark_price",
        "discount_taken",
    ]
)
_PERCENTAGES = frozenset({"tax_rate", "discount_percent", "difference_percent"})


def documents_block(shown: Sequence[Evidence]) -> str:
    """Write evidence as numbered documents, ``D1`` first."""
    return "\n".join(
        f'<document id="D{number}" source="{html.escape(piece.source)}" '
        f'title="{html.escape(piece.title)}">\n'
        # A document cannot close its own tag and go on as something else.
        f"{piece.text.strip().replace('</document', '<_/document')}\n</document>"
        for number, piece in enumerate(shown, start=1)
    )


def record_evidence(number: int, result: ToolResult, names: Mapping[str, str]) -> Evidence | None:
    """Write a tool's result as evidence, None when there was no such record.

    ``names`` maps vendor ids to names, which records do not repeat.
    """
    if result.content is None or isinstance(result.content, (str, int, float, bool)):
        return None
    about = ", ".join(str(value) for value in result.arguments.values())
    what = _plain(result.name.removeprefix("get_").removeprefix("list_"))
    title = f"Ledger: {what}" + (f" of {about}" if about else "")
    text = _Writer(result.name, names).write(result.content, what, about)
    return Evidence(f"tool:{number}", f"tool:{result.name}", title, text, 1.0)


class _Writer:
    """Writes one tool's JSON as lines."""

    def __init__(self, tool: str, names: Mapping[str, str]) -> None:
        self._id_label, self._date_label = _DATED.get(tool, ("number", "date"))
        self._names = names

    def write(self, content: JsonValue, what: str, about: str) -> str:
        if isinstance(content, Mapping) and isinstance(content.get("items"), Sequence):
            content = content["items"]
        if isinstance(content, Mapping):
            return "\n".join(self._pairs(content))
        if not isinstance(content, Sequence) or isinstance(content, str) or not content:
            return f"{what} of {about}: none" if about else f"{what}: none"
        rows = [row for row in content if isinstance(row, Mapping)]
        if len(rows) == 1:
            return "\n".join(self._pairs(rows[0]))
        return "\n".join([f"number of {what}: {len(rows)}", *self._table(rows)])

    def _pairs(self, record: Mapping[str, JsonValue]) -> list[str]:
        lines: list[str] = []
        for key, value in record.items():
            if isinstance(value, Sequence) and not isinstance(value, str):
                rows = [row for row in value if isinstance(row, Mapping)]
                if rows:
                    lines += ["", f"{self._label(key)}:", *self._table(rows)]
                elif not value:
                    lines.append(f"{self._label(key)}: none")
            elif not isinstance(value, Mapping):
                lines.append(f"{self._label(key)}: {self._value(key, value, record)}")
        return lines

    def _table(self, rows: Sequence[Mapping[str, JsonValue]]) -> list[str]:
        flat = [
            {key: self._cell(key, value, row) for key, value in row.items() if _flat(value)}
            for row in rows
        ]
        columns = list(dict.fromkeys(key for row in flat for key in row))
        lines = [
            "| " + " | ".join(self._label(column) for column in columns) + " |",
            "|" + " --- |" * len(columns),
        ]
        return lines + [
            "| " + " | ".join(row.get(column, "") for column in columns) + " |" for row in flat
        ]

    def _cell(self, key: str, value: JsonValue, row: Mapping[str, JsonValue]) -> str:
        if isinstance(value, Sequence) and not isinstance(value, str):
            inner = [item for item in value if isinstance(item, Mapping)]
            return "; ".join(
                ", ".join(
                    f"{self._label(k)} {self._value(k, v, item)}"
                    for k, v in item.items()
                    if _flat(v)
                )
                for item in inner
            )
        return self._value(key, value, row).replace("|", "/")

    def _label(self, key: str) -> str:
        if key == "id":
            return self._id_label
        if key == "date":
            return self._date_label
        return _LABELS.get(key, _plain(key))

    def _value(self, key: str, value: JsonValue, record: Mapping[str, JsonValue]) -> str:
        if value is None or value == "":
            return "none"
        if isinstance(value, bool):
            return "yes" if value else "no"
        text = str(value)
        if key == "vendor_id" and text in self._names:
            return f"{self._names[text]} ({text})"
        if key in _AMOUNTS and _is_number(text):
            currency = record.get("currency")
            amount = f"{Decimal(text):,.2f}"
            return f"{amount} {currency}" if currency else amount
        if key in _PERCENTAGES and _is_number(text):
            return f"{Decimal(text).normalize():f} %"
        # Codes such as "pending_approval" are words to a reader.
        return _plain(text) if re.fullmatch(r"[a-z]+(?:_[a-z]+)+", text) else text


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
