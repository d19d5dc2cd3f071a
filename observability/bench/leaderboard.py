"""Rule sets against each other on the same episodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from observability.bench.groups import the_set
from observability.bench.localisation import Localisation, Method, localisation, locate
from observability.bench.report import SetScore, score_of_set
from observability.bench.watching import Watched
from observability.detectors.rule import RuleInfo


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule set that stands for comparison; its tracks are about the board's episodes."""

    name: str
    infos: Mapping[str, RuleInfo]
    watched: Sequence[Watched]


@dataclass(frozen=True, slots=True)
class Standing:
    """One row of the board; ``failures`` counts the rules that failed on some episode."""

    name: str
    rules: int
    score: SetScore
    localisation: Localisation
    failures: int


def leaderboard(
    entries: Sequence[Entry],
    budget: float,
    method: Method = Method(),  # noqa: B008 - frozen
) -> tuple[Standing, ...]:
    """Return rule sets from the best to the worst.

    Sets that keep to the budget of false alarms per 1,000 healthy requests come
    before those that do not, then more silent episodes detected come first: a
    set that alarms always detects everything and is worth nothing. Raises
    ``ValueError`` if the sets did not watch the same episodes.
    """
    seen = {tuple(sorted(each.episode.id for each in entry.watched)) for entry in entries}
    if len(seen) > 1:
        raise ValueError("rule sets can be compared only on the same episodes")
    standings = []
    for entry in entries:
        rules = the_set(entry.infos)
        standings.append(
            Standing(
                name=entry.name,
                rules=len(rules),
                score=score_of_set(entry.name, rules, entry.watched),
                localisation=localisation(
                    each
                    for each in locate(entry.watched, entry.infos, rules, method)
                    if each.kind == "silent"
                ),
                failures=len({name for each in entry.watched for name in each.failures}),
            )
        )
    return tuple(sorted(standings, key=lambda each: _place(each, budget)))


def _place(standing: Standing, budget: float) -> tuple[bool, float, str]:
    silent = standing.score.silent
    return (
        not silent.false_alarms.per_thousand.value <= budget,
        -silent.detected.value if silent.episodes else 0.0,
        standing.name,
    )
