"""A whole file in the prompt, section after section: the question before it, or after it."""

from __future__ import annotations

from functools import partial

from corpus.ports import Chunk
from services.lab.calibration.conditions.condition import Condition
from services.lab.calibration.library import Library, kind_of
from services.lab.calibration.questions import Asked
from services.lab.calibration.trial import Trial


def file_of(library: Library, gold: Chunk) -> list[Chunk]:
    """Return all passages on a vendor, or of all policies, in reading order."""
    if kind_of(gold) == "policy":
        return list(library.by_kind["policy"])
    vendor = gold.metadata.get("vendor_id")
    if not vendor:
        return list(library.by_doc[gold.doc_id])
    return [
        chunk
        for chunks in library.by_doc.values()
        for chunk in chunks
        if chunk.metadata.get("vendor_id") == vendor or chunk.doc_id == gold.doc_id
    ]


def _build(first: bool, library: Library, asked: Asked) -> Trial:
    name = "filing_question_first" if first else "filing_question_last"
    return Trial(name, asked.question, tuple(file_of(library, asked.gold)), question_first=first)


CONDITIONS = (
    Condition("filing_question_last", "whole file, then the question", partial(_build, False)),
    Condition("filing_question_first", "question, then the whole file", partial(_build, True)),
)
