from observability.recording import SpanRecord
from observability.telemetry import semconv
from tests.observability.contract import unknown_keys


def test_no_two_constants_have_the_same_key() -> None:
    kinds = ("SPAN_", "EVENT_", "METRIC_", "OP_", "OI_", "WORKFLOW_")
    keys = [
        value
        for name, value in vars(semconv).items()
        if name.isupper() and not name.startswith("_") and not name.startswith(kinds)
    ]
    assert len(keys) == len(set(keys)) == len(semconv.known_keys())


def test_names_of_spans_events_and_metrics_are_no_attribute_keys() -> None:
    assert semconv.SPAN_CHAT not in semconv.known_keys()
    assert semconv.EVENT_EVALUATION_RESULT not in semconv.known_keys()
    assert not semconv.metric_names() & semconv.known_keys()


def test_the_contract_check_finds_a_key_that_nobody_has_named() -> None:
    span = SpanRecord("a", "b", None, "s", "n", "INTERNAL", 0, 1, "UNSET", {"stillgreen.new": 1})
    assert unknown_keys([span]) == {"stillgreen.new"}
