from agents.evidence import documents_block
from agents.prompts import FilePrompts
from corpus.luck import Luck
from faults.fault import Seam
from tests.faults.answering import degraded, evidence, grows_without_swapping

SHOWN = evidence(3)
VALUES = {"documents": documents_block(SHOWN), "question": "Who pays?", "answer": "We do."}


def rendered(severity: float, name: str = "evidence", seed: int = 1, **values: str) -> str:
    part = degraded(Seam.PROMPTS, FilePrompts(), "question_before_context", severity)
    return part.render(name, Luck(seed), {**VALUES, **values})


def test_the_question_comes_first_and_the_documents_after_it_as_one() -> None:
    prompt = rendered(1.0)
    assert prompt.startswith("Question: Who pays?\n<documents>")
    assert prompt.count("<document ") == 1
    places = [prompt.find(piece.text) for piece in SHOWN]
    assert -1 not in places
    assert places == sorted(places)


def test_with_no_document_nothing_is_made_up() -> None:
    prompt = rendered(1.0, documents="")
    assert prompt == "Question: Who pays?\n<documents>\n</documents>"


def test_what_is_no_documents_and_a_question_is_rendered_as_it_was() -> None:
    for name in ("response", "claims", "validation", "finance"):
        assert rendered(1.0, name) == rendered(0.0, name)


def test_more_requests_are_hit_the_stronger_it_is_and_none_is_let_off() -> None:
    assert grows_without_swapping(
        lambda severity, seed: rendered(severity, seed=seed).startswith("Question")
    )
