"""The signals that judge an answer without knowing the right one, and which way is worse.

Which way is worse follows from what each is described to measure; no data were
looked at for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

EVALUATORS: Final[Mapping[str, bool]] = {
    "groundedness": False,
    "support_share": False,
    "citation_validity": False,
    "citation_coverage": False,
    "citation_match": False,
    "context_relevance": False,
    "answer_relevance": False,
    "numeric_consistency": False,
    "source_freshness": False,
    "duplicate_share": True,
    "hallucination_risk": True,
    "composite_risk": True,
    "weak_retrieval": True,
    "weak_support": True,
    "uncertainty": True,
    "answer_confidence": False,
}
"""Whether higher is worse, by the signal's name."""
