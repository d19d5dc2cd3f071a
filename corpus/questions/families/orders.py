"""Questions about purchase orders: totals, what arrived, and prices against the market."""

from __future__ import annotations

from corpus.documents.words import money
from corpus.ledger.ledger import difference_percent
from corpus.ledger.matching import plain, received_quantity
from corpus.questions.question import Case, GoldAnswer, GoldPart, Kind, one
from corpus.questions.sources import ANY, FIELD, LEDGER, Family, Sources


def _total(sources: Sources) -> list[Case]:
    return [
        Case(
            key=order.id,
            fill={"po_id": order.id, "vendor": sources.spoken(order.vendor_id)},
            gold=one(Kind.MONEY, money(order.total, order.currency)),
            evidence=sources.evidence(order.id, "total"),
            routes=FIELD,
        )
        for order in sources.world.purchase_orders
    ]


def _received(sources: Sources) -> list[Case]:
    short: list[Case] = []
    complete: list[Case] = []
    for order in sources.world.purchase_orders:
        receipts = sources.shelf.receipts[order.id]
        for line in order.lines:
            arrived = received_quantity(receipts, line.number)
            if not arrived:
                continue
            key = f"line:{line.number}"
            evidence = sources.evidence(order.id, key)
            for receipt in receipts:
                evidence += sources.evidence(receipt.id, key)
            case = Case(
                key=f"{order.id}-{line.number}",
                fill={
                    "po_id": order.id,
                    "vendor": sources.spoken(order.vendor_id),
                    "item": line.description,
                },
                gold=GoldAnswer(
                    (
                        GoldPart(Kind.NUMBER, (plain(line.quantity),)),
                        GoldPart(Kind.NUMBER, (plain(arrived),)),
                    )
                ),
                evidence=evidence,
                routes=ANY,
            )
            (complete if arrived == line.quantity else short).append(case)
    # Half of them short, so that repeating one number is no way to be right.
    return short + complete[: max(len(short), 1)]


def _benchmark(sources: Sources) -> list[Case]:
    cases = []
    for order in sources.world.purchase_orders:
        market = {
            item.sku: item.benchmark_price
            for item in sources.shelf.agreements[order.vendor_id].items
        }
        for line in order.lines:
            difference = difference_percent(line.unit_price, market.get(line.sku))
            if difference is None or abs(difference) < 1:
                continue
            cases.append(
                Case(
                    key=f"{order.id}-{line.number}",
                    fill={
                        "po_id": order.id,
                        "vendor": sources.spoken(order.vendor_id),
                        "item": line.description,
                    },
                    gold=one(Kind.DIFFERENCE, f"{difference}"),
                    evidence=sources.evidence(order.id, f"line:{line.number}")
                    + sources.evidence(
                        sources.shelf.agreements[order.vendor_id].id, f"benchmark:{line.sku}"
                    ),
                    routes=LEDGER,
                )
            )
    return cases


FAMILIES = (
    Family("po_total", _total),
    Family("ordered_received", _received),
    Family("benchmark", _benchmark),
)
