"""Marks beside indexes: that a process has one open, and when somebody last opened it.

The mark of an index is an empty file. Whoever has the index open shares a lock
on it, which the system takes back when the process ends, however it ends.
"""

from __future__ import annotations

import os
import sys
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform != "win32":
    import fcntl


class IndexUse:
    """Tells other processes that an index is open, for as long as this object lives."""

    def __init__(self, descriptor: int) -> None:
        """Take the open file of the mark, with its lock."""
        self.end = weakref.finalize(self, os.close, descriptor)


def mark_used(root: Path, name: str) -> IndexUse | None:
    """Mark an index as open now; None where no mark can be written.

    Waits while the index is being removed.
    """
    try:
        descriptor = os.open(_mark(root, name), os.O_RDWR | os.O_CREAT, 0o644)
    except OSError:  # a folder that is only read is nobody's to clear up
        return None
    use = IndexUse(descriptor)
    try:
        if sys.platform != "win32":
            fcntl.flock(descriptor, fcntl.LOCK_SH)
        os.utime(_mark(root, name))
    except OSError:  # e.g. a file system over the network without locks
        use.end()
        return None
    return use


@contextmanager
def held_unused(root: Path, name: str) -> Iterator[bool]:
    """Keep anybody from opening an index meanwhile; gives False if somebody has it open.

    On Windows, where no lock can be shared, it always gives True; there the
    system itself refuses to move a folder with open files.
    """
    try:
        descriptor = os.open(_mark(root, name), os.O_RDWR)
    except OSError:  # nobody has opened it since there are marks
        yield True
        return
    try:
        yield _locked(descriptor)
    finally:
        os.close(descriptor)


def last_used_ns(root: Path, name: str) -> int | None:
    """Return when an index was last opened, in nanoseconds since 1970; None if nothing says."""
    try:
        return _mark(root, name).stat().st_mtime_ns
    except OSError:
        return None


def _locked(descriptor: int) -> bool:
    if sys.platform != "win32":
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
    return True


def _mark(root: Path, name: str) -> Path:
    return root / f".{name}.used"
