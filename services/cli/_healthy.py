"""Healthy requests of recorded runs, as tables of signals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from services.cli._output import err

if TYPE_CHECKING:
    import pyarrow as pa

    from observability.signals.mapping import SpanMapping


def healthy_tables(
    runs: Sequence[Path],
    on_part: Callable[[int, int], None] | None = None,
    mapping: SpanMapping | None = None,
) -> list[pa.Table]:
    """Return a table of signals for each stretch of requests under no fault.

    A run is a folder or a file of OTLP/JSON lines; ``mapping`` gives the spans
    of another application our names. Where a run says under what each request
    ran, all others are left out, and each arm is a stretch of its own. Where it
    does not, its owner's word that it is healthy is taken.
    """
    from observability.signals.keeping import signals_of  # noqa: PLC0415 - heavy imports
    from services.lab.detecting.opening import opened  # noqa: PLC0415

    tables = []
    for path in runs:
        with opened(path) as recording:
            folder = recording.folder
            table = signals_of(folder, on_part, mapping)
            if not folder.parts("truth"):
                err().print(
                    f"{path} does not say what it ran under; taken as healthy", markup=False
                )
                tables.append(table)
                continue
            folder.verify(["truth"])
            arms = {each.trace_id: each.arm for each in folder.truth() if not each.faults}
            err().print(
                f"{path}: {len(arms)} of {table.num_rows} requests are healthy", markup=False
            )
            tables += _arms(table, arms)
    return tables


def _arms(table: pa.Table, arms: dict[str, str]) -> list[pa.Table]:
    import pyarrow as pa  # noqa: PLC0415 - heavy import

    of_row = [arms.get(trace_id) for trace_id in table.column("trace_id").to_pylist()]
    return [
        table.filter(pa.array([each == arm for each in of_row], pa.bool_()))
        for arm in sorted(set(arms.values()))
    ]
