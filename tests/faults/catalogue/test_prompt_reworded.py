from pathlib import Path

import pytest

import agents.prompts
from agents.prompts import FilePrompts
from corpus.luck import Luck
from faults.catalogue.prompt_reworded import OTHER_WORDS, reworded
from faults.fault import Seam
from tests.faults.answering import degraded, grows_without_swapping

PROMPTS = {
    path.stem: path.read_text(encoding="utf-8")
    for path in Path(agents.prompts.__file__).parent.glob("*.md")
}


@pytest.mark.parametrize("sentence", OTHER_WORDS)
def test_every_sentence_that_has_other_words_is_one_of_the_applications(sentence: str) -> None:
    assert any(sentence in prompt for prompt in PROMPTS.values())


@pytest.mark.parametrize("name", ["intent", "plan", "finance", "response", "validation"])
def test_every_prompt_with_instructions_is_reworded(name: str) -> None:
    other = reworded(PROMPTS[name])
    assert other != PROMPTS[name]
    for kept in ("{{choices}}", "{{question}}", "{{known}}", "JSON", "I could not find this"):
        assert (kept in other) == (kept in PROMPTS[name])


def test_documents_are_shown_as_they_are() -> None:
    sentence = next(iter(OTHER_WORDS))
    shown = f"<documents>\n{sentence}\n</documents>"
    assert reworded(f"{sentence}\n{shown}") == f"{OTHER_WORDS[sentence]}\n{shown}"


def test_more_requests_are_hit_the_stronger_it_is_and_none_is_let_off() -> None:
    def changes(severity: float, seed: int) -> bool:
        part = degraded(Seam.PROMPTS, FilePrompts(), "prompt_reworded", severity)
        return part.render("response", Luck(seed), {}) != PROMPTS["response"].strip()

    assert grows_without_swapping(changes)
