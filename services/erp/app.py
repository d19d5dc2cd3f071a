"""The erp service: what the ledger knows, one lookup per endpoint."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Annotated, Literal, TypeVar

from fastapi import APIRouter, Depends, FastAPI, Header, Path, Query, Request
from fastapi.responses import JSONResponse
from opentelemetry.trace import SpanKind

from corpus.ledger import Ledger, UnknownRecordError
from corpus.ledger.records import (
    Aggregate,
    Approval,
    BenchmarkLine,
    GoodsReceipt,
    Invoice,
    Match,
    OpenItem,
    Payment,
    PurchaseOrder,
    Vendor,
)
from corpus.luck import Luck
from observability.clock import Clock
from observability.telemetry import Telemetry, semconv
from services.erp.wire import Listing, VendorDetail
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
            await self.clock.sleep(MEDIAN_SECONDS * stretch)
            found = read()
            rows = len(found) if isinstance(found, list) else 1
            span.set(semconv.DB_RESPONSE_RETURNED_ROWS, rows)
            return found

    async def listing(
        self, table: str, luck: Luck, read: Callable[[], list[T]]
    ) -> dict[str, object]:
        found = await self.select(table, luck, read)
        return {"items": found, "count": len(found)}


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
) -> FastAPI:
    """Return the service's application. The ledger stays its opener's to close."""
    app = FastAPI(
        title="StillGreen erp",
        version=version,
        summary="Looks up records of the company's accounts payable.",
        lifespan=lifespan,
    )
    install_problem_handlers(app)
    app.add_exception_handler(UnknownRecordError, _unknown)
    books = _Books(ledger, telemetry, clock)
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

    @router.get("/vendors", response_model=Listing[Vendor], responses=problem_responses(422))
    async def vendors(
        luck: SeededLuck,
        name: Annotated[str, Query(max_length=200, description="Part of the full name.")] = "",
    ) -> dict[str, object]:
        """List vendors whose full name holds a text, in any case."""
        return await books.listing("vendors", luck, lambda: ledger.find_vendors(name))

    @router.get("/vendors/{vendor_id}", responses=not_found)
    async def vendor(vendor_id: VendorId, luck: SeededLuck) -> VendorDetail:
        """Return a vendor with the terms of its framework agreement."""
        return await books.select(
            "vendors",
            luck,
            lambda: VendorDetail.of(ledger.vendor(vendor_id), ledger.agreement(vendor_id)),
        )

    @router.get(
        "/vendors/{vendor_id}/open-items",
        response_model=Listing[OpenItem],
        responses=not_found,
    )
    async def open_items(vendor_id: VendorId, luck: SeededLuck) -> dict[str, object]:
        """List the vendor's unpaid invoices by due date."""

        def read() -> list[OpenItem]:
            ledger.vendor(vendor_id)  # an unknown vendor is an error, not an empty list
            return ledger.open_items(vendor_id)

        return await books.listing("open_items", luck, read)

    return router


def _invoices(books: _Books) -> APIRouter:
    router = APIRouter(tags=["invoices"])
    ledger = books.ledger
    not_found = problem_responses(404)

    @router.get("/invoices/{invoice_id}", responses=not_found)
    async def invoice(invoice_id: InvoiceId, luck: SeededLuck) -> Invoice:
        """Return an invoice with its lines."""
        return await books.select("invoices", luck, lambda: ledger.invoice(invoice_id))

    @router.get("/invoices/{invoice_id}/match", responses=not_found)
    async def match(invoice_id: InvoiceId, luck: SeededLuck) -> Match:
        """Return how invoice, purchase order and goods receipts agree."""
        return await books.select("matches", luck, lambda: ledger.match(invoice_id))

    @router.get(
        "/invoices/{invoice_id}/approvals",
        response_model=Listing[Approval],
        responses=not_found,
    )
    async def approvals(invoice_id: InvoiceId, luck: SeededLuck) -> dict[str, object]:
        """List the invoice's approval steps."""
        return await books.listing("approvals", luck, lambda: ledger.approvals(invoice_id))

    @router.get("/payments", response_model=Listing[Payment], responses=problem_responses(422))
    async def payments(
        luck: SeededLuck,
        invoice_id: Annotated[str | None, Query(max_length=64)] = None,
        vendor_id: Annotated[str | None, Query(max_length=64)] = None,
    ) -> dict[str, object]:
        """List the payments of an invoice or of a vendor by date."""
        if invoice_id is None and vendor_id is None:
            raise ProblemError(422, "Name an invoice_id or a vendor_id.")
        return await books.listing("payments", luck, lambda: ledger.payments(invoice_id, vendor_id))

    @router.get("/aggregates/invoices", responses=problem_responses(422))
    async def aggregate(
        luck: SeededLuck,
        measure: Literal["count", "gross", "net", "tax"] = "count",
        vendor_id: Annotated[str | None, Query(max_length=64)] = None,
        status: Literal["paid", "scheduled", "pending_approval", "on_hold"] | None = None,
        month: Month = None,
    ) -> Aggregate:
        """Count invoices, or sum them by currency."""
        return await books.select(
            "invoices", luck, lambda: ledger.aggregate(measure, vendor_id, status, month)
        )

    return router


def _orders(books: _Books) -> APIRouter:
    router = APIRouter(tags=["purchase orders"])
    ledger = books.ledger
    not_found = problem_responses(404)

    @router.get("/purchase-orders/{po_id}", responses=not_found)
    async def order(po_id: OrderId, luck: SeededLuck) -> PurchaseOrder:
        """Return a purchase order with its lines."""
        return await books.select("purchase_orders", luck, lambda: ledger.purchase_order(po_id))

    @router.get(
        "/purchase-orders/{po_id}/receipts",
        response_model=Listing[GoodsReceipt],
        responses=not_found,
    )
    async def receipts(po_id: OrderId, luck: SeededLuck) -> dict[str, object]:
        """List the goods receipts of a purchase order."""
        return await books.listing("goods_receipts", luck, lambda: ledger.receipts(po_id))

    @router.get(
        "/benchmarks/purchase-orders/{po_id}",
        response_model=Listing[BenchmarkLine],
        responses=not_found,
    )
    async def benchmark(po_id: OrderId, luck: SeededLuck) -> dict[str, object]:
        """Return each line's price against the market benchmark."""
        return await books.listing("benchmarks", luck, lambda: ledger.benchmark(po_id))

    return router
