"""Builds a seeded set of questions, balanced over the families."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping, Sequence

from corpus.ledger.draw import shuffled
from corpus.ledger.world import World
from corpus.questions import families
from corpus.questions.errors import QuestionDataError
from corpus.questions.question import Case, Question
from corpus.questions.sources import Family, Sources
from corpus.questions.wording import templates

WORDINGS = ("w1", "w2")
"""The wordings that are known while the application is made; w3 and w4 are held out."""


def all_families() -> list[Family]:
    """Return the families of every module, by name; raises ``QuestionDataError`` on a duplicate."""
    found: dict[str, Family] = {}
    for name in sorted(module.name for module in pkgutil.iter_modules(families.__path__)):
        module = importlib.import_module(f"{families.__name__}.{name}")
        for family in module.FAMILIES:
            if family.name in found:
                raise QuestionDataError(f"the family {family.name} is defined twice")
            found[family.name] = family
    return [found[name] for name in sorted(found)]


def build_questions(
    world: World,
    seed: int = 0,
    per_family: int = 20,
    wordings: Sequence[str] = WORDINGS,
    only: Sequence[str] | None = None,
) -> list[Question]:
    """Return up to ``per_family`` facts of each family, each asked in every wording.

    Facts about what was never recorded of a vendor are eight small families
    that share the number. ``only`` names the families that are wanted. The
    same arguments give the same questions in the same order.
    """
    sources = Sources.of(world, seed)
    known = all_families()
    names = {family.name for family in known}
    if unknown := set(only or ()) - names:
        raise QuestionDataError(f"there is no family {', '.join(sorted(unknown))}")
    unrecorded = max(1, sum(name.startswith("unrecorded_") for name in names))
    questions: list[Question] = []
    for family in known:
        if only is not None and family.name not in only:
            continue
        share = per_family
        if family.name.startswith("unrecorded_"):
            share = max(1, round(per_family / unrecorded * 2))
        cases = shuffled(sources.luck, family.cases(sources), "sample", family.name)[:share]
        for case in cases:
            questions.extend(ask(family, case, wordings, None, sources))
    return questions


def ask(
    family: Family,
    case: Case,
    wordings: Sequence[str],
    texts: Mapping[str, str] | None,
    sources: Sources,
) -> list[Question]:
    """Ask for a fact in every wording, in the family's own ones unless ``texts`` gives others."""
    given = templates()
    own = {**(case.texts or given.get(family.name, {})), **given.get(case.key, {})}
    known = own if texts is None else texts
    questions = []
    for wording in wordings:
        if wording not in known:
            continue
        text = known[wording]
        questions.append(
            Question(
                id=f"{family.name}-{case.key}-{wording}",
                family=family.name,
                wording=wording,
                text=text if case.texts else text.format(**case.fill),
                gold=case.gold,
                evidence=case.evidence,
                routes=case.routes,
                answerable=case.answerable,
                subject=sources.subject(case.fill),
            )
        )
    return questions
