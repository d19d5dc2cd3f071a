"""The class that keeps a catalogue file short: a fault is its description and one function."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from corpus.luck import Luck
from faults.errors import WrongPart
from faults.fault import ACCURACY, Claim, Kind, Layer, Seam, Severity

_NEEDED: Mapping[Seam, tuple[str, ...]] = {
    Seam.DOCUMENTS: ("__iter__", "__len__"),
    Seam.CHUNKER: ("fingerprint", "chunk"),
    Seam.INDEX_EMBEDDER: ("fingerprint", "embed", "tokens"),
    Seam.QUERY_EMBEDDER: ("fingerprint", "embed", "tokens"),
    Seam.INDEX: ("search",),
    Seam.FILTER: ("predicate",),
    Seam.RERANKER: ("rerank",),
    Seam.SEARCH: ("search",),
    Seam.CONTEXT: ("build",),
    Seam.PROMPTS: ("render",),
    Seam.MODEL: ("chat",),
    Seam.MODELS: ("find", "allowance"),
    Seam.ROUTES: ("offered",),
    Seam.HANDOFF: ("hand",),
    Seam.ESCALATION: ("reason",),
    Seam.ASKER: ("ask", "clock"),
    Seam.TOOLS: ("__iter__", "__len__"),
    Seam.MEMORY: ("recall", "remember", "forget"),
    Seam.TRAFFIC: ("weights",),
}


@dataclass(frozen=True, slots=True)
class PartFault:
    """A fault whose mechanism is one function from a healthy part to a worse one.

    ``wrap`` gets the healthy part and a severity above 0 and returns a part of
    the same protocol. ``taxonomy`` holds class ids of the literature (RAGEC
    ``E1`` to ``E16``, Barnett ``FP1`` to ``FP7``, ``MAST``, ``OWASP``).
    ``shows_in`` names what of a trace differs, ``blind`` what cannot show it;
    ``find`` and ``fix`` say in a sentence or two how somebody would find it in
    traces and what ends it. ``claim`` is what it makes worse. ``excludes`` names
    faults of which nothing is left wherever this one has its way too.
    """

    id: str
    seam: Seam
    layer: Layer
    summary: str
    taxonomy: tuple[str, ...]
    shows_in: tuple[str, ...]
    blind: tuple[str, ...]
    wrap: Callable[[Any, Severity], Any]
    find: str = ""
    fix: str = ""
    kind: Kind = Kind.SILENT
    claim: Claim = ACCURACY
    excludes: tuple[str, ...] = ()

    def degrade(self, part: Any, severity: Severity) -> Any:
        """Return the worse part, or the very same part at severity 0."""
        if severity.value == 0:
            return part
        missing = [name for name in _NEEDED.get(self.seam, ()) if not hasattr(part, name)]
        if missing:
            raise WrongPart(
                f"{self.id} degrades a {self.seam.value}, but {type(part).__name__} "
                f"has no {', '.join(missing)}"
            )
        return self.wrap(part, severity)


class StandsIn:
    """Hands on what is asked beyond the protocol, e.g. a model's name, to the healthy part.

    A part made worse must not be told from its healthy one by what it lacks.
    Subclasses keep the healthy part as ``healthy``.
    """

    __slots__ = ()
    healthy: Any

    def __getattr__(self, name: str) -> Any:
        if name == "healthy":
            # Not set yet, as while a copy is made: asking on would never end.
            raise AttributeError(name)
        return getattr(self.healthy, name)


def of_each(wrap: Callable[[Any, Severity], Any]) -> Callable[[Any, Severity], Any]:
    """Return a ``wrap`` of a list of parts, e.g. of the tools, that wraps each of them."""

    def wrap_all(parts: Any, severity: Severity) -> Any:
        return type(parts)(wrap(part, severity) for part in parts)

    return wrap_all


def chosen_document(fault_id: str, doc_id: str, severity: Severity) -> bool:
    """Tell whether a document is in the share that a fault of this severity hits.

    The share grows with severity and never swaps: a document that is hit at
    0.2 is hit at 0.5 too.
    """
    return draw(fault_id, doc_id) < severity.value


def draw(*key: str) -> float:
    """Return a number from 0 up to 1 that depends on nothing but the key."""
    digest = hashlib.blake2b("\x1f".join(key).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def chosen_request(fault_id: str, luck: Luck, severity: Severity) -> bool:
    """Tell whether a request is in the share that a fault of this severity hits."""
    return luck.uniform("degraded", fault_id) < severity.value
