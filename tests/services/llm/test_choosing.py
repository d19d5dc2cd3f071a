"""Options are compared all at once, with the numbers that one by one would give."""

from __future__ import annotations

import numpy as np
import pytest

from corpus.embedding import SentenceTransformerEmbedder
from services.llm.abilities.choosing import Lines, resemblance
from services.llm.reading import ReadingRoom

TEXTS = (
    "Amounts and dates of one invoice.",
    "lookup",
    "Who approved INV-2026-0133, and when?",
    "",
    "Rules on travel: hotels, trains, flights, meals and what is refunded of them.",
)


@pytest.fixture(scope="module")
def room() -> ReadingRoom:
    return ReadingRoom(SentenceTransformerEmbedder())


@pytest.mark.parametrize(
    "question", ["Who signed INV-2026-0140?", "What may a hotel cost?", "Hello", ""]
)
def test_texts_side_by_side_resemble_a_question_as_much_as_one_by_one(
    room: ReadingRoom, question: str
):
    asked = room.question(question)
    together = Lines.read(room, TEXTS).resemblances(asked)
    alone = [resemblance(asked, room.question(text)) for text in TEXTS]
    np.testing.assert_allclose(together, alone, atol=1e-5)
