"""Context relevance: how much of what was shown speaks to the question.

The mean over the shown pieces of the share of the question's words and
entities that a piece holds; a named entity counts as much as all words together.
"""

from __future__ import annotations

from agents.evaluation.check import UNDEFINED, Check, Evaluation, Judged
from agents.evaluation.claims import content_words, evidence_text


def _evaluate(judged: Judged) -> Evaluation:
    asked = content_words(judged.question)
    if not judged.shown or not (asked or judged.entities):
        return UNDEFINED
    scores = []
    for piece in judged.shown:
        text = evidence_text(piece)
        about = {str(value) for value in piece.metadata.values()}
        parts = [len(asked & content_words(text)) / len(asked)] if asked else []
        parts += [float(e.id in about or e.id in text or e.name in text) for e in judged.entities]
        scores.append(sum(parts) / len(parts))
    score = sum(scores) / len(scores)
    return Evaluation(score, "relevant" if score >= 0.4 else "weak", f"{len(scores)} pieces shown")


CHECK = Check("context_relevance", _evaluate)
