"""Trace and span identifiers that are the same whenever the same run is made again.

A trace's id follows from (run, request), a span's from (trace, parent, name,
ordinal among its siblings of that name). Nothing depends on the order in which
requests or services take their turn, so two processes that serve one run agree
with one process that serves it alone.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from contextvars import ContextVar

from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.trace import SpanContext

_BOUND = 50_000  # parents remembered; a request has about 40 and lasts far less than that

wanted_trace_id: ContextVar[int | None] = ContextVar("stillgreen_trace_id", default=None)
"""The id that a trace beginning in this context shall have."""


def trace_id_for(run: str | int, request: str | int) -> str:
    """Return the trace id of one request of one run: 32 hex characters."""
    return f"{_number(16, 'trace', run, request):032x}"


def _number(size: int, *key: str | int) -> int:
    digest = hashlib.blake2b("\x1f".join(map(str, key)).encode(), digest_size=size).digest()
    return int.from_bytes(digest, "big") or 1  # zero is no valid id


class SeededIds(IdGenerator):
    """Derives ids from a run's name and a span's place in its trace; one per provider.

    ``expect`` is called right before the SDK asks for ids, in the same thread.
    Two providers may both have children under one parent (the caller's side and
    the called service's): their spans differ by name or by ``service``.
    """

    def __init__(self, run: str | int, service: str, bound: int = _BOUND) -> None:
        self._run = run
        self._service = service
        self._bound = bound
        self._next = threading.local()
        self._siblings: OrderedDict[tuple[int, int, str], int] = OrderedDict()
        self._roots = 0
        self._lock = threading.Lock()

    @property
    def remembered(self) -> int:
        """Return how many groups of siblings are being counted."""
        return len(self._siblings)

    def expect(self, parent: SpanContext, name: str) -> None:
        """Say whose child the next span is, and what it is called."""
        self._next.name = name
        self._next.parent = parent.span_id if parent.is_valid else 0
        self._next.trace = parent.trace_id if parent.is_valid else 0

    def generate_trace_id(self) -> int:
        wanted = wanted_trace_id.get()
        if wanted is None:
            with self._lock:
                self._roots += 1
                wanted = _number(16, "root", self._run, self._service, self._roots)
        self._next.trace = wanted
        return wanted

    def generate_span_id(self) -> int:
        trace_id: int = self._next.trace
        parent: int = self._next.parent
        name: str = self._next.name
        key = (trace_id, parent, name)
        with self._lock:
            ordinal = self._siblings.pop(key, 0)
            self._siblings[key] = ordinal + 1  # re-inserted at the end: least recently used first
            if len(self._siblings) > self._bound:
                self._siblings.popitem(last=False)
        return _number(8, self._service, trace_id, parent, name, ordinal)

    def is_trace_id_random(self) -> bool:
        return False
