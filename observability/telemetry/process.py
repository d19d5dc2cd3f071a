"""CPU and memory of this process: the signals that stay green."""

from __future__ import annotations

import os
from collections.abc import Iterable

import psutil
from opentelemetry.metrics import CallbackOptions, Meter, Observation

from observability.telemetry import semconv


def observe_process(meter: Meter) -> None:
    """Let the meter ask for CPU time, CPU share and resident memory whenever it collects."""
    process = psutil.Process()
    cores = os.cpu_count() or 1
    process.cpu_percent(None)  # the first call only starts the measuring

    def cpu_time(_: CallbackOptions) -> Iterable[Observation]:
        times = process.cpu_times()
        yield Observation(times.user, {semconv.CPU_MODE: "user"})
        yield Observation(times.system, {semconv.CPU_MODE: "system"})

    def cpu_share(_: CallbackOptions) -> Iterable[Observation]:
        yield Observation(process.cpu_percent(None) / 100 / cores)

    def memory(_: CallbackOptions) -> Iterable[Observation]:
        yield Observation(process.memory_info().rss)

    meter.create_observable_counter(
        semconv.METRIC_PROCESS_CPU_TIME, [cpu_time], "s", "CPU time of the process, by mode."
    )
    meter.create_observable_gauge(
        semconv.METRIC_PROCESS_CPU_UTILIZATION,
        [cpu_share],
        description="Share of all cores used since the last look.",
    )
    meter.create_observable_up_down_counter(
        semconv.METRIC_PROCESS_MEMORY_USAGE, [memory], "By", "Resident memory of the process."
    )
