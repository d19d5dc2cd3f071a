"""Source freshness: the share of the cited documents that no newer version stands beside.

Two documents are versions of one when they have the same kind and the same
title, numbers of versions and years aside. It is about what was shown: an index
that holds nothing but old versions looks fresh here.
"""

from __future__ import annotations

import re

from agents.evaluation.check import UNDEFINED, Check, Evaluation, Judged
from agents.evaluation.claims import cited_places
from agents.ports import Evidence

_VERSION = re.compile(
    r"\b(?:v(?:ersion)?\.?\s*\d+(?:\.\d+)*|(?:19|20)\d{2}|old|draft|superseded|valid|until|from)\b"
    r"|[(),.]",
    re.IGNORECASE,
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def _evaluate(judged: Judged) -> Evaluation:
    newest: dict[tuple[str, str], str] = {}
    for piece in judged.shown:
        date = _date(piece)
        if date:
            newest[_subject(piece)] = max(date, newest.get(_subject(piece), ""))
    cited = [judged.shown[p] for p in cited_places(judged.answer) if 0 <= p < len(judged.shown)]
    dated = [piece for piece in cited if _date(piece)]
    if judged.abstained or not dated:
        return UNDEFINED
    fresh = sum(_date(piece) == newest[_subject(piece)] for piece in dated)
    score = fresh / len(dated)
    return Evaluation(score, "fresh" if score == 1 else "outdated", f"{fresh} of {len(dated)}")


def _date(piece: Evidence) -> str:
    date = str(piece.metadata.get("date", ""))
    return date if _DATE.fullmatch(date) else ""


def _subject(piece: Evidence) -> tuple[str, str]:
    title = " ".join(_VERSION.sub(" ", piece.title).casefold().split())
    return str(piece.metadata.get("doc_type", "")), title


CHECK = Check("source_freshness", _evaluate)
