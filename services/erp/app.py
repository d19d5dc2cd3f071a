"""The erp service: what the ledger knows, one lookup per endpoint."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, FastAPI, Header, Path, Query, Request
from fastapi.responses import JSONResponse
from opentelemetry.trace import SpanKind

from corpus.ledger import Ledger, UnknownRecordError
from corpus.ledger.kinds import InvoiceStatus
from corpus.luck import Luck
from observability.clock import Clock
from observability.telemetry import Telemetry, semconv
from services.erp import lookups
from services.erp.wire import (
    Approvals,
    Benchmark,
    InvoiceAggregate,
    MatchAnswer,
    Measure,
    OpenItems,
    Payments,
    Receipts,
    Vendors,
)
from services.erp.wire_records import InvoiceRecord, OrderRecord, VendorDetail
from services.health import add_health
from services.problems import (
    ProblemError,
    install_problem_handlers,
    problem_response,
    problem_responses,
)

T = TypeVar("T")

MEDIAN_SECONDS = 0.006
"""What a lookup takes on a busy accounting database, in the middle of the day."""

VendorId = Annotated[str, Path(max_length=64, examples=["V-1001"])]
InvoiceId = Annotated[str, Path(max_length=64, examples=["INV-2026-0001"])]
OrderId = Annotated[str, Path(max_length=64, examples=["PO-2026-0001"])]
Month = Annotated[
    str | None, Query(pattern=r"^\d{4}-(0[1-9]|1[0-2])$", description="Month of the invoice date.")
]


@dataclass(frozen=True, slots=True)
class _Books:
    """The ledger with a span and a latency around each lookup."""

    ledger: Ledger
    telemetry: Telemetry
    clock: Clock
    median_seconds: float

    async def select(self, table: str, luck: Luck, read: Callable[[], T]) -> T:
        attributes = {
            semconv.DB_SYSTEM_NAME: "sqlite",
            semconv.DB_NAMESPACE: "ledger",
            semconv.DB_OPERATION_NAME: "SELECT",
            semconv.DB_COLLECTION_NAME: table,
            semconv.DB_QUERY_SUMMARY: f"SELECT {table}",
        }
        name = f"{semconv.SPAN_SELECT} {table}"
        with self.telemetry.span(name, attributes, kind=SpanKind.CLIENT) as span:
            # Mostly near the median, now and then several times as long.
            stretch = min(2 ** luck.gumbel("erp", table) / 1.3, 10.0)
            await self.clock.sleep(self.median_seconds * stretch)
            try:
                found = read()
            except UnknownRecordError as error:
                # A record that is not there is an answer of no rows, not a failed query.
                span.set(semconv.DB_RESPONSE_RETURNED_ROWS, 0)
                missing = error
            else:
                span.set(semconv.DB_RESPONSE_RETURNED_ROWS, _rows(found))
                return found
        raise missing


def _rows(found: object) -> int:
    items = getattr(found, "items", None)
    return len(items) if isinstance(items, list) else 1


async def _luck(  # a plain function would be run in a thread
    request: Request,
    seed: Annotated[
        int, Header(alias="X-StillGreen-Seed", ge=0, description="Decides the latency.")
    ] = 0,
) -> Luck:
    # The address belongs to the luck: two lookups of one question differ.
    return Luck(seed).child(request.url.path, request.url.query)


SeededLuck = Annotated[Luck, Depends(_luck)]
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(
    ledger: Ledger,
    telemetry: Telemetry,
    clock: Clock,
    version: str = "0",
    lifespan: Lifespan | None = None,
    median_seconds: float = MEDIAN_SECONDS,
) -> FastAPI:
    """Return the service's application. The ledger stays its opener's to close.

    ``median_seconds`` is about what a lookup takes.
    """
    app = FastAPI(
        title="StillGreen erp",
        version=version,
        summary="Looks up records of the company's accounts payable.",
        lifespan=lifespan,
    )
    install_problem_handlers(app)
    app.add_exception_handler(UnknownRecordError, _unknown)
    books = _Books(ledger, telemetry, clock, median_seconds)
    app.include_router(_vendors(books))
    app.include_router(_invoices(books))
    app.include_router(_orders(books))

    async def readable() -> None:
        ledger.aggregate("count")

    add_health(app, "erp", {"ledger": readable})
    return app


async def _unknown(request: Request, error: Exception) -> JSONResponse:
    return problem_response(request, 404, f"There is no such record: {error}.")


def _vendors(books: _Books) -> APIRouter:
    router = APIRouter(tags=["vendors"])
    ledger = books.ledger
    not_found = problem_responses(404)

    @router.get("/vendors", responses=problem_responses(422))
    async def vendors(
        luck: SeededLuck,
        name: Annotated[str, Query(max_length=200, description="Part of the full name.")] = "",
    ) -> Vendors:
        """List vendors whose full name holds a text, in any case."""
        return await books.select("vendors", luck, lambda: lookups.vendors(ledger, name))

    @router.get("/vendors/{vendor_id}", responses=not_found)
    async def vendor(vendor_id: VendorId, luck: SeededLuck) -> VendorDetail:
        """Return a vendor with the terms of its framework agreement."""
        return await books.select("vendors", luck, lambda: lookups.vendor(ledger, vendor_id))

    @router.get("/vendors/{vendor_id}/open-items", responses=not_found)
    async def open_items(vendor_id: VendorId, luck: SeededLuck) -> OpenItems:
        """List the vendor's unpaid invoices by due date, with their sums."""
        return await books.select("open_items", luck, lambda: lookups.open_items(ledger, vendor_id))

    return router


def _invoices(books: _Books) -> APIRouter:
    router = APIRouter(tags=["invoices"])
    ledger = books.ledger
    not_found = problem_responses(404)

    @router.get("/invoices/{invoice_id}", responses=not_found)
    async def invoice(invoice_id: InvoiceId, luck: SeededLuck) -> InvoiceRecord:
        """Return an invoice with its lines."""
        return await books.select("invoices", luck, lambda: lookups.invoice(ledger, invoice_id))

    @router.get("/invoices/{invoice_id}/match", responses=not_found)
    async def match(invoice_id: InvoiceId, luck: SeededLuck) -> MatchAnswer:
        """Return how invoice, purchase order and goods receipts agree."""
        return await books.select("matches", luck, lambda: lookups.match(ledger, invoice_id))

    @router.get("/invoices/{invoice_id}/approvals", responses=not_found)
    async def approvals(invoice_id: InvoiceId, luck: SeededLuck) -> Approvals:
        """List the invoice's approval steps, and tell where they stand together."""
        return await books.select("approvals", luck, lambda: lookups.approvals(ledger, invoice_id))

    @router.get("/payments", responses=problem_responses(404, 422))
    async def payments(
        luck: SeededLuck,
        invoice_id: Annotated[str | None, Query(max_length=64)] = None,
        vendor_id: Annotated[str | None, Query(max_length=64)] = None,
    ) -> Payments:
        """List the payments of an invoice or of a vendor by date."""
        if invoice_id is None and vendor_id is None:
            raise ProblemError(422, "Name an invoice_id or a vendor_id.")
        return await books.select(
            "payments", luck, lambda: lookups.payments(ledger, invoice_id, vendor_id)
        )

    @router.get("/aggregates/invoices", responses=problem_responses(404, 422))
    async def aggregate(
        luck: SeededLuck,
        measure: Measure = "count",
        vendor_id: Annotated[str | None, Query(max_length=64)] = None,
        status: InvoiceStatus | None = None,
        month: Month = None,
    ) -> InvoiceAggregate:
        """Count invoices, or sum them by currency."""
        return await books.select(
            "invoices",
            luck,
            lambda: lookups.aggregate(ledger, measure, vendor_id, status, month),
        )

    return router


def _orders(books: _Books) -> APIRouter:
    router = APIRouter(tags=["purchase orders"])
    ledger = books.ledger
    not_found = problem_responses(404)

    @router.get("/purchase-orders/{po_id}", responses=not_found)
    async def order(po_id: OrderId, luck: SeededLuck) -> OrderRecord:
        """Return a purchase order with its lines."""
        return await books.select("purchase_orders", luck, lambda: lookups.order(ledger, po_id))

    @router.get("/purchase-orders/{po_id}/receipts", responses=not_found)
    async def receipts(po_id: OrderId, luck: SeededLuck) -> Receipts:
        """List a purchase order's goods receipts, and what has arrived of each line."""
        return await books.select("goods_receipts", luck, lambda: lookups.receipts(ledger, po_id))

    @router.get("/benchmarks/purchase-orders/{po_id}", responses=not_found)
    async def benchmark(po_id: OrderId, luck: SeededLuck) -> Benchmark:
        """Return each line's price against the market benchmark."""
        return await books.select("benchmarks", luck, lambda: lookups.benchmark(ledger, po_id))

    return router
