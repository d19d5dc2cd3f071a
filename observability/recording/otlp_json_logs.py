"""Log records as OTLP/JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import orjson

from observability.recording.otlp_json_values import (
    attributes_of,
    id_of,
    list_of,
    pairs,
    resource_of,
    time_of,
    value_of,
)
from observability.recording.records import Attributes, LogRecord

_LINES = 500
"""Records of a line."""

# OpenTelemetry's numbers for the levels of Python's logging.
_NUMBERS = {"DEBUG": 5, "INFO": 9, "WARNING": 13, "ERROR": 17, "CRITICAL": 21}
_LEVELS = ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")


def log_lines(logs: Iterable[LogRecord], resources: Mapping[str, Attributes]) -> Iterator[bytes]:
    """Yield lines, each with its end, of some hundred log records at most."""
    waiting = iter(logs)
    while some := list(islice(waiting, _LINES)):
        services: dict[str, list[LogRecord]] = {}
        for log in some:
            services.setdefault(log.service, []).append(log)
        request = {
            "resourceLogs": [
                {
                    "resource": {"attributes": pairs(resource_of(service, resources))},
                    "scopeLogs": [{"scope": {}, "logRecords": [_plain(log) for log in own]}],
                }
                for service, own in services.items()
            ]
        }
        yield orjson.dumps(request) + b"\n"


def log_of(plain: dict[str, Any], service: str) -> LogRecord:
    """Return a log record; raises what ``otlp_json.from_line`` explains.

    Its time is when it was seen, if nothing says when it happened; a severity
    without a text is named by its number; a body that is no text becomes JSON.
    """
    body = value_of(plain.get("body") or {})
    return LogRecord(
        service=service,
        time_ns=time_of(plain, "timeUnixNano") or time_of(plain, "observedTimeUnixNano"),
        severity=str(plain.get("severityText") or _level(plain.get("severityNumber", 0))),
        body=body if isinstance(body, str) else orjson.dumps(body).decode(),
        trace_id=id_of(plain, "traceId", 16) if plain.get("traceId") else None,
        span_id=id_of(plain, "spanId", 8) if plain.get("spanId") else None,
        attributes=attributes_of(list_of(plain, "attributes")),
    )


def _plain(log: LogRecord) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "timeUnixNano": str(log.time_ns),
        "severityText": log.severity,
        "body": {"stringValue": log.body},
        "attributes": pairs(log.attributes),
    }
    if log.severity in _NUMBERS:
        plain["severityNumber"] = _NUMBERS[log.severity]
    if log.trace_id is not None:
        plain["traceId"] = log.trace_id
    if log.span_id is not None:
        plain["spanId"] = log.span_id
    return plain


def _level(number: Any) -> str:
    if isinstance(number, str):
        return number.removeprefix("SEVERITY_NUMBER_")
    return _LEVELS[min((number - 1) // 4, 5)] if number > 0 else ""
