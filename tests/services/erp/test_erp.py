"""The erp service looks records up in the ledger, each with its span and its latency."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from corpus.ledger import Ledger, WorldSettings
from corpus.ledger.generator import generate
from corpus.ledger.store import write
from observability.recording import SpanRecord
from observability.telemetry import Telemetry
from services.erp.app import MEDIAN_SECONDS, create_app
from services.transport import AppTransport
from services.virtual_time import VirtualClock, run_virtual


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    path: Path = tmp_path_factory.mktemp("world") / "ledger.sqlite"
    write(generate(WorldSettings(seed=3, vendors=4, invoices=24)), path)
    opened = Ledger(path)
    yield opened
    opened.close()


def _get(
    ledger: Ledger,
    path: str,
    headers: dict[str, str] | None = None,
    median_seconds: float = MEDIAN_SECONDS,
) -> tuple[httpx.Response, list[SpanRecord]]:
    clock = VirtualClock(0)
    telemetry, spans = Telemetry.in_memory("erp", clock)

    async def call() -> httpx.Response:
        app = create_app(ledger, telemetry, clock, median_seconds=median_seconds)
        async with httpx.AsyncClient(
            transport=AppTransport(app), base_url="http://erp", headers=headers
        ) as client:
            return await client.get(path)

    return run_virtual(call()), spans


def test_every_lookup_of_a_known_record_answers(ledger: Ledger) -> None:
    invoice = next(i for i in ledger.invoices() if i.po_id)
    for path in (
        f"/vendors/{invoice.vendor_id}",
        f"/vendors/{invoice.vendor_id}/open-items",
        f"/invoices/{invoice.id}",
        f"/invoices/{invoice.id}/match",
        f"/invoices/{invoice.id}/approvals",
        f"/payments?invoice_id={invoice.id}",
        f"/payments?vendor_id={invoice.vendor_id}",
        f"/purchase-orders/{invoice.po_id}",
        f"/purchase-orders/{invoice.po_id}/receipts",
        f"/benchmarks/purchase-orders/{invoice.po_id}",
        f"/aggregates/invoices?vendor_id={invoice.vendor_id}&measure=gross",
        "/health/live",
        "/health/ready",
    ):
        reply, _ = _get(ledger, path)
        assert reply.status_code == 200, (path, reply.text)


def test_amounts_are_exact_and_dates_are_iso(ledger: Ledger) -> None:
    invoice = ledger.invoices()[0]
    reply, _ = _get(ledger, f"/invoices/{invoice.id}")
    body = reply.json()
    assert body["gross"] == format(invoice.gross, "f")
    assert body["due_date"] == invoice.due_date.isoformat()
    assert body["status"] == invoice.status.value


def test_vendors_are_found_by_a_part_of_their_name(ledger: Ledger) -> None:
    vendor = ledger.vendors()[0]
    reply, _ = _get(ledger, f"/vendors?name={vendor.name[:5].upper()}")
    assert vendor.id in [item["id"] for item in reply.json()["items"]]
    assert reply.json()["count"] == len(reply.json()["items"])


@pytest.mark.parametrize(
    "path",
    [
        "/vendors/V-9999",
        "/vendors/V-9999/open-items",
        "/invoices/INV-1999-0001",
        "/invoices/INV-1999-0001/match",
        "/invoices/INV-1999-0001/approvals",
        "/purchase-orders/PO-1999-0001",
        "/purchase-orders/PO-1999-0001/receipts",
        "/benchmarks/purchase-orders/PO-1999-0001",
        "/payments?invoice_id=INV-1999-0001",
        "/payments?vendor_id=V-9999",
        "/aggregates/invoices?vendor_id=V-9999",
        "/nowhere",
    ],
)
def test_an_unknown_record_is_a_404_problem(ledger: Ledger, path: str) -> None:
    reply, _ = _get(ledger, path)
    assert reply.status_code == 404
    assert reply.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path",
    [
        "/payments",
        "/aggregates/invoices?measure=average",
        "/aggregates/invoices?month=June",
        "/aggregates/invoices?status=lost",
    ],
)
def test_a_lookup_that_makes_no_sense_is_a_422_problem(ledger: Ledger, path: str) -> None:
    reply, _ = _get(ledger, path)
    assert reply.status_code == 422
    assert reply.headers["content-type"] == "application/problem+json"


def test_a_lookup_is_one_select_span_that_takes_its_time(ledger: Ledger) -> None:
    _, spans = _get(ledger, "/aggregates/invoices?measure=count", {"X-StillGreen-Seed": "4"})
    (span,) = [span for span in spans if span.name.startswith("SELECT")]
    assert span.attributes["db.system.name"] == "sqlite"
    assert span.attributes["db.operation.name"] == "SELECT"
    assert span.attributes["db.response.returned_rows"] == 1
    assert 0 < span.end_ns - span.start_ns < 100_000_000


def test_the_latency_follows_from_the_seed(ledger: Ledger) -> None:
    def duration(seed: int) -> int:
        _, spans = _get(ledger, "/vendors?name=a", {"X-StillGreen-Seed": str(seed)})
        return spans[0].end_ns - spans[0].start_ns

    assert duration(1) == duration(1)
    assert len({duration(seed) for seed in range(5)}) == 5


def test_a_lookup_takes_as_long_as_it_is_told(ledger: Ledger) -> None:
    path = "/vendors?name=a"
    _, usual = _get(ledger, path)
    _, slow = _get(ledger, path, median_seconds=100 * MEDIAN_SECONDS)
    took = [span.end_ns - span.start_ns for span in (slow[0], usual[0])]
    assert took[0] == pytest.approx(100 * took[1], rel=1e-6)


def test_what_an_answer_says_about_its_subject_is_looked_up_in_the_same_span(
    ledger: Ledger,
) -> None:
    invoice = ledger.invoices()[0]
    reply, spans = _get(ledger, f"/payments?vendor_id={invoice.vendor_id}")
    (span,) = [span for span in spans if span.name.startswith("SELECT")]
    assert span.name == "SELECT payments"
    assert span.attributes["db.response.returned_rows"] == reply.json()["count"]
    assert reply.json()["vendor"] == ledger.vendor(invoice.vendor_id).full_name


def test_the_api_description_shows_an_answer_of_each_lookup(ledger: Ledger) -> None:
    reply, _ = _get(ledger, "/openapi.json")
    schemas = reply.json()["components"]["schemas"]
    assert schemas["Payments"]["example"]["paid"] is False
    assert {name for name, schema in schemas.items() if "example" in schema} >= {
        "Approvals",
        "Benchmark",
        "InvoiceAggregate",
        "MatchAnswer",
        "OpenItems",
        "Payments",
        "Receipts",
    }
