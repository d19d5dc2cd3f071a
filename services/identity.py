"""Where a system's seeds and ids come from."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """Where a system's own seeds and request ids come from.

    ``run`` makes trace and span ids repeatable; without it they are drawn.
    ``experiment`` is for traffic that nobody has asked: its reviews stay in
    memory, what was encoded is shared between processes (see ``Foundation``),
    and metrics count from one look to the next (see ``Telemetry.collect``).
    """

    seed: Callable[[], int] = lambda: secrets.randbits(48)
    request_id: Callable[[], str] = lambda: f"req-{secrets.token_hex(8)}"
    run: str | None = None
    experiment: bool = False
