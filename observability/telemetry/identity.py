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

wanted_trace: ContextVar[int | str | None] = ContextVar("stillgreen_trace", default=None)
"""What a trace that begins in this context is about: the id it shall have, or its request."""


def trace_id_for(run: str | int, request: str | int) -> str:
    """Return the trace id of one request of one run: 32 hex characters.

    A request is known by its seed where it has one, see ``http.instrument_app``.
    """
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
        self._lock = threading.Lock()

    @property
    def remembered(self) -> int:
        """Return how many groups of siblings are being counted."""
        return len(self._siblings)

    def forget(self) -> None:
        """Count from the beginning again."""
        with self._lock:
            self._siblings.clear()

    def expect(self, parent: SpanContext, name: str) -> None:
        """Say whose child the next span is, and what it is called."""
        self._next.name = name
        self._next.parent = parent.span_id if parent.is_valid else 0
        self._next.trace = parent.trace_id if parent.is_valid else 0

    def generate_trace_id(self) -> int:
        wanted = wanted_trace.get()
        if not isinstance(wanted, int):
            request = f"{self._service} without a request" if wanted is None else wanted
            # A request that comes again is another trace.
            again = self._count((0, 0, request))
            key = (request,) if again == 0 and wanted is not None else (request, again)
            wanted = _number(16, "trace", self._run, *key)
        self._next.trace = wanted
        return wanted

    def generate_span_id(self) -> int:
        trace_id: int = self._next.trace
        parent: int = self._next.parent
        name: str = self._next.name
        ordinal = self._count((trace_id, parent, name))
        return _number(8, self._service, trace_id, parent, name, ordinal)

    def _count(self, key: tuple[int, int, str]) -> int:
        """Return how often this key has been counted before."""
        with self._lock:
            before = self._siblings.pop(key, 0)
            self._siblings[key] = before + 1  # re-inserted at the end: least recently used first
            if len(self._siblings) > self._bound:
                self._siblings.popitem(last=False)
        return before

    def is_trace_id_random(self) -> bool:
        return False
