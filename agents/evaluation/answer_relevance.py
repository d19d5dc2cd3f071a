"""Answer relevance: whether an answer holds the kind of thing that was asked for.

"When" wants a date or a period, "how much" a figure, "who" a name; half of the
score is that, the other half the share of the question's words that the answer
or the documents that it cites take up.
"""

from __future__ import annotations

import re

from agents.evaluation.check import UNDEFINED, Check, Evaluation, Judged
from agents.evaluation.claims import (
    cited_places,
    content_words,
    evidence_text,
    figures,
    split_claims,
)

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_KINDS = (
    (re.compile(r"\bhow (?:much|many|long)\b|\b(?:amount|total|sum|rate)\b", re.I), "a figure"),
    (re.compile(r"\bwhen\b|\b(?:which|what) (?:date|day)\b", re.I), "a date"),
    (re.compile(r"\bwho(?:m|se)?\b", re.I), "a name"),
)
_NAME = re.compile(r"(?<=[a-z,:;] )[A-Z][\w'-]+(?: [A-Z][\w'-]+)*|\b[A-Z]\w+ [A-Z]\w+")


def _evaluate(judged: Judged) -> Evaluation:
    if judged.abstained or not judged.answer:
        return UNDEFINED
    text = " ".join(claim.text for claim in split_claims(judged.answer))
    kind = next((kind for words, kind in _KINDS if words.search(judged.question)), "")
    fits = 1.0 if not kind else float(_holds(text, kind))
    asked = content_words(judged.question)
    cited = [judged.shown[p] for p in cited_places(judged.answer) if p < len(judged.shown)]
    taken_up = content_words(" ".join([text, *(evidence_text(piece) for piece in cited)]))
    share = len(asked & taken_up) / len(asked) if asked else 1.0
    return Evaluation(
        (fits + share) / 2,
        "relevant" if fits and share >= 0.3 else "off_topic",
        "" if fits else f"the question asks for {kind}",
    )


def _holds(text: str, kind: str) -> bool:
    if kind == "a name":
        return bool(_NAME.search(text))
    stated = figures(text)
    if kind == "a date":
        # "Within 30 days" answers "when" too.
        return any(_DATE.fullmatch(figure) for figure in stated) or "days" in text
    return bool(stated) or bool(re.search(r"\b(?:none|no|one|two|three|nothing)\b", text, re.I))


CHECK = Check("answer_relevance", _evaluate)
