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
    "requested_on": "approval requested on",
    "approver": "approver",
    "receiver": "received by",
    "requester": "requested by",
    "tax_id": "tax number",
}
_IDS = {
    "get_invoice": "invoice number",
    "get_purchase_order": "purchase order number",
    "get_goods_receipts": "goods receipt number",
    "list_payments": "payment number",
    "vendor_payments": "payment number",
    "get_vendor": "vendor number",
    "get_approvals": "approval number",
}
_AMOUNTS = frozenset(
    {
        *("net", "tax", "gross", "total", "amount", "open_amount"),
        *("unit_price", "benchmark_price", "discount_taken"),
    }
)
_OF_EACH = frozenset({"status", "due_date", "lines"})
"""What a subject and its rows may both tell, each of itself."""
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

    ``names`` maps vendor ids to names, for records that only give the id.
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
        self._id_label = _IDS.get(tool, "number")
        self._names = names

    def write(self, content: JsonValue, what: str, about: str) -> str:
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
        if len(rows) == 1:
            return self._pairs(rows[0])
        return [f"number of {what}: {len(rows)}", *self._table(rows, subject)]

    def _pairs(self, record: Mapping[str, JsonValue]) -> list[str]:
        lines: list[str] = []
        for key, value in _named_once(record).items():
            if isinstance(value, Sequence) and not isinstance(value, str):
                if value and all(_is_sum(row) for row in value):
                    lines.append(f"{self._label(key)}: {self._sums(value)}")
                    continue
                rows = [row for row in value if isinstance(row, Mapping)]
                if rows:
                    lines += ["", f"{self._label(key)}:", *self._table(rows, record)]
                elif not value:
                    lines.append(f"{self._label(key)}: none")
            elif isinstance(value, Mapping):
                lines += ["", f"{self._label(key)}:", *self._pairs(value)]
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
        columns = list(dict.fromkeys(key for row in flat for key in row))
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
        return _LABELS.get(key, _plain(key))

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
