import itertools

import pytest

from agents.prompts import FilePrompts
from corpus.luck import Luck
from faults.catalogue.prompt_bloat import DEPARTMENTS, WRITERS
from faults.fault import Seam
from tests.faults.answering import degraded

VALUES = dict.fromkeys(("documents", "question", "answer", "choices", "known"), "as given")


def rendered(severity: float, name: str = "response") -> str:
    part = degraded(Seam.PROMPTS, FilePrompts(), "prompt_bloat", severity)
    return part.render(name, Luck(1), VALUES)


def test_what_the_agent_was_told_stands_unchanged_at_the_end() -> None:
    for name in WRITERS:
        assert rendered(1.0, name).endswith(rendered(0.0, name))


def test_every_department_has_appended_its_copy() -> None:
    prompt = rendered(1.0)
    assert all(f"# As adopted by {department}\n" in prompt for department in DEPARTMENTS)
    assert prompt.count("## House rules for all assistants") == len(DEPARTMENTS)


def test_it_grows_paragraph_by_paragraph_and_never_takes_one_back() -> None:
    prompts = [rendered(severity) for severity in (0.01, 0.2, 0.5, 0.8, 1.0)]
    told = rendered(0.0)
    for shorter, longer in itertools.pairwise(prompts):
        assert longer.startswith(shorter.removesuffix(told))
        assert len(longer) > len(shorter)


@pytest.mark.parametrize("name", ["evidence", "claims", "lookup", "plan", "intent", "finance"])
def test_other_prompts_stay_as_they_are(name: str) -> None:
    assert rendered(1.0, name) == rendered(0.0, name)
