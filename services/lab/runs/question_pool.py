"""The questions that a scenario's people may ask, and which of them comes next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from corpus.ledger import World
from corpus.luck import Luck
from corpus.questions import (
    FOLLOW_UP,
    Question,
    build_follow_ups,
    build_questions,
    follow_up_families,
)
from services.lab.mix import SteadyMix, family_of
from services.lab.runs.errors import ScenarioError
from services.lab.runs.scenario import Scenario


class QuestionPool:
    """The questions by family, drawn with the families' weights, and those that lean on others."""

    def __init__(self, scenario: Scenario, world: World) -> None:
        traffic, wanted = scenario.traffic, scenario.traffic.questions
        leaning = set(follow_up_families())
        own = sorted(set(wanted.families) - leaning)
        families: dict[str, list[Question]] = defaultdict(list)
        if own or not wanted.families:
            known = build_questions(
                world, scenario.seed, wanted.facts, wanted.wordings, own or None
            )
            for question in _with_history(wanted.history, known, world):
                if _asks_for(wanted.answers, question):
                    families[question.family].append(question)
        if not families:
            raise ScenarioError(
                "traffic.questions leaves nothing to ask; name other families, wordings, answers "
                "or history, or ask about more facts"
            )
        self._families = {name: families[name] for name in sorted(families)}
        self._weights = wanted.families
        self.mix = SteadyMix({name: self._weight(name) for name in self._families})
        self._leaning = traffic.sessions.follow_ups
        self._follow_ups: dict[str, list[Question]] = defaultdict(list)
        others = sorted(set(wanted.families) & leaning)
        if self._leaning and (others or not wanted.families):
            subjects = {question.subject for each in self._families.values() for question in each}
            for question in build_follow_ups(
                world, scenario.seed, None, wanted.wordings, others or None
            ):
                if question.subject in subjects and _asks_for(wanted.answers, question):
                    self._follow_ups[question.subject].append(question)

    def draw(
        self, luck: Luck, before: Sequence[Question], weights: Mapping[str, float] | None = None
    ) -> Question:
        """Draw what is asked next in a session, of the families as usual or with other weights."""
        if before and luck.uniform("leans") < self._leaning:
            following = self._following(luck, before)
            if following is not None:
                return following
        chosen = family_of(weights or self.mix.families, luck.uniform("family"))
        family = self._families[chosen]
        return family[int(luck.uniform("question") * len(family))]

    def _following(self, luck: Luck, before: Sequence[Question]) -> Question | None:
        """Draw a question that leans on the last one, None if nothing is left to ask of it."""
        told = {question.family.removeprefix(FOLLOW_UP) for question in before}
        families: dict[str, list[Question]] = defaultdict(list)
        for question in self._follow_ups.get(before[-1].subject, ()):
            if question.family.removeprefix(FOLLOW_UP) not in told:
                families[question.family].append(question)
        if not families:
            return None
        weights = {name: self._weight(name) for name in families}
        family = families[family_of(weights, luck.uniform("follow-up family"))]
        return family[int(luck.uniform("follow-up") * len(family))]

    def _weight(self, family: str) -> float:
        return self._weights.get(family, 1.0)

    def texts(self) -> Sequence[str]:
        return sorted({question.text for question in self._all()})

    def _all(self) -> Iterator[Question]:
        for family in (*self._families.values(), *self._follow_ups.values()):
            yield from family


def _asks_for(answers: Sequence[str], question: Question) -> bool:
    """Tell whether a question's right answer holds one of some words; without any, all do."""
    expected = question.gold.text().lower()
    return not answers or any(answer.lower() in expected for answer in answers)


def _with_history(
    words: Sequence[str], questions: Sequence[Question], world: World
) -> Iterator[Question]:
    """Yield the questions about vendors of whom something else has one of some words as answer."""
    if not words:
        yield from questions
        return
    vendor_of = {vendor.id: vendor.id for vendor in world.vendors}
    vendor_of |= {order.id: order.vendor_id for order in world.purchase_orders}
    vendor_of |= {invoice.id: invoice.vendor_id for invoice in world.invoices}
    told: dict[str, set[str]] = defaultdict(set)
    for question in questions:
        if _asks_for(words, question):
            told[vendor_of.get(question.subject, "")].add(question.subject)
    for question in questions:
        # Some ask of no vendor, or of an invoice that does not exist.
        vendor = vendor_of.get(question.subject)
        if vendor and told[vendor] - {question.subject}:
            yield question
