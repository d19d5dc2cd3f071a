import struct

import numpy as np

from observability.detectors.prometheus.remote_write import STALE, messages


def test_a_message_is_protocol_buffers_in_one_snappy_literal() -> None:
    labels = (("__name__", "a"), ("b", "c"))
    (body,) = messages([(labels, np.array([2**41 + 5]), np.array([1.5]))])
    names = b"\x0a\x0d\x0a\x08__name__\x12\x01a" + b"\x0a\x06\x0a\x01b\x12\x01c"
    sample = b"\x12\x10\x09" + struct.pack("<d", 1.5) + b"\x10\x85\x80\x80\x80\x80\x40"
    series = b"\x0a" + bytes([len(names + sample)]) + names + sample
    literal = b"\xfc" + struct.pack("<I", len(series) - 1)
    assert body == bytes([len(series)]) + literal + series


def test_the_end_of_a_series_keeps_its_bits() -> None:
    (body,) = messages([((("__name__", "a"),), np.array([10**12]), STALE)])
    assert struct.pack("<Q", 0x7FF0000000000002) in body


def test_many_samples_are_several_messages() -> None:
    times = 10**12 + np.arange(100_000)
    series = [((("__name__", str(number)),), times, times.astype(float)) for number in range(6)]
    assert len(list(messages(series))) == 2
    assert list(messages([])) == []
