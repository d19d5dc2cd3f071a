"""What the services of one process share: the company's world, the encoder, files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from services.settings import Settings

if TYPE_CHECKING:
    from agents.reviews import SqliteReviewQueue
    from corpus.embedding import SentenceTransformerEmbedder
    from corpus.encoding_cache import EncodingCache
    from corpus.ledger import Ledger
    from corpus.token_store import TokenStore
    from corpus.world import WorldFolder
    from observability.recording import SpanRecord

IndexProgress = Callable[[int, int], None]


class Foundation:
    """Opens each shared thing at its first use and closes all of them at the end.

    There is one encoder in a process, whichever services need it. In an
    ``experiment`` reviews stay in memory, since nobody will work on them, and
    processes share what they have encoded, since they are asked much the same.
    ``world`` is the company's folder if it is not the one of the settings.
    """

    def __init__(
        self,
        settings: Settings,
        progress: IndexProgress | None = None,
        experiment: bool = False,
        world: WorldFolder | None = None,
    ) -> None:
        self.settings = settings
        self._given_world = world
        self._experiment = experiment
        self.progress = progress
        self._opened = ExitStack()

    def close(self) -> None:
        """Close what was opened."""
        self._opened.close()

    @cached_property
    def world(self) -> WorldFolder:
        """The company's folder, generated if it is not there."""
        if self._given_world is not None:
            return self._given_world
        from corpus.ledger import WorldSettings  # noqa: PLC0415 - heavy import
        from corpus.world import build_or_load  # noqa: PLC0415 - heavy import

        asked = WorldSettings(
            self.settings.world_seed, self.settings.vendors, self.settings.invoices
        )
        return build_or_load(self.settings.home, asked)

    @cached_property
    def ledger(self) -> Ledger:
        """The company's books."""
        ledger = self.world.open_ledger()
        self._opened.callback(ledger.close)
        return ledger

    @cached_property
    def embedder(self) -> SentenceTransformerEmbedder:
        """The encoder; its weights are loaded when a text is encoded."""
        from corpus.embedding import SentenceTransformerEmbedder  # noqa: PLC0415 - heavy import
        from corpus.encoder_weights import SHIPPED_MODEL  # noqa: PLC0415

        model, threads = self.settings.encoder or SHIPPED_MODEL, self.settings.threads
        return SentenceTransformerEmbedder(
            model, threads=threads, shared=self._encodings(model) if self._experiment else None
        )

    def _encodings(self, model: str) -> EncodingCache:
        import platform  # noqa: PLC0415 - only experiments need it
        from importlib.metadata import version  # noqa: PLC0415

        from corpus.embedding import SentenceTransformerEmbedder  # noqa: PLC0415 - heavy import
        from corpus.encoding_cache import EncodingCache  # noqa: PLC0415 - heavy import

        libraries = [f"{name} {version(name)}" for name in ("torch", "transformers", "numpy")]
        weights = SentenceTransformerEmbedder(model).fingerprint
        machine = f"{platform.machine()} {platform.processor()} threads={self.settings.threads}"
        cache = EncodingCache(
            self.settings.home / "encodings", "; ".join([weights, machine, *libraries])
        )
        self._opened.callback(cache.close)
        return cache

    @cached_property
    def token_store(self) -> TokenStore:
        """Token embeddings by text, in front of the encoder."""
        from corpus.token_store import TokenStore  # noqa: PLC0415 - heavy import

        return TokenStore(self.embedder)

    @cached_property
    def reviews(self) -> SqliteReviewQueue:
        """The queue of answers that wait for a person."""
        from agents.reviews import SqliteReviewQueue  # noqa: PLC0415 - heavy import

        where = ":memory:" if self._experiment else self.settings.home / "review.sqlite"
        queue = SqliteReviewQueue(where)
        self._opened.callback(queue.close)
        return queue

    @contextmanager
    def recording(self, every_request: bool = False) -> Iterator[Callable[[SpanRecord], object]]:
        """Yield a sink that writes spans to the local recording.

        ``every_request`` is for a service that sees a part of each request only.
        """
        from observability.recording import SQLiteRecording  # noqa: PLC0415 - heavy import

        recording = SQLiteRecording(self.settings.recording_file, every_request=every_request)
        try:
            yield recording.add
        finally:
            recording.close()
