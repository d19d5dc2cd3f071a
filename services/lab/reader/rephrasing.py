"""Questions in more words than the question set has, so that no wording is learned by heart."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

import yaml

from corpus.ledger import World
from corpus.luck import Luck
from corpus.questions import Question, all_families
from corpus.questions.question import Case, nothing
from corpus.questions.sources import ANY, Sources


@lru_cache(maxsize=1)
def rephrasings() -> dict[str, list[str]]:
    """Return for each family or fact further templates, which are used for learning alone."""
    folder = files("services.lab.reader") / "rephrasings"
    merged: dict[str, list[str]] = {}
    for path in sorted(folder.iterdir(), key=lambda p: p.name):
        raw: dict[str, list[str]] = yaml.safe_load(path.read_text("utf-8"))
        for name, templates in raw.items():
            merged.setdefault(name, []).extend(templates)
    return merged


@lru_cache(maxsize=1)
def unanswerable() -> list[str]:
    """Return questions near to the policies that none of them answers."""
    text = files("services.lab.reader").joinpath("unanswerable.yml").read_text("utf-8")
    raw: list[str] = yaml.safe_load(text)
    return raw


def rephrased_questions(world: World, seed: int, per_wording: int) -> list[Question]:
    """Return each wording of a family, asked about so many of its facts."""
    sources = Sources.of(world, seed)
    templates = rephrasings()
    questions = []
    for family in all_families():
        wordings = templates.get(family.name, [])
        cases = family.cases(sources) if wordings else []
        for number, wording in enumerate(wordings):
            luck = Luck(seed).child(family.name, number)
            drawn = sorted(cases, key=lambda case: luck.uniform("case", case.key))
            questions += [
                _question(family.name, case, number, wording.format(**case.fill))
                for case in drawn[:per_wording]
            ]
    return questions


def rephrased_policies(world: World, seed: int) -> list[Question]:
    """Return the wordings of each single policy fact, and what no policy answers."""
    sources = Sources.of(world, seed)
    templates = rephrasings()
    questions = [
        _question(family.name, case, number, wording)
        for family in all_families()
        for case in family.cases(sources)
        for number, wording in enumerate(templates.get(case.key, []))
    ]
    near = Case("near", {}, nothing(), (), ANY, answerable=False)
    return questions + [
        _question("unanswerable_policy", near, number, text)
        for number, text in enumerate(unanswerable())
    ]


def _question(family: str, case: Case, number: int, text: str) -> Question:
    return Question(
        id=f"{family}-{case.key}-r{number}",
        family=family,
        wording=f"r{number}",
        text=text,
        gold=case.gold,
        evidence=case.evidence,
        routes=case.routes,
        answerable=case.answerable,
    )
