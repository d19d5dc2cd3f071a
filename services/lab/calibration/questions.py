"""Which questions are asked: half of the facts to fit on, the other half to report."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from corpus.luck import Luck
from corpus.ports import Chunk
from corpus.questions import Question, build_questions
from corpus.questions.families import aggregates
from services.lab.calibration.errors import NoMaterial
from services.lab.calibration.library import Library
from services.lab.items import KNOWN_WORDINGS

_MOST_FACTS = 40
"""Facts drawn of each family, from which the asked ones are taken in turns."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the passage that answers it."""

    question: Question
    gold: Chunk


@dataclass(frozen=True, slots=True)
class Halves:
    """Questions about different facts: ``fit`` to learn from, ``report`` to be measured on."""

    fit: tuple[Asked, ...]
    report: tuple[Asked, ...]


def draw(library: Library, seed: int, count: int) -> Halves:
    """Return ``count`` questions for each half, families taking turns, each fact in one wording.

    Raises ``NoMaterial`` if the company has fewer facts than that.
    """
    luck = Luck(seed).child("calibration")
    sums = {family.name for family in aggregates.FAMILIES}
    by_fact: dict[tuple[str, str], list[Question]] = defaultdict(list)
    for question in build_questions(library.world, seed, _MOST_FACTS, KNOWN_WORDINGS):
        # A sum over many records is in no document, whatever each of them says.
        if question.answerable and not question.gold.is_none and question.family not in sums:
            fact = question.id.removesuffix(question.wording)
            by_fact[question.family, fact].append(question)
    families: dict[str, list[list[Asked]]] = defaultdict(list)
    for (family, _), same in sorted(by_fact.items(), key=lambda each: luck.uniform(*each[0])):
        told = [Asked(q, gold) for q in same if (gold := library.gold(q)) is not None]
        if told:
            families[family].append(told)
    # By turns, so that the halves are alike in families and wordings.
    queues: dict[tuple[str, int], list[Asked]] = defaultdict(list)
    for family in sorted(families):
        for number, told in enumerate(families[family]):
            queues[family, number % 2].append(told[number // 2 % len(told)])
    halves = []
    for half in (0, 1):
        mine = [queue for (_, which), queue in queues.items() if which == half]
        drawn = [queue[turn] for turn in range(_MOST_FACTS) for queue in mine if len(queue) > turn]
        if len(drawn) < count:
            raise NoMaterial(
                f"{count} questions were asked for and the documents give {len(drawn)}: "
                "ask for fewer, or calibrate on a company with more invoices"
            )
        halves.append(tuple(drawn[:count]))
    return Halves(halves[0], halves[1])
