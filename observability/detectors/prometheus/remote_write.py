"""Samples as a message of Prometheus' remote write protocol, version 1.0.

Protocol Buffers and Snappy are written by hand: a message has four kinds of
fields, and a Snappy block may hold everything as one literal.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from observability.detectors.prometheus.translation import Labels

HEADERS: Final = {
    "Content-Type": "application/x-protobuf",
    "Content-Encoding": "snappy",
    "X-Prometheus-Remote-Write-Version": "0.1.0",
}
STALE: Final = np.array([0x7FF0000000000002], np.uint64).view(np.float64)
"""One sample that ends a series at once, as an array: arithmetic would lose its bits."""

_MESSAGE_BYTES = 4_000_000
_TIME_BYTES = 6
_SAMPLE_BYTES = 12 + _TIME_BYTES

Times = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]


def messages(series: Iterable[tuple[Labels, Times, Numbers]]) -> Iterator[bytes]:
    """Yield messages of some megabytes, each the body of one request.

    Times are milliseconds since the epoch, ascending, between 1971 and 2109:
    all of them then take the same number of bytes.
    """
    waiting = bytearray()
    for labels, times, values in series:
        waiting += _field(1, _labels(labels) + _samples(times, values))
        if len(waiting) > _MESSAGE_BYTES:
            yield _as_literal(bytes(waiting))
            waiting.clear()
    if waiting:
        yield _as_literal(bytes(waiting))


def _labels(labels: Labels) -> bytes:
    return b"".join(
        _field(1, _field(1, name.encode()) + _field(2, text.encode())) for name, text in labels
    )


def _samples(times: Times, values: Numbers) -> bytes:
    """Return all samples at once: each is a field of the same length."""
    table = np.empty((len(times), _SAMPLE_BYTES), np.uint8)
    table[:, 0] = 2 << 3 | 2
    table[:, 1] = _SAMPLE_BYTES - 2
    table[:, 2] = 1 << 3 | 1
    table[:, 3:11] = np.ascontiguousarray(values, "<f8").view(np.uint8).reshape(-1, 8)
    table[:, 11] = 2 << 3 | 0
    for place in range(_TIME_BYTES):
        more = 0x80 if place < _TIME_BYTES - 1 else 0
        table[:, 12 + place] = (times >> (7 * place)) & 0x7F | more
    return table.tobytes()


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)


def _as_literal(data: bytes) -> bytes:
    return _varint(len(data)) + b"\xfc" + struct.pack("<I", len(data) - 1) + data
