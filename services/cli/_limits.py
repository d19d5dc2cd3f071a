"""Hard bounds on what a command may use, for work that does not keep to its own."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from services.cli._output import err

_GRACE = 10.0  # seconds for the ordinary end before the hard one
_MB = 2**20


@contextmanager
def bounded(memory_mb: int, seconds: float) -> Iterator[None]:
    """Let at most so much more memory be taken, and end the process well after so many seconds.

    The memory is bounded where the system can: there an allocation beyond it
    fails, which the library that asked for it reports.
    """

    def stop() -> None:
        err().print(f"[red]error:[/red] stopped: it took longer than {seconds:g} s")
        os._exit(1)

    watchdog = threading.Timer(seconds + _GRACE, stop)
    watchdog.daemon = True
    watchdog.start()
    try:
        with _bounded_memory(memory_mb):
            yield
    finally:
        watchdog.cancel()


@contextmanager
def _bounded_memory(memory_mb: int) -> Iterator[None]:
    import psutil  # noqa: PLC0415

    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        yield
        return
    taken = getattr(psutil.Process().memory_info(), "data", None)
    if taken is None:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    bound = taken + memory_mb * _MB
    if hard != resource.RLIM_INFINITY:
        bound = min(bound, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (bound, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
