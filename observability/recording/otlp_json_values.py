"""Values, ids and times of OTLP/JSON: ids are hex, times and whole numbers are text."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from observability.recording.attribute_columns import dump
from observability.recording.records import Attributes

SERVICE_NAME = "service.name"


def pairs(attributes: Attributes) -> list[dict[str, Any]]:
    """Return attributes as a list of pairs."""
    return [{"key": key, "value": any_value(value)} for key, value in attributes.items()]


def any_value(value: Any) -> dict[str, Any]:
    """Return an attribute's value with its type."""
    if isinstance(value, str):
        return {"stringValue": value}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": double(value)}
    return {"arrayValue": {"values": [any_value(item) for item in value]}}


def double(value: float) -> float | str:
    """Return a number as JSON has it, which has a text for what is not finite."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else f"{'-' * (value < 0)}Infinity"


def id_of(span: dict[str, Any], key: str, size: int) -> str:
    """Return an id in lower case; ``ValueError`` for what is none of that many bytes."""
    text = span.get(key)
    if not isinstance(text, str):
        raise ValueError(f"a span has no {key}")
    try:
        data = bytes.fromhex(text)
    except ValueError:
        data = b""
    if len(data) != size or not any(data):
        raise ValueError(f"{key} {text[:40]!r} is no id of {2 * size} hexadecimal digits")
    return data.hex()


def time_of(parent: Mapping[str, Any], key: str) -> int:
    """Return nanoseconds since the epoch, 0 for none; ``ValueError``."""
    nanoseconds = int(parent.get(key) or 0)
    if not 0 <= nanoseconds < 2**63:
        raise ValueError(f"{key} {nanoseconds} is no time")
    return nanoseconds


def enum_of(value: Any, names: Sequence[str], prefix: str) -> str:
    """Return the name behind a number, or behind a name with its prefix; ``ValueError``."""
    if isinstance(value, str):
        name = value.removeprefix(prefix)
        if name not in names:
            raise ValueError(f"{value!r} is no {prefix}… that is known")
        return name
    if not isinstance(value, int) or not 0 <= value < len(names):
        raise ValueError(f"{value!r} is no {prefix}… that is known")
    return names[value]


def list_of(parent: Any, key: str) -> list[Any]:
    """Return a list, empty where there is none; ``TypeError``."""
    found = parent.get(key)
    if found is None:
        return []
    if not isinstance(found, list):
        raise TypeError(f"{key} is no list")
    return found


def attributes_of(pairs: list[Any]) -> dict[str, Any]:
    """Return attributes from pairs; ``KeyError`` for one without a key."""
    return {str(pair["key"]): value_of(pair.get("value") or {}) for pair in pairs}


def value_of(value: dict[str, Any]) -> Any:
    """Return a value; mappings and lists of lists become JSON text, bytes base64."""
    for kind, read in _READ.items():
        if kind in value:
            return read(value[kind])
    return ""


def _bytes(text: Any) -> str:
    base64.b64decode(text, validate=True)
    return str(text)


def _element(value: dict[str, Any]) -> Any:
    plain = value_of(value)
    return orjson.dumps(plain).decode() if isinstance(plain, tuple) else plain


_READ: Mapping[str, Callable[[Any], Any]] = {
    "stringValue": str,
    "boolValue": bool,
    "intValue": int,
    "doubleValue": float,
    "arrayValue": lambda inner: tuple(_element(item) for item in list_of(inner, "values")),
    # No attribute can be a mapping here, nor bytes: they become text.
    "kvlistValue": lambda inner: dump(attributes_of(list_of(inner, "values"))),
    "bytesValue": _bytes,
}


def resource_of(service: str, resources: Mapping[str, Attributes]) -> Attributes:
    """Return a service's resource attributes, its name among them."""
    return {**resources.get(service, {}), SERVICE_NAME: service}
