"""What the reader learns from: lessons on worlds of other seeds, and reading practice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.embedding import SentenceTransformerEmbedder
from corpus.ledger import WorldSettings
from corpus.questions import build_questions
from services.lab.reader.examples import Example, Progress, example_of, open_world, situations_of
from services.lab.reader.practising import practice_examples
from services.lab.reader.rephrasing import rephrased_policies, rephrased_questions
from services.llm.reading import ReadingRoom
from services.virtual_time import run_virtual

FIRST_SEED = 101
"""Worlds to learn from are of this seed and the next ones; the served world has another."""
_TOPICS = (
    *("approval", "benchmarking", "duplicates", "expenses", "handbook", "onboarding"),
    *("payment_terms", "tax", "travel"),
)
_DELAYS = ("delay_reason",)
_POLICIES = tuple(f"policy_{topic}" for topic in _TOPICS)
_UNANSWERABLE = ("unanswerable_policy",)


@dataclass(frozen=True, slots=True)
class Lesson:
    """Questions of some families, or all of them in other words.

    ``parts`` counts a family as so many, which gives it weight.
    """

    only: tuple[str, ...] | None
    per_family: int
    parts: int = 1
    first_world_alone: bool = False
    rephrased: bool = False


LESSONS = (
    Lesson(None, 8),
    Lesson((), 1, rephrased=True),
    Lesson(_DELAYS, 40, parts=2),
    # The policies are the same in every world.
    Lesson(_POLICIES, 60, parts=4, first_world_alone=True),
    Lesson(_UNANSWERABLE, 60, parts=6, first_world_alone=True),
)
_TAUGHT_APART = frozenset((*_DELAYS, *_POLICIES, *_UNANSWERABLE))


def curriculum(
    home: Path,
    worlds: int,
    embedder: SentenceTransformerEmbedder,
    progress: Callable[[str], Progress],
) -> list[Example]:
    """Return all examples to learn from, of so many worlds built below ``home``."""
    made: list[Example] = []
    for number in range(worlds):
        for lesson in LESSONS:
            if lesson.first_world_alone and number:
                continue
            taught = world_examples(home, FIRST_SEED + number, lesson, embedder, progress)
            if lesson.only is None:
                taught = [e for e in taught if e.family not in _TAUGHT_APART]
            made += [
                replace(e, family=f"{e.family}/{'r' * lesson.rephrased}{i % lesson.parts}")
                for i, e in enumerate(taught)
            ]
    made += policy_examples(home, embedder, progress)
    return made + practice_examples(embedder, ReadingRoom(embedder))


def policy_examples(
    home: Path, embedder: SentenceTransformerEmbedder, progress: Callable[[str], Progress]
) -> list[Example]:
    """Return further wordings of each policy fact, and what no policy answers."""
    with open_world(home, WorldSettings(seed=FIRST_SEED), embedder) as (world, shown):
        questions = rephrased_policies(world, FIRST_SEED)
        report = progress("policies")
        situations = run_virtual(situations_of(questions, shown, FIRST_SEED, report))
        made = [example_of(shown.room, situation) for situation in situations]
    return [replace(e, family=f"{e.family}/r{i % 4}") for i, e in enumerate(made)]


def world_examples(
    home: Path,
    seed: int,
    lesson: Lesson,
    embedder: SentenceTransformerEmbedder,
    progress: Callable[[str], Progress],
) -> list[Example]:
    """Return the examples of one lesson in one world."""
    with open_world(home, WorldSettings(seed=seed), embedder) as (world, shown):
        if lesson.rephrased:
            questions = rephrased_questions(world, seed, lesson.per_family)
        else:
            questions = build_questions(
                world, seed=seed, per_family=lesson.per_family, only=lesson.only
            )
        situations = run_virtual(situations_of(questions, shown, seed, progress(f"world {seed}")))
        return [example_of(shown.room, situation) for situation in situations]
