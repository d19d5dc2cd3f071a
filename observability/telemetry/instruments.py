"""The metrics of the contract, with the conventions' bucket boundaries."""

from __future__ import annotations

from opentelemetry.metrics import Counter, Histogram, Meter

from observability.telemetry import semconv

# Boundaries of the generative AI conventions, as opentelemetry-util-genai sets them.
_TOKENS = [float(4**n) for n in range(14)]
_SECONDS = [0.01 * 2**n for n in range(14)]
_AGENT_SECONDS = [0.1 * 2**n for n in range(13)]
_WORKFLOW_SECONDS = [1.0, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200]
# Ours, and HTTP's.
_HTTP = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30]
_RATIO = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.99]
_COUNT = [0.0, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20]
_USD = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0]


class Instruments:
    """One service's instruments. Ratios have no unit: exporters would each name it differently."""

    def __init__(self, meter: Meter) -> None:
        def histogram(name: str, unit: str, text: str, buckets: list[float]) -> Histogram:
            return meter.create_histogram(
                name, unit, text, explicit_bucket_boundaries_advisory=buckets
            )

        def counter(name: str, unit: str, text: str) -> Counter:
            return meter.create_counter(name, unit, text)

        # generative AI conventions
        self.token_usage = histogram(
            semconv.METRIC_TOKEN_USAGE, "{token}", "Tokens of a model call, by type.", _TOKENS
        )
        self.operation_duration = histogram(
            semconv.METRIC_OPERATION_DURATION, "s", "Duration of a model operation.", _SECONDS
        )
        self.time_to_first_chunk = histogram(
            semconv.METRIC_TIME_TO_FIRST_CHUNK, "s", "Time to a reply's first chunk.", _SECONDS
        )
        self.workflow_duration = histogram(
            semconv.METRIC_WORKFLOW_DURATION, "s", "Duration of a workflow.", _WORKFLOW_SECONDS
        )
        self.invoke_agent_duration = histogram(
            semconv.METRIC_INVOKE_AGENT_DURATION,
            "s",
            "Duration of an agent's turn.",
            _AGENT_SECONDS,
        )
        self.execute_tool_duration = histogram(
            semconv.METRIC_EXECUTE_TOOL_DURATION, "s", "Duration of a tool call.", _SECONDS
        )
        # quality
        self.groundedness = histogram(
            semconv.METRIC_GROUNDEDNESS, "", "Share of an answer's claims that hold.", _RATIO
        )
        self.top1_similarity = histogram(
            semconv.METRIC_TOP1_SIMILARITY, "", "Cosine similarity of the best passage.", _RATIO
        )
        self.citation_match = histogram(
            semconv.METRIC_CITATION_MATCH, "", "Share of citations that are valid.", _RATIO
        )
        self.extraction_confidence = histogram(
            semconv.METRIC_EXTRACTION_CONFIDENCE, "", "Confidence in extracted fields.", _RATIO
        )
        self.context_tokens = histogram(
            semconv.METRIC_CONTEXT_TOKENS, "{token}", "Tokens of evidence shown.", _TOKENS
        )
        # work and money
        self.request_cost = histogram(
            semconv.METRIC_REQUEST_COST, "USD", "Model cost of one request.", _USD
        )
        self.request_agents = histogram(
            semconv.METRIC_REQUEST_AGENTS, "{agent}", "Agents run for one request.", _COUNT
        )
        self.request_tools = histogram(
            semconv.METRIC_REQUEST_TOOLS, "{call}", "Tool calls of one request.", _COUNT
        )
        self.cost_by_agent = counter(
            semconv.METRIC_COST_BY_AGENT, "USD", "Model cost, by the agent that asked."
        )
        self.cost_by_user = counter(
            semconv.METRIC_COST_BY_USER, "USD", "Model cost, by the user's pseudonym."
        )
        self.requests = counter(semconv.METRIC_REQUESTS, "{request}", "Questions answered.")
        self.abstentions = counter(
            semconv.METRIC_ABSTENTIONS, "{request}", "Questions left without an answer."
        )
        self.escalations = counter(
            semconv.METRIC_ESCALATIONS, "{request}", "Requests escalated, by reason."
        )
        self.manual_reviews = counter(
            semconv.METRIC_MANUAL_REVIEWS, "{request}", "Requests put in the review queue."
        )
        self.fallbacks = counter(
            semconv.METRIC_FALLBACKS, "{request}", "Requests where a second way was taken."
        )
        self.exceptions = counter(
            semconv.METRIC_EXCEPTIONS, "{exception}", "Exceptions, handled ones included."
        )
        # infrastructure
        self.http_server_duration = histogram(
            semconv.METRIC_HTTP_SERVER_DURATION, "s", "Duration of HTTP server requests.", _HTTP
        )
        self.http_client_duration = histogram(
            semconv.METRIC_HTTP_CLIENT_DURATION, "s", "Duration of HTTP client requests.", _HTTP
        )
        self.http_server_active = meter.create_up_down_counter(
            semconv.METRIC_HTTP_SERVER_ACTIVE, "{request}", "HTTP requests being served."
        )
