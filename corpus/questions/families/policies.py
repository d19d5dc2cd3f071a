"""Questions about the policies; the facts and their wordings are data."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.questions.errors import QuestionDataError
from corpus.questions.question import Case, Evidence, GoldAnswer, GoldPart, Kind, nothing
from corpus.questions.sources import ANY, DOCUMENTS, Family, Sources


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    values: list[str] | list[list[str]]


class _Fact(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    wordings: tuple[str, ...]
    doc_id: str = ""
    family: str = "unanswerable_policy"
    conditions: int = 1
    answer: _Answer | None = None
    evidence: str = ""
    near_doc_id: str = ""
    absent: tuple[str, ...] = ()
    stretch: str = ""
    """A harder way to ask the same, where there is one; its wording is named ``stretch``."""


@lru_cache
def facts() -> tuple[_Fact, ...]:
    """Return the policy facts by file and place, or raise ``QuestionDataError``."""
    found: list[_Fact] = []
    folder = files("corpus.questions") / "policy_facts"
    for path in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not path.name.endswith(".yml"):
            continue
        try:
            entries = yaml.safe_load(path.read_text(encoding="utf-8"))
            found.extend(_Fact.model_validate(entry) for entry in entries)
        except (yaml.YAMLError, ValidationError, TypeError) as error:
            raise QuestionDataError(
                f"policy facts in {path.name} are malformed: {error}"
            ) from error
    return tuple(found)


def _gold(answer: _Answer | None) -> GoldAnswer:
    if answer is None:
        return nothing()
    groups = [value if isinstance(value, list) else None for value in answer.values]
    if None in groups:
        # A flat list holds the forms of one value, a nested one what must all be named.
        flat = tuple(value for value in answer.values if isinstance(value, str))
        return GoldAnswer((GoldPart(answer.kind, flat),))
    return GoldAnswer(tuple(GoldPart(answer.kind, tuple(group)) for group in groups if group))


def _texts(fact: _Fact) -> dict[str, str]:
    texts = {f"w{number}": text for number, text in enumerate(fact.wordings, start=1)}
    return texts | ({"stretch": fact.stretch} if fact.stretch else {})


def _case(fact: _Fact) -> Case:
    return Case(
        key=fact.id,
        fill={},
        gold=_gold(fact.answer),
        evidence=(Evidence(fact.doc_id, fact.evidence),) if fact.evidence else (),
        routes=DOCUMENTS if fact.answer else ANY,
        answerable=fact.answer is not None,
        texts=_texts(fact),
    )


def _family(name: str) -> Callable[[Sources], list[Case]]:
    return lambda sources: [_case(fact) for fact in facts() if fact.family == name]


POLICY_FAMILIES = (
    "policy_approval",
    "policy_benchmarking",
    "policy_duplicates",
    "policy_expenses",
    "policy_handbook",
    "policy_onboarding",
    "policy_payment_terms",
    "policy_tax",
    "policy_travel",
    "unanswerable_policy",
)
FAMILIES = tuple(Family(name, _family(name)) for name in POLICY_FAMILIES)
