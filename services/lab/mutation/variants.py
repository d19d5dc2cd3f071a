"""The company as it is, with other names, and with other figures: records, documents, questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.documents import load_policies, render
from corpus.ledger import World
from corpus.ports import Document
from corpus.questions import GoldPart, Kind, Question, build_questions
from corpus.questions.families.policies import POLICY_FAMILIES
from services.lab.items import ALL_WORDINGS
from services.lab.mutation.figures import other_figures, other_value
from services.lab.mutation.identifiers import other_ids, rewritten
from services.lab.mutation.renaming import renamed
from services.lab.mutation.restating import restated

_EVERY_FACT = 1_000_000
_WITHOUT_DIGITS = frozenset({"half", "noon", "midnight"})
"""How some figures are said in words; they hold for the old figure only."""


@dataclass(frozen=True)
class Company:
    """One form of the company: its records, its documents, and what can be asked about it."""

    world: World
    documents: Sequence[Document]
    questions: Mapping[str, Question]

    def asked(self, originals: Sequence[Question]) -> tuple[list[Question], int]:
        """Return the same questions about this company, and how many are only alike.

        A question about a fact that this company does not have, e.g. a month
        without invoices, is replaced by another one of its family and wording.
        """
        taken = {question.id for question in originals}
        found: list[Question] = []
        alike = 0
        for question in originals:
            if question.id in self.questions:
                found.append(self.questions[question.id])
                continue
            alike += 1
            instead = next(
                (each for each in self.questions.values() if _fits(each, question, taken)), None
            )
            if instead is not None:
                taken.add(instead.id)
                found.append(replace(instead, id=question.id))
        return found, alike


def renamed_company(world: World, seed: int) -> Company:
    """Return the company with other names for all of its vendors."""
    other = renamed(world)
    documents = [rendered.document for rendered in render(other)] + load_policies()
    return Company(
        other, documents, _by_id(build_questions(other, seed, _EVERY_FACT, ALL_WORDINGS))
    )


def restated_company(world: World, seed: int) -> Company:
    """Return the company with other figures in its records, documents and policies."""
    other = restated(world)
    documents = [rewritten(rendered.document, other_ids) for rendered in render(other)]
    documents += [_restated_policy(document) for document in load_policies()]
    questions = [
        _restated_question(question)
        for question in build_questions(other, seed, _EVERY_FACT, ALL_WORDINGS)
    ]
    return Company(rewritten(other, other_ids), documents, _by_id(questions))


def _restated_policy(policy: Document) -> Document:
    return Document(
        policy.id,
        policy.title,
        other_figures(policy.text),
        {
            key: other_figures(value) if isinstance(value, str) and key != "doc_type" else value
            for key, value in policy.metadata.items()
        },
    )


def _restated_question(question: Question) -> Question:
    if question.family in POLICY_FAMILIES:
        proofs = "\n".join(evidence.span for evidence in question.evidence)
        parts = tuple(_restated_part(part, proofs) for part in question.gold.parts)
        text, gold = other_figures(question.text), replace(question.gold, parts=parts)
        evidence = tuple(replace(e, span=other_figures(e.span)) for e in question.evidence)
        return replace(question, text=text, gold=gold, evidence=evidence)
    # What was drawn from records is restated already, all but the identifiers and the rates that
    # stand in the names of tax treatments.
    parts = tuple(
        _restated_part(part, "") if part.kind is Kind.TEXT else part for part in question.gold.parts
    )
    other = replace(question, gold=replace(question.gold, parts=parts))
    return replace(rewritten(other, other_ids), id=question.id)


def _restated_part(part: GoldPart, proofs: str) -> GoldPart:
    changed = {value: other_value(value, proofs) for value in part.alternatives}
    if any(old != new for old, new in changed.items()):
        changed = {old: new for old, new in changed.items() if old not in _WITHOUT_DIGITS}
    return replace(part, alternatives=tuple(changed.values()))


def _by_id(questions: Sequence[Question]) -> dict[str, Question]:
    return {question.id: question for question in questions}


def _fits(candidate: Question, question: Question, taken: set[str]) -> bool:
    return (
        candidate.family == question.family
        and candidate.wording == question.wording
        and candidate.id not in taken
    )
