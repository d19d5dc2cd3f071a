"""Questions that lean on the one before them ("And when is it due?"), with their gold answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files

import yaml

from corpus.ledger.draw import shuffled
from corpus.ledger.world import World
from corpus.luck import Luck
from corpus.questions.building import WORDINGS, all_families, ask
from corpus.questions.errors import QuestionDataError
from corpus.questions.question import Question
from corpus.questions.sources import Sources

FOLLOW_UP = "follow_up_"
"""What the name of a family begins with, before the name of the family whose facts it asks for."""


def follow_up_families() -> list[str]:
    """Return the names of the families of questions that lean on another, sorted."""
    return sorted(FOLLOW_UP + name for name in _templates())


def build_follow_ups(
    world: World,
    seed: int = 0,
    per_family: int | None = 20,
    wordings: Sequence[str] = WORDINGS,
    only: Sequence[str] | None = None,
) -> list[Question]:
    """Return up to ``per_family`` facts of each family, all with None, in every wording.

    Each has in ``before`` a question about the same invoice, order or vendor
    that names it, and asks for another fact. ``only`` names the families that
    are wanted. The same arguments give the same questions in the same order.
    """
    if unknown := set(only or ()) - set(follow_up_families()):
        raise QuestionDataError(f"there is no family {', '.join(sorted(unknown))}")
    sources = Sources.of(world, seed)
    openings = _openings(sources)
    given = _templates()
    questions: list[Question] = []
    for family in all_families():
        name = FOLLOW_UP + family.name
        if family.name not in given or (only is not None and name not in only):
            continue
        cases = shuffled(sources.luck, family.cases(sources), "sample", name)
        facts = 0
        for case in cases:
            if per_family is not None and facts == per_family:
                break
            asked = ask(replace(family, name=name), case, wordings, given[family.name], sources)
            led = [
                replace(question, before=before)
                for question in asked
                if (before := _opening(openings, question, family.name, sources.luck)) is not None
            ]
            questions += led
            facts += bool(led)
    return questions


def _openings(sources: Sources) -> Mapping[str, Sequence[Question]]:
    """Return the questions that name an invoice, an order or a vendor, by its id."""
    found: dict[str, list[Question]] = defaultdict(list)
    for family in all_families():
        for case in family.cases(sources):
            for question in ask(family, case, WORDINGS, None, sources):
                if question.subject:
                    found[question.subject].append(question)
    return found


def _opening(
    openings: Mapping[str, Sequence[Question]], question: Question, family: str, luck: Luck
) -> str | None:
    """Choose what is asked before a question: about the same subject, but not for the same fact."""
    others = [each for each in openings[question.subject] if each.family != family]
    if not others:
        return None
    return others[int(luck.uniform("opening", question.id) * len(others))].text


@lru_cache
def _templates() -> dict[str, dict[str, str]]:
    path = files("corpus.questions") / "follow_ups.yml"
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise QuestionDataError(f"follow_ups.yml is not YAML: {error}") from error
    known = {family.name for family in all_families()}
    if not isinstance(data, dict) or set(data) - known:
        raise QuestionDataError("follow_ups.yml must map families of questions to lists of texts")
    return {
        str(family): {f"w{number}": str(text) for number, text in enumerate(texts, start=1)}
        for family, texts in data.items()
    }
