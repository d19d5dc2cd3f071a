"""Traces of another application, by the OpenInference conventions, as a Collector writes them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

START = 1_760_000_000_000_000_000
SECOND = 1_000_000_000


def write_lines(to: Path, requests: int, worse_from: int | None = None) -> Path:
    """Write a line for each request; from ``worse_from`` on, the search finds worse documents."""
    worse = requests if worse_from is None else worse_from
    lines = [request_line(number, found_worse=number >= worse) for number in range(requests)]
    to.write_text("\n".join(map(json.dumps, [*lines, health_line(requests)])) + "\n", "utf-8")
    return to


def request_line(number: int, found_worse: bool = False) -> dict[str, Any]:
    """Return a request: a chain with a retriever, a reranker, a model call and a tool."""
    start = START + number * 20 * SECOND
    best = (0.45 if found_worse else 0.82) + 0.01 * (number % 7)
    scores = [round(best - 0.05 * place, 3) for place in range(3)]
    documents = {
        f"retrieval.documents.{place}.document.{key}": value
        for place, score in enumerate(scores)
        for key, value in (
            ("id", f"doc-{(number + place) % 11}"),
            ("score", score),
            ("content", f"Paragraph {place} of many."),
        )
    }
    ranked = {
        f"reranker.{side}_documents.{place}.document.{key}": value
        for side, order in (("input", (0, 1, 2)), ("output", (1, 0, 2)))
        for place, each in enumerate(order)
        for key, value in (("id", f"doc-{(number + each) % 11}"), ("score", 1.0 - 0.1 * place))
    }
    model = {
        "openinference.span.kind": "LLM",
        "llm.model_name": "large-1",
        "llm.provider": "somebody",
        "llm.token_count.prompt": 900 + 10 * (number % 5),
        "llm.token_count.completion": 40 + number % 9,
        "llm.invocation_parameters": json.dumps({"temperature": 0}),
        "output.value": json.dumps({"choices": [{"finish_reason": "stop"}]}),
    }
    spans = [
        _span(
            number,
            1,
            None,
            "RetrievalQA",
            start,
            3.0,
            {
                "openinference.span.kind": "CHAIN",
                "session.id": f"session-{number // 3}",
                "input.value": json.dumps({"query": "How long is the warranty?"}),
                "output.value": json.dumps({"result": "Two years." + "." * (number % 4)}),
            },
        ),
        _span(
            number,
            2,
            1,
            "Retriever",
            start,
            0.4,
            {"openinference.span.kind": "RETRIEVER", **documents},
        ),
        _span(
            number,
            3,
            1,
            "Reranker",
            start + SECOND,
            0.1,
            {"openinference.span.kind": "RERANKER", **ranked},
        ),
        _span(number, 4, 1, "ChatModel", start + SECOND, 1.5, model),
        _span(
            number,
            5,
            1,
            "stock",
            start + 2 * SECOND,
            0.2,
            {"openinference.span.kind": "TOOL", "tool.name": "stock", "output.value": "12"},
        ),
    ]
    return _line(spans)


def health_line(number: int) -> dict[str, Any]:
    """Return a health check, which is no request."""
    start = START + number * 20 * SECOND
    return _line([_span(number, 9, None, "GET /health", start, 0.001, {"http.status_code": 200})])


def _line(spans: list[dict[str, Any]]) -> dict[str, Any]:
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": "warranty-bot"}}]}
    return {
        "resourceSpans": [{"resource": resource, "scopeSpans": [{"scope": {}, "spans": spans}]}]
    }


def _span(
    number: int,
    place: int,
    parent: int | None,
    name: str,
    start: int,
    seconds: float,
    attributes: dict[str, Any],
) -> dict[str, Any]:
    made = {
        "traceId": f"{number + 1:032x}",
        "spanId": f"{number + 1:08x}{place:08x}",
        "name": name,
        "kind": 1,
        "startTimeUnixNano": str(start),
        "endTimeUnixNano": str(start + round(seconds * SECOND)),
        "attributes": list(_pairs(attributes)),
        "status": {"code": "STATUS_CODE_OK"},
    }
    if parent is not None:
        made["parentSpanId"] = f"{number + 1:08x}{parent:08x}"
    return made


def _pairs(attributes: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for key, value in attributes.items():
        kind = {str: "stringValue", float: "doubleValue", int: "intValue"}[type(value)]
        yield {"key": key, "value": {kind: str(value) if kind == "intValue" else value}}
