"""Names and labels as Prometheus gives them to OpenTelemetry's metrics.

The rules are those of Prometheus' OTLP endpoint with its default strategy,
``UnderscoreEscapingWithSuffixes`` (Prometheus 3, package ``otlptranslator``),
which are those of the Collector's exporters with ``add_metric_suffixes``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from observability.recording.records import Attributes, AttributeValue, MetricRecord

Labels = tuple[tuple[str, str], ...]
"""Names and values, sorted by name."""

COUNTER: Final = "counter"
UP_DOWN: Final = "up-down counter"
GAUGE: Final = "gauge"
HISTOGRAM: Final = "histogram"

_UNITS: Final[Mapping[str, str]] = {
    "d": "days",
    "h": "hours",
    "min": "minutes",
    "s": "seconds",
    "ms": "milliseconds",
    "us": "microseconds",
    "ns": "nanoseconds",
    "By": "bytes",
    "KiBy": "kibibytes",
    "MiBy": "mebibytes",
    "GiBy": "gibibytes",
    "TiBy": "tibibytes",
    "KBy": "kilobytes",
    "MBy": "megabytes",
    "GBy": "gigabytes",
    "TBy": "terabytes",
    "m": "meters",
    "V": "volts",
    "A": "amperes",
    "J": "joules",
    "W": "watts",
    "g": "grams",
    "Cel": "celsius",
    "Hz": "hertz",
    "1": "",
    "%": "percent",
}
_PER: Final[Mapping[str, str]] = {
    "s": "second",
    "m": "minute",
    "h": "hour",
    "d": "day",
    "w": "week",
    "mo": "month",
    "y": "year",
}
_CAN_GO_DOWN: Final = re.compile(
    r"\.(active_requests|open_connections|connection\.count|connection\.idle\..*|usage|limit"
    r"|virtual|open_file_descriptor\.count|thread\.count)$"
)
"""How the conventions' up-down counters end: a recorded sum does not say that it is one."""

_NOT_IN_NAMES = re.compile(r"[^a-zA-Z0-9:]+")
_NOT_IN_LABELS = re.compile(r"[^a-zA-Z0-9_]")


def kind_of(name: str, points: Iterable[MetricRecord]) -> str:
    """Return what a metric is: counter, up-down counter, gauge or histogram.

    An up-down counter is known by its name, as the conventions give it, or by
    having gone down; Prometheus takes it for a gauge.
    """
    kinds = set()
    down = bool(_CAN_GO_DOWN.search(name))
    for point in points:
        kinds.add(point.kind)
        down = down or (point.kind == "sum" and point.value < 0)
    if "histogram" in kinds:
        return HISTOGRAM
    if "sum" in kinds:
        return UP_DOWN if down else COUNTER
    return GAUGE


def metric_name(name: str, unit: str, kind: str) -> str:
    """Return a metric's name, e.g. ``http_server_request_duration_seconds``.

    Units in braces are dropped, ``1`` becomes ``ratio`` for gauges alone, and
    counters end in ``total``.
    """
    words = [word for word in _NOT_IN_NAMES.split(name) if word]
    main, _, per = unit.partition("/")
    words += _unit_words(main, _UNITS, "", words)
    words += _unit_words(per, _PER, "per_", words)
    if kind == COUNTER:
        words = [word for word in words if word != "total"] + ["total"]
    if kind == GAUGE and unit == "1":
        words = [word for word in words if word != "ratio"] + ["ratio"]
    whole = "_".join(words)
    return f"_{whole}" if whole[:1].isdigit() else whole


def labels_of(attributes: Attributes, *more: Mapping[str, str]) -> Labels:
    """Return attributes as labels; those in ``more`` are names already, and win.

    Attributes that become the same label are joined by ``;`` in the order of
    their keys. A label without a value does not exist.
    """
    found: dict[str, str] = {}
    for key in sorted(filter(None, attributes)):
        name = label_name(key)
        text = label_value(attributes[key])
        found[name] = f"{found[name]};{text}" if name in found else text
    for names in more:
        found |= names
    return tuple(sorted((name, text) for name, text in found.items() if text))


def label_name(key: str) -> str:
    """Return an attribute's key as the name of a label."""
    name = _NOT_IN_LABELS.sub("_", key)
    if name[:1].isdigit():
        return f"key_{name}"
    return f"key{name}" if name.startswith("_") and not name.startswith("__") else name


def label_value(value: AttributeValue) -> str:
    """Return an attribute's value as text: ``true``, ``200``, ``["a","b"]``."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return number(value)
    return json.dumps(list(value), separators=(",", ":"), ensure_ascii=False)


def number(value: float) -> str:
    """Return a number as Go writes it in a ``le`` label: ``0.25``, ``1``, ``+Inf``."""
    if value == float("inf"):
        return "+Inf"
    text = f"{value:.17f}" if "e" in repr(value) else repr(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def identity_of(service: str, resource: Attributes) -> dict[str, str]:
    """Return the labels ``job`` and ``instance`` of a service's series."""
    space = label_value(resource.get("service.namespace", ""))
    name = label_value(resource.get("service.name", service))
    instance = label_value(resource.get("service.instance.id", ""))
    return {"job": f"{space}/{name}" if space else name, "instance": instance}


def target_labels(resource: Attributes, identity: Mapping[str, str]) -> Labels:
    """Return the labels of a service's ``target_info``; none if there is nothing to tell."""
    telling = {key: value for key, value in resource.items() if key not in _IDENTIFYING}
    return labels_of(telling, identity) if telling else ()


def _unit_words(
    unit: str, known: Mapping[str, str], prefix: str, present: Sequence[str]
) -> list[str]:
    unit = unit.strip()
    if not unit or "{" in unit or "}" in unit:
        return []
    text = _NOT_IN_NAMES.sub("_", known.get(unit, unit)).strip("_")
    word = prefix + text
    return [word] if text and word not in present else []


_IDENTIFYING = frozenset({"service.name", "service.namespace", "service.instance.id"})
