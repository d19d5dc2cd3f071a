import pytest

from observability.detectors.prometheus.translation import (
    COUNTER,
    GAUGE,
    HISTOGRAM,
    UP_DOWN,
    identity_of,
    kind_of,
    label_name,
    label_value,
    labels_of,
    metric_name,
    number,
    target_labels,
)
from tests.observability.detectors.prometheus.points import point


@pytest.mark.parametrize(
    ("name", "unit", "kind", "expected"),
    [
        ("http.server.request.duration", "s", HISTOGRAM, "http_server_request_duration_seconds"),
        ("http.server.active_requests", "{request}", UP_DOWN, "http_server_active_requests"),
        ("gen_ai.client.token.usage", "{token}", HISTOGRAM, "gen_ai_client_token_usage"),
        ("stillgreen.requests", "{request}", COUNTER, "stillgreen_requests_total"),
        ("stillgreen.cost.by_agent", "USD", COUNTER, "stillgreen_cost_by_agent_USD_total"),
        ("process.memory.usage", "By", UP_DOWN, "process_memory_usage_bytes"),
        ("process.cpu.time", "s", COUNTER, "process_cpu_time_seconds_total"),
        ("process.cpu.utilization", "1", GAUGE, "process_cpu_utilization_ratio"),
        ("cache.hits", "1", COUNTER, "cache_hits_total"),
        ("messages.total", "", COUNTER, "messages_total"),
        ("total.messages", "", COUNTER, "messages_total"),
        ("disk.io", "By/s", GAUGE, "disk_io_bytes_per_second"),
        ("queue.rate", "{item}/s", GAUGE, "queue_rate_per_second"),
        ("wait.seconds", "s", HISTOGRAM, "wait_seconds"),
        ("disk.used", "%", GAUGE, "disk_used_percent"),
        ("temperature", "°F", GAUGE, "temperature_F"),
        ("(lambda).calls(#)", "", GAUGE, "lambda_calls"),
        ("4xx", "", COUNTER, "_4xx_total"),
    ],
)
def test_a_metric_has_the_name_that_prometheus_gives_it(
    name: str, unit: str, kind: str, expected: str
) -> None:
    assert metric_name(name, unit, kind) == expected


def test_labels_have_underscores_and_a_key_before_digits() -> None:
    assert label_name("http.response.status_code") == "http_response_status_code"
    assert label_name("4xx") == "key_4xx"
    assert label_name("_hidden") == "key_hidden"


def test_values_are_written_as_text() -> None:
    assert [label_value(value) for value in (True, 200, 0.5, ("a", "b"), "x")] == [
        "true",
        "200",
        "0.5",
        '["a","b"]',
        "x",
    ]


def test_attributes_that_become_one_label_are_joined_and_empty_ones_are_left_out() -> None:
    assert labels_of({"a.b": "2", "a_b": "3", "c": ""}) == (("a_b", "2;3"),)


def test_bounds_are_written_as_go_writes_numbers() -> None:
    assert [number(bound) for bound in (0.005, 1.0, 10.0, 67108864.0, 1e-05, float("inf"))] == [
        "0.005",
        "1",
        "10",
        "67108864",
        "0.00001",
        "+Inf",
    ]


def test_a_service_is_a_job_and_the_rest_of_its_resource_is_target_info() -> None:
    resource = {"service.name": "shop", "service.namespace": "acme", "service.version": "1"}
    identity = identity_of("shop", resource)
    assert identity == {"job": "acme/shop", "instance": ""}
    assert target_labels(resource, identity) == (("job", "acme/shop"), ("service_version", "1"))
    assert target_labels({"service.name": "shop"}, {"job": "shop"}) == ()
    assert identity_of("shop", {}) == {"job": "shop", "instance": ""}


def test_a_sum_that_went_down_or_is_named_like_one_that_can_is_no_counter() -> None:
    assert kind_of("a.count", [point("a.count", 0, 1)]) == COUNTER
    assert kind_of("a.count", [point("a.count", 0, 1), point("a.count", 1, -1)]) == UP_DOWN
    assert kind_of("http.server.active_requests", [point("x", 0, 1)]) == UP_DOWN
    assert kind_of("a", [point("a", 0, 1, kind="gauge")]) == GAUGE
    assert kind_of("a", [point("a", 0, 1, kind="histogram")]) == HISTOGRAM
