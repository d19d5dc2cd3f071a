"""Runs the arms of a mutation check: the company as it is, and each of its mutations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.ledger import World
from corpus.questions import Question
from corpus.world import WorldFolder, keep
from faults.plan import HEALTHY
from services.changes import NO_CHANGES, Changes
from services.lab.items import item_of
from services.lab.measure import Arm, MeasuredSystem, run_arm
from services.lab.mutation.rewording import Rewording
from services.lab.mutation.shuffling import with_shuffled_passages
from services.lab.mutation.variants import Company, renamed_company, restated_company

UNCHANGED = "unchanged"

Open = Callable[[Changes], AbstractAsyncContextManager[MeasuredSystem]]
"""Opens the whole application with changes."""

Progress = Callable[[str, int, int], None]
"""Told the arm, how many of its questions are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """One thing to change: its name, what it does, and how the company and questions look then.

    ``alike`` says how many questions are only like the original one, since the
    fact that they ask for is not there in the changed company; ``changed`` how
    many questions read otherwise than the original.
    """

    name: str
    says: str
    changes: Changes
    questions: Sequence[Question]
    changed: int
    alike: int = 0


@dataclass(frozen=True, slots=True)
class Mutated:
    """A mutation with its arm."""

    mutation: Mutation
    arm: Arm


@dataclass(frozen=True, slots=True)
class Check:
    """The unchanged arm and all mutated ones, the same questions in the same order in each."""

    seed: int
    unchanged: Arm
    mutated: tuple[Mutated, ...]


def mutations(
    folder: WorldFolder, home: Path, questions: Sequence[Question], seed: int
) -> list[Mutation]:
    """Return all mutations of a company and of the questions to ask about it.

    Changed companies are kept under ``home``, so that their index is built once.
    """
    world = folder.world()
    rewording = Rewording.of(world, folder.documents())
    return [
        _mutation(
            "synonyms",
            "key words of the question replaced by synonyms that no document uses",
            NO_CHANGES,
            questions,
            [rewording.reworded(question) for question in questions],
        ),
        _mutation(
            "shuffled",
            "passages shown to the model in a drawn order",
            Changes(adapt=with_shuffled_passages),
            questions,
            questions,
        ),
        _company("names", "every vendor renamed", renamed_company, world, home, questions, seed),
        _company(
            "figures",
            "amounts, dates, durations, percentages and ids changed, in records and documents",
            restated_company,
            world,
            home,
            questions,
            seed,
        ),
    ]


async def run_check(
    open_system: Open,
    questions: Sequence[Question],
    wanted: Sequence[Mutation],
    seed: int,
    progress: Progress,
    concurrency: int = 4,
) -> Check:
    """Ask the questions unchanged and under each mutation on its own."""

    async def arm(name: str, changes: Changes, asked: Sequence[Question]) -> Arm:
        items = [item_of(question) for question in asked]
        async with open_system(changes) as system:
            return await run_arm(
                system,
                name,
                HEALTHY,
                items,
                seed,
                concurrency,
                lambda done, total: progress(name, done, total),
            )

    unchanged = await arm(UNCHANGED, NO_CHANGES, questions)
    mutated = [Mutated(each, await arm(each.name, each.changes, each.questions)) for each in wanted]
    return Check(seed, unchanged, tuple(mutated))


def _company(
    name: str,
    says: str,
    change: Callable[[World, int], Company],
    world: World,
    home: Path,
    questions: Sequence[Question],
    seed: int,
) -> Mutation:
    company = change(world, seed)
    asked, alike = company.asked(questions)
    folder = keep(home, company.world, company.documents)
    found = _mutation(name, says, Changes(world=folder), questions, asked)
    return replace(found, alike=alike)


def _mutation(
    name: str,
    says: str,
    changes: Changes,
    before: Sequence[Question],
    after: Sequence[Question],
) -> Mutation:
    changed = sum(a.text != b.text for a, b in zip(before, after, strict=True))
    return Mutation(name, says, changes, after, changed)
