from dataclasses import replace

import pytest

from corpus.luck import Luck
from services.lab.calibration.summaries import ASK, is_supported
from services.llm.abilities.summarising import wants_summary
from services.llm.profiles import find_profile
from services.llm.simulator import Simulator
from services.llm.wire import ChatCompletionRequest
from tests.corpus.fakes import HashingEmbedder
from tests.services.lab.calibration.fakes import chunk

TEXT = (
    "Agreement FA-1\nThe agreement runs from 1 June 2024 to 31 May 2027.\n"
    "Invoices are payable within 30 days of the invoice date.\n"
    "The notice period is 45 days to the end of a month."
)


def _summary(embellishment: float) -> str:
    embedder = HashingEmbedder()
    body = {
        "model": "sim-careful",
        "messages": [
            {
                "role": "user",
                "content": f'<document id="D1" title="FA-1">\n{TEXT}\n</document>\nQuestion: {ASK}',
            }
        ],
    }
    profile = replace(find_profile("sim-careful"), embellishment=embellishment)
    request = ChatCompletionRequest.model_validate(body)
    return Simulator(embedder, embedder).complete(request, profile, Luck(3)).content


def test_a_plain_summary_says_what_the_document_says() -> None:
    summary = _summary(0.0)
    assert "31 May 2027" in summary
    assert is_supported(summary, [chunk(1, text=TEXT)])


def test_an_embellished_summary_is_found_out() -> None:
    assert not is_supported(_summary(1.0), [chunk(1, text=TEXT)])


@pytest.mark.parametrize(
    "text", ["Summarise the document.", "Give me a summary, please.", "What are the main points?"]
)
def test_a_wish_for_a_summary_is_understood(text: str) -> None:
    assert wants_summary(text)


@pytest.mark.parametrize(
    "text", ["What is the gross sum of all invoices?", "Adding up everything, what do we owe?"]
)
def test_a_question_about_a_sum_is_no_such_wish(text: str) -> None:
    assert not wants_summary(text)
