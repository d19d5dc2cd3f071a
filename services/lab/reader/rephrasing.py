"""Questions in more words than the question set has, so that no wording is learned by heart."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

import yaml

from corpus.ledger import World
from corpus.luck import Luck
from corpus.questions import Question, all_families
from corpus.questions.sources import Sources


@lru_cache(maxsize=1)
def rephrasings() -> dict[str, list[str]]:
    """Return for each family further templates, which are used for learning alone."""
    text = files("services.lab.reader").joinpath("rephrasings.yml").read_text("utf-8")
    raw: dict[str, list[str]] = yaml.safe_load(text)
    return raw


def rephrased_questions(world: World, seed: int, per_wording: int) -> list[Question]:
    """Return each rephrasing, asked about so many facts of its family."""
    sources = Sources.of(world, seed)
    templates = rephrasings()
    questions = []
    for family in all_families():
        wordings = templates.get(family.name, [])
        cases = family.cases(sources) if wordings else []
        for number, wording in enumerate(wordings):
            luck = Luck(seed).child(family.name, number)
            drawn = sorted(cases, key=lambda case: luck.uniform("case", case.key))
            for case in drawn[:per_wording]:
                questions.append(
                    Question(
                        id=f"{family.name}-{case.key}-r{number}",
                        family=family.name,
                        wording=f"r{number}",
                        text=wording.format(**case.fill),
                        gold=case.gold,
                        evidence=case.evidence,
                        routes=case.routes,
                        answerable=case.answerable,
                    )
                )
    return questions
