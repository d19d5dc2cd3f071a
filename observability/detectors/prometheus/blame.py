"""What an alert is about: its layer, severity and texts, as the rules of the bench have them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from observability.detectors.prometheus.files import PromRule
from observability.detectors.rule import RuleInfo, Severity
from observability.signals.signal import ANSWER, INFRASTRUCTURE, SIGNAL_LAYERS
from observability.trace_view.layers import CONTEXT, DATA, MODEL, RETRIEVAL, ROUTING, TOOLS

LAYERS_BY_METRIC: Final[Mapping[str, str]] = {
    "stillgreen_top1_similarity": RETRIEVAL,
    "stillgreen_extraction_confidence": DATA,
    "stillgreen_context_tokens_used": CONTEXT,
    "stillgreen_groundedness": ANSWER,
    "stillgreen_citation_match": ANSWER,
    "stillgreen_abstentions": ANSWER,
    "stillgreen_escalations": ANSWER,
    "stillgreen_manual_reviews": ANSWER,
    "stillgreen_request_cost": MODEL,
    "stillgreen_cost_by_agent": MODEL,
    "stillgreen_cost_by_user": MODEL,
    "stillgreen_request_agents": ROUTING,
    "stillgreen_fallbacks": ROUTING,
    "stillgreen_request_tools": TOOLS,
    "gen_ai_client_token_usage": MODEL,
    "gen_ai_client_operation": MODEL,
    "gen_ai_invoke_agent": ROUTING,
    "gen_ai_execute_tool": TOOLS,
}
"""How the names of metrics begin, and the layer that an alert on them blames."""

_LAYER_LABELS = ("stillgreen_layer", "layer")
_SEVERITIES: Final[Mapping[str, Severity]] = {
    **dict.fromkeys(("critical", "page", "error", "high", "emergency"), "critical"),
    **dict.fromkeys(("info", "none", "low", "informational"), "info"),
}


def info_of(rule: PromRule, name: str, source: str, names: Iterable[str]) -> RuleInfo:
    """Return what is known of an alert; ``names`` are the metrics that it rests on, in order.

    Its layer is what its label ``stillgreen_layer`` or ``layer`` says, else that
    of the first metric in ``LAYERS_BY_METRIC``, else ``infrastructure``.
    """
    layer = _said(rule) or _of_metrics(names) or INFRASTRUCTURE
    texts = rule.annotations
    return RuleInfo(
        id=name,
        title=texts.get("summary") or rule.name,
        severity=_SEVERITIES.get(rule.labels.get("severity", "").lower(), "warning"),
        description=texts.get("description") or texts.get("message") or texts.get("summary", ""),
        runbook=texts.get("runbook_url") or texts.get("runbook", ""),
        layer=layer,
        group="infrastructure" if layer == INFRASTRUCTURE else "quality",
        source=source,
    )


def _said(rule: PromRule) -> str:
    """Return the layer that a label names, by its whole name or its first word."""
    for label in _LAYER_LABELS:
        said = rule.labels.get(label, "").strip().lower()
        for layer in SIGNAL_LAYERS:
            if said in {layer, layer.split()[0]}:
                return layer
    return ""


def _of_metrics(names: Iterable[str]) -> str:
    for name in names:
        for beginning, layer in LAYERS_BY_METRIC.items():
            if name.startswith(beginning):
                return layer
    return ""
