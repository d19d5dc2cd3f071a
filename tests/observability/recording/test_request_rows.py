from dataclasses import fields, replace

from observability.recording import request_rows
from observability.recording.record_tables import REQUESTS
from observability.recording.request_rows import RequestRow
from observability.telemetry import semconv
from tests.observability.recording import run_sample as sample


def _row(spans) -> RequestRow:
    (row,) = request_rows.request_rows(spans)
    return row


def test_the_keys_are_those_of_the_telemetry_contract() -> None:
    keys = {
        value
        for name, value in vars(request_rows).items()
        if name.isupper() and isinstance(value, str) and not name.startswith("_")
    }
    assert len(keys) > 25
    assert keys <= semconv.known_keys()


def test_a_row_says_what_the_spans_say() -> None:
    row = _row(sample.trace(0))
    spans = sample.trace(0)
    workflow = next(span for span in spans if span.name.startswith("invoke_workflow"))
    plan = next(span for span in spans if span.name.startswith("plan "))
    retrieval = next(span for span in spans if span.name.startswith("retrieval "))
    assert row.trace_id == sample.trace_id(0)
    assert row.spans == len(spans)
    assert row.error_spans == 0
    assert row.status_code == 200
    assert row.route == plan.attributes[semconv.ROUTE_NAME]
    assert row.cost_usd == workflow.attributes[semconv.COST_USD]
    assert row.agents == workflow.attributes[semconv.AGENT_PATH]
    assert row.top1_similarity == retrieval.attributes[semconv.RETRIEVAL_TOP1_SIMILARITY]
    assert row.start_ns == min(span.start_ns for span in spans)
    assert row.duration_ms == (max(s.end_ns for s in spans) - row.start_ns) / 1e6


def test_every_field_has_a_column() -> None:
    assert list(REQUESTS.fields) == [field.name for field in fields(RequestRow)]


def test_half_a_trace_has_a_row_all_the_same() -> None:
    spans = [span for span in sample.trace(0) if span.parent_id is not None][3:]
    row = _row(spans)
    assert row.spans == len(spans)
    assert row.abstained is None
    assert row.top1_similarity is not None


def test_a_known_key_with_a_foreign_type_says_nothing() -> None:
    spans = [
        replace(span, attributes=dict.fromkeys(span.attributes, "many")) for span in sample.trace(0)
    ]
    row = _row(spans)
    assert row.status_code is None
    assert row.cost_usd is None
    assert row.abstained is None
    assert row.agents == ()
