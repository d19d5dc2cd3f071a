"""A generated world: every record of the books, in memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from corpus.ledger.errors import SettingsError
from corpus.ledger.records import (
    Agreement,
    Approval,
    GoodsReceipt,
    Hold,
    Invoice,
    Match,
    Payment,
    PaymentRun,
    PurchaseOrder,
    Vendor,
)

TODAY = date(2026, 6, 30)
"""The day on which the world stands still."""


@dataclass(frozen=True, slots=True)
class WorldSettings:
    """What a world is generated from; raises ``SettingsError`` when out of range."""

    seed: int = 7
    vendors: int = 40
    invoices: int = 400

    def __post_init__(self) -> None:
        if not 1 <= self.vendors <= 400:
            raise SettingsError(f"vendors must be 1 to 400, not {self.vendors}")
        if not self.vendors <= self.invoices <= 9000:
            raise SettingsError(
                f"invoices must be at least the number of vendors ({self.vendors}) "
                f"and at most 9000, not {self.invoices}"
            )


@dataclass(frozen=True, slots=True)
class World:
    """All records, each sequence in the order of its ids."""

    settings: WorldSettings
    vendors: tuple[Vendor, ...]
    agreements: tuple[Agreement, ...]
    purchase_orders: tuple[PurchaseOrder, ...]
    receipts: tuple[GoodsReceipt, ...]
    invoices: tuple[Invoice, ...]
    matches: tuple[Match, ...]
    approvals: tuple[Approval, ...]
    payments: tuple[Payment, ...]
    runs: tuple[PaymentRun, ...]
    holds: tuple[Hold, ...]
