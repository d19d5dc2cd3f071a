from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from corpus.ledger import (
    Ledger,
    LedgerError,
    LedgerFileError,
    UnknownRecordError,
    World,
    WorldSettings,
    generate,
    store,
    to_json,
)
from corpus.ledger.kinds import InvoiceStatus


@pytest.fixture(scope="module")
def world() -> World:
    return generate(WorldSettings(seed=3, vendors=12, invoices=90))


@pytest.fixture(scope="module")
def path(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ledger") / "ledger.sqlite"
    store.write(world, path)
    return path


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    ledger = Ledger(path)
    yield ledger
    ledger.close()


def test_what_is_read_is_what_was_written(world: World, ledger: Ledger) -> None:
    assert ledger.vendors() == list(world.vendors)
    assert ledger.invoices() == list(world.invoices)
    assert [ledger.agreement(vendor.id) for vendor in world.vendors] == list(world.agreements)
    assert [ledger.purchase_order(o.id) for o in world.purchase_orders] == list(
        world.purchase_orders
    )
    assert [ledger.match(invoice.id) for invoice in world.invoices] == list(world.matches)
    assert ledger.payments() == list(world.payments)
    assert ledger.payment_runs() == list(world.runs)
    holds = [ledger.hold(invoice.id) for invoice in world.invoices]
    assert [hold for hold in holds if hold] == list(world.holds)


def test_the_same_world_gives_the_same_bytes(world: World, path: Path, tmp_path: Path) -> None:
    store.write(world, tmp_path / "again.sqlite")
    assert (tmp_path / "again.sqlite").read_bytes() == path.read_bytes()


def test_a_vendor_is_found_by_a_part_of_its_name_in_any_case(world: World, ledger: Ledger) -> None:
    vendor = world.vendors[4]
    assert vendor in ledger.find_vendors(f"  {vendor.name[2:-2].upper()} ")
    assert vendor in ledger.find_vendors(vendor.full_name)
    assert ledger.find_vendors("no such company") == []
    assert ledger.find_vendors("") == []


def test_an_unknown_id_is_an_error_that_names_it(ledger: Ledger) -> None:
    with pytest.raises(UnknownRecordError, match="INV-2026-9999"):
        ledger.invoice("INV-2026-9999")
    with pytest.raises(UnknownRecordError, match="INV-2026-9999"):
        ledger.approvals("INV-2026-9999")
    with pytest.raises(UnknownRecordError, match="PO-2026-9999"):
        ledger.receipts("PO-2026-9999")
    assert ledger.payments(invoice_id="INV-2026-9999") == []


def test_open_items_are_the_unpaid_invoices_by_due_date(world: World, ledger: Ledger) -> None:
    for vendor in world.vendors:
        items = ledger.open_items(vendor.id)
        unpaid = [
            i for i in world.invoices if i.vendor_id == vendor.id and i.status != InvoiceStatus.PAID
        ]
        assert sum(item.open_amount for item in items) == sum(i.gross for i in unpaid)
        assert [item.due_date for item in items] == sorted(item.due_date for item in items)


def test_an_aggregate_counts_and_adds_up_by_currency(world: World, ledger: Ledger) -> None:
    vendor = world.invoices[0].vendor_id
    wanted = [i for i in world.invoices if i.vendor_id == vendor and i.date.month == 3]
    found = ledger.aggregate("gross", vendor_id=vendor, month="2026-03")
    assert found.count == len(wanted)
    assert sum((a.amount for a in found.amounts), Decimal(0)) == sum(i.gross for i in wanted)
    assert ledger.aggregate("count").count == len(world.invoices)
    assert ledger.aggregate("count", status="no such status").count == 0
    with pytest.raises(LedgerError, match="measure"):
        ledger.aggregate("average")


def test_a_benchmark_line_says_by_how_much_a_price_is_dearer(world: World, ledger: Ledger) -> None:
    lines = [line for order in world.purchase_orders for line in ledger.benchmark(order.id)]
    compared = [line for line in lines if line.benchmark_price is not None]
    assert compared
    for line in compared:
        assert line.benchmark_price is not None
        assert line.difference_percent is not None
        back = line.benchmark_price * (1 + line.difference_percent / 100)
        assert abs(back - line.unit_price) <= line.unit_price / 1000
    assert all(line.difference_percent is None for line in lines if line.benchmark_price is None)


def test_a_record_becomes_json_with_exact_amounts(world: World) -> None:
    invoice = world.invoices[0]
    data = json.loads(json.dumps(to_json(invoice)))
    assert Decimal(data["gross"]) == invoice.gross
    assert data["due_date"] == invoice.due_date.isoformat()
    assert data["status"] == invoice.status.value
    assert len(data["lines"]) == len(invoice.lines)


def test_a_missing_ledger_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(LedgerFileError, match="build the world"):
        Ledger(tmp_path / "none.sqlite")


def test_a_file_that_is_no_ledger_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.sqlite").write_text("not a database, but long enough to be read as one" * 9)
    with pytest.raises(LedgerFileError, match="not a SQLite file"):
        Ledger(tmp_path / "text.sqlite")
    (tmp_path / "empty.sqlite").write_bytes(b"")
    with pytest.raises(LedgerFileError, match="not a ledger"):
        Ledger(tmp_path / "empty.sqlite")


def test_the_ledger_cannot_be_written(ledger: Ledger) -> None:
    with pytest.raises(Exception, match="readonly"):
        ledger._db.execute("DELETE FROM invoices")
