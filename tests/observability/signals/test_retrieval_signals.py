"""What signals make of searching, of the context and of memory."""

import pytest

from observability.telemetry import semconv as s
from tests.observability.signals.traces import intent, retrieval, span, turn, value


@pytest.mark.parametrize(
    ("name", "spans", "expected"),
    [
        ("similarity_spread", [retrieval(similarities=(0.7, 0.9, 0.4))], 0.5),
        ("similarity_gap", [retrieval(similarities=(0.7, 0.9, 0.4))], 0.2),
        ("similarity_gap", [retrieval(similarities=(0.7,))], None),
        ("score_order", [retrieval(scores=(0.9, 0.7, 0.7, 0.8))], 2 / 3),
        ("score_order", [retrieval(scores=(0.1, 0.2, 0.3))], 0),
        ("score_order", [retrieval(scores=(0.1,))], None),
        ("distinct_vendors", [retrieval(vendors=("V-1", "", "V-2", "V-1"))], 2),
        ("document_types", [retrieval(types=("policy", "policy", "note"))], 2),
        ("chunk_tokens_mean", [retrieval(tokens=(10, 20, 60))], 30),
        ("chunk_tokens_max", [retrieval(tokens=(10, 20, 60))], 60),
        (
            "entity_passage_share",
            [intent("V-1"), retrieval(documents=("A", "B"), vendors=("V-1", "V-2"))],
            0.5,
        ),
        (
            "entity_passage_share",
            [intent("INV-7"), retrieval(documents=("MATCH-INV-7", "B", "C", "D"))],
            0.25,
        ),
        ("entity_passage_share", [intent(), retrieval(documents=("A",))], None),
        (
            "filter_selectivity",
            [span(s.SPAN_FILTER, {s.FILTER_ROWS_IN: 200, s.FILTER_ROWS_OUT: 50})],
            0.25,
        ),
        (
            "filter_selectivity",
            [span(s.SPAN_FILTER, {s.FILTER_ROWS_IN: 0, s.FILTER_ROWS_OUT: 0})],
            None,
        ),
        ("rerank_displacement", [span(s.SPAN_RERANK, {s.RERANK_RANK_CHANGES: (2, 1, 0)})], 4 / 9),
        ("rerank_displacement", [span(s.SPAN_RERANK, {s.RERANK_RANK_CHANGES: (0, 1)})], 0),
        (
            "context_kept_share",
            [span(s.SPAN_CONTEXT, {s.CONTEXT_KEPT: 1, s.CONTEXT_OFFERED: 5})],
            0.2,
        ),
        ("context_repeated_share", [span(s.SPAN_CONTEXT, {s.CONTEXT_SOURCES: "AABC"})], None),
        (
            "context_repeated_share",
            [span(s.SPAN_CONTEXT, {s.CONTEXT_SOURCES: ("A", "A", "B", "C")})],
            0.25,
        ),
        ("cited_rank", [turn("response"), span("x", {s.CITATION_RANKS: (1, 4)})], 2.5),
    ],
)
def test_retrieval_and_context_are_measured(name: str, spans, expected: float | None) -> None:
    assert value(name, *spans) == (None if expected is None else pytest.approx(expected))


def test_what_memory_brought_is_told_from_what_was_asked() -> None:
    remembered = span(s.SPAN_MEMORY, {s.MEMORY_ENTITIES: ("V-1",), s.MEMORY_TURNS: 2})
    assert value("memory_entity_share", remembered, intent("V-1", "V-2")) == 0.5
    assert value("memory_entities", remembered) == 1
    assert value("memory_turns", remembered) == 2
    assert value("memory_entity_share", intent("V-1")) is None
