"""Makes a recording of OTLP/JSON lines, which may come from anywhere.

The file is read twice: first every line is checked, and for each trace the
last line that has a part of it is noted, so that nothing is written of a file
with a bad line; then traces are recorded as they become whole, and cumulative
metrics as differences. Memory holds the traces that are open at one time and
the series of metrics that are out of order, and not the file.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from observability.recording.cumulative import Deltas, Order
from observability.recording.errors import OtlpError, RecordingError
from observability.recording.otlp_json import Line, common, from_line
from observability.recording.records import Attributes, LogRecord, MetricRecord, SpanRecord
from observability.recording.run_folder import RunFolder

_BLOCK = 5_000  # spans, points and logs, about: a block ends with the line that fills it

Progress = Callable[[int, int], None]
"""Told how many lines are done, of how many; each line is read twice."""


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something that is wrong in a file: where, and what."""

    line: int
    what: str


@dataclass(slots=True)
class Imported:
    """What came of an import; ``incomplete`` traces are recorded, ``bad_lines`` are not.

    ``simplified`` spans had more than a recording keeps, ``repeated`` spans and
    points came before; ``left_out`` are points of metrics of a kind that is not
    kept, ``unfit`` are the lines with points that contradict themselves.
    ``converted`` points were cumulative, ``unspecified`` ones are taken to have
    been, and their series began anew ``restarts`` times.
    """

    lines: int = 0
    spans: int = 0
    traces: int = 0
    metrics: int = 0
    logs: int = 0
    repeated: int = 0
    simplified: int = 0
    left_out: int = 0
    converted: int = 0
    unspecified: int = 0
    restarts: int = 0
    unfit: list[Oddity] = field(default_factory=list)
    bad_lines: list[Oddity] = field(default_factory=list)
    incomplete: list[Oddity] = field(default_factory=list)


@dataclass(slots=True)
class _Survey:
    """What the first reading finds: the last line of each trace, resources, and a digest.

    ``out_of_order`` are the cumulative series that are.
    """

    last_line: dict[bytes, int]
    resources: dict[str, Attributes]
    digest: str
    out_of_order: set[bytes]


def import_lines(
    file: Path,
    to: Path,
    versions: Mapping[str, str],
    skip_bad_lines: bool = False,
    progress: Progress | None = None,
) -> Imported:
    """Record a file of OTLP/JSON lines, plain or gzipped, in a new folder.

    Raises ``OtlpError`` that names the first bad line, before anything is
    written, unless bad lines are to be skipped; ``FolderNotEmptyError``.
    """
    RunFolder.check_free(to)
    report = Imported()
    survey = _survey(file, report, skip_bad_lines)
    folder = RunFolder.create(to, survey.digest, versions, survey.resources)
    blocks = _Blocks(folder, report)
    deltas = Deltas(survey.out_of_order)
    for line, whole in _whole_traces(file, survey.last_line, report, progress):
        blocks.add(whole, chain(line.metrics, deltas.of(line.cumulative)), line.logs)
    for metric in deltas.rest():
        blocks.add((), (metric,), ())
    blocks.write()
    report.converted, report.restarts = deltas.converted, deltas.restarts
    report.repeated += deltas.repeated
    folder.finish("complete")
    return report


class _Blocks:
    """Collects what has been read until a block is full, and counts it in the report."""

    def __init__(self, folder: RunFolder, report: Imported) -> None:
        self._folder = folder
        self._report = report
        self._number = 0
        self._spans: list[SpanRecord] = []
        self._metrics: list[MetricRecord] = []
        self._logs: list[LogRecord] = []

    def add(
        self,
        spans: Iterable[SpanRecord],
        metrics: Iterable[MetricRecord],
        logs: Iterable[LogRecord],
    ) -> None:
        self._spans += spans
        self._metrics += metrics
        self._logs += logs
        if len(self._spans) + len(self._metrics) + len(self._logs) >= _BLOCK:
            self.write()

    def write(self) -> None:
        if self._spans or self._metrics or self._logs:
            self._folder.write_block(self._number, self._spans, self._metrics, self._logs)
            self._report.metrics += len(self._metrics)
            self._report.logs += len(self._logs)
            self._number += 1
            self._spans, self._metrics, self._logs = [], [], []


def _survey(file: Path, report: Imported, skip_bad_lines: bool) -> _Survey:
    last_line: dict[bytes, int] = {}
    resources: dict[str, Attributes] = {}
    digest = hashlib.blake2b(digest_size=8)
    order = Order()
    holds_any = False
    for number, text in _lines(file):
        report.lines = number
        digest.update(text)
        try:
            line = from_line(text)
        except OtlpError as error:
            if not skip_bad_lines:
                raise _bad(file, number, text, error) from error
            report.bad_lines.append(Oddity(number, str(error)))
            continue
        holds_any = holds_any or bool(line.spans or line.metrics or line.cumulative or line.logs)
        report.simplified += line.simplified
        report.left_out += line.left_out
        report.unspecified += line.unspecified
        order.see(line.cumulative)
        if line.unfit:
            more = f", and {len(line.unfit) - 1} more" if len(line.unfit) > 1 else ""
            report.unfit.append(Oddity(number, line.unfit[0] + more))
        for service, attributes in line.resources.items():
            resources[service] = common(resources.get(service, attributes), attributes)
        for span in line.spans:
            last_line[bytes.fromhex(span.trace_id)] = number
    if not holds_any:
        raise OtlpError(f"{file} holds no spans, metrics or logs, so there is nothing to record")
    return _Survey(last_line, resources, digest.hexdigest(), order.broken)


def _whole_traces(
    file: Path, last_line: Mapping[bytes, int], report: Imported, progress: Progress | None
) -> Iterator[tuple[Line, list[SpanRecord]]]:
    """Yield each line, with the spans of the traces that it was the last to have a part of."""
    bad = {oddity.line for oddity in report.bad_lines}
    open_traces: dict[str, dict[str, tuple[int, SpanRecord]]] = {}
    for number, text in _lines(file):
        if number in bad:
            continue
        touched: dict[str, None] = {}
        line = _parsed(file, number, text)
        for span in line.spans:
            touched[span.trace_id] = None
            spans = open_traces.setdefault(span.trace_id, {})
            if span.span_id in spans:
                report.repeated += 1  # sent twice, as an exporter does when an answer is lost
            else:
                spans[span.span_id] = (number, span)
        whole: list[SpanRecord] = []
        for trace_id in touched:
            if last_line.get(bytes.fromhex(trace_id)) == number:
                spans = open_traces.pop(trace_id)
                report.traces += 1
                report.spans += len(spans)
                _look_for_gaps(trace_id, spans, report)
                whole += [span for _, span in spans.values()]
        yield line, whole
        if progress is not None:
            progress(number, report.lines)


def _look_for_gaps(
    trace_id: str, spans: Mapping[str, tuple[int, SpanRecord]], report: Imported
) -> None:
    orphans = [
        (number, span)
        for number, span in spans.values()
        if span.parent_id is not None and span.parent_id not in spans
    ]
    if orphans:
        number, span = min(orphans, key=lambda orphan: orphan[0])
        report.incomplete.append(
            Oddity(
                number,
                f"half a trace: {trace_id} lacks the parent {span.parent_id} of"
                f" {span.name!r}" + (f", and {len(orphans) - 1} more" if len(orphans) > 1 else ""),
            )
        )


def _parsed(file: Path, number: int, text: bytes) -> Line:
    try:
        return from_line(text)
    except OtlpError as error:  # it was good when it was read before
        raise RecordingError(f"{file} changed while it was read (line {number})") from error


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not empty, with their numbers."""
    number = 0
    try:
        with file.open("rb") as raw:
            zipped = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            lines = gzip.GzipFile(fileobj=raw) if zipped else raw
            for number, text in enumerate(lines, 1):
                if text.strip():
                    yield number, text
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise OtlpError(
            f"{file} is cut off or damaged after line {number}: {error}. Unzip what can be"
            " unzipped, and import that."
        ) from error
    except OSError as error:
        raise RecordingError(f"{file} cannot be read: {error.strerror or error}") from error


def _bad(file: Path, number: int, text: bytes, error: OtlpError) -> OtlpError:
    cut = "" if text.endswith(b"\n") else " It is the last line, and cut off."
    return OtlpError(
        f"{file}, line {number}: {error}.{cut} Nothing was recorded; correct the line, or leave"
        " bad lines out with --skip-bad-lines."
    )
