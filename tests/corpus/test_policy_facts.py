import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

import corpus

ROOT = Path(corpus.__file__).parent
POLICIES = {
    path.stem: path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "documents/policies").glob("*.md"))
}
FACT_FILES = sorted((ROOT / "questions/policy_facts").glob("*.yml"))
BANDS = yaml.safe_load((ROOT / "documents/policies/approval_bands.yml").read_text("utf-8"))
KINDS = {"money", "percent", "number", "duration", "date", "text", "role", "yesno", "list"}
GROUPED = {"text", "role", "list"}


def _load(stem: str) -> list[dict[str, Any]]:
    path = ROOT / "questions/policy_facts" / f"{stem}.yml"
    loaded: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


FACTS = [fact for path in FACT_FILES if path.stem != "unanswerable" for fact in _load(path.stem)]
UNANSWERABLE = _load("unanswerable")


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", text.casefold()))


def _overlap(one: str, other: str) -> float:
    first, second = _words(one), _words(other)
    return len(first & second) / len(first | second)


def _texts(fact: dict[str, Any]) -> list[str]:
    return [*fact["wordings"], *([fact["stretch"]] if "stretch" in fact else [])]


def _by_id(facts: list[dict[str, Any]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("fact", facts, ids=[fact["id"] for fact in facts])


def test_every_policy_has_at_least_ten_facts_and_there_are_ninety_in_all() -> None:
    per_policy = Counter(fact["doc_id"] for fact in FACTS)
    assert set(per_policy) == set(POLICIES)
    assert min(per_policy.values()) >= 10
    assert len(FACTS) >= 90


def test_a_third_of_the_facts_depends_on_more_than_one_condition() -> None:
    assert sum(fact["conditions"] > 1 for fact in FACTS) * 3 >= len(FACTS)


def test_there_are_forty_questions_that_no_policy_answers() -> None:
    assert len(UNANSWERABLE) >= 40


def test_fact_and_question_ids_are_unique() -> None:
    counts = Counter(fact["id"] for fact in [*FACTS, *UNANSWERABLE])
    assert [key for key, count in counts.items() if count > 1] == []


def test_no_wording_is_used_twice() -> None:
    counts = Counter(w.casefold() for fact in [*FACTS, *UNANSWERABLE] for w in _texts(fact))
    assert [wording for wording, count in counts.items() if count > 1] == []


@_by_id(FACTS)
def test_the_evidence_stands_verbatim_and_once_in_its_policy(fact: dict[str, Any]) -> None:
    assert POLICIES[fact["doc_id"]].count(fact["evidence"]) == 1


@_by_id(FACTS)
def test_the_evidence_contains_the_answer(fact: dict[str, Any]) -> None:
    answer, evidence = fact["answer"], fact["evidence"].casefold()
    assert answer["kind"] in KINDS
    grouped = answer["kind"] in GROUPED
    for group in answer["values"] if grouped else [answer["values"]]:
        assert any(form.casefold() in evidence for form in group)


@_by_id([*FACTS, *UNANSWERABLE])
def test_two_wordings_of_a_question_really_differ(fact: dict[str, Any]) -> None:
    first, second = fact["wordings"]
    assert first.endswith("?")
    assert second.endswith("?")
    assert _overlap(first, second) < 0.5


@_by_id([fact for fact in FACTS if "stretch" in fact])
def test_a_stretched_wording_is_far_from_the_policys_own(fact: dict[str, Any]) -> None:
    assert fact["stretch"].endswith("?")
    assert fact["stretch"] not in fact["wordings"]
    assert _overlap(fact["wordings"][0], fact["stretch"]) < 0.5


@_by_id(UNANSWERABLE)
def test_no_policy_has_the_words_that_an_answer_would_need(fact: dict[str, Any]) -> None:
    assert fact["near_doc_id"] in POLICIES
    for term in fact["absent"]:
        pattern = re.compile(rf"\b{re.escape(term)}", re.IGNORECASE)
        assert [name for name, text in POLICIES.items() if pattern.search(text)] == []


@pytest.mark.parametrize("name", sorted(POLICIES))
def test_a_policy_carries_complete_front_matter_and_several_pages(name: str) -> None:
    _, front, body = POLICIES[name].split("---\n", 2)
    meta = yaml.safe_load(front)
    assert meta["id"] == name
    assert meta["doc_type"] == "policy"
    assert meta.keys() == {"id", "title", "doc_type", "date", "version", "owner"}
    assert 1400 <= len(body.split()) <= 2600
    sections = re.findall(r"^## (\d+)\. ", body, re.MULTILINE)
    assert sections == [str(number) for number in range(1, len(sections) + 1)]


@pytest.mark.parametrize("kind", ["with_purchase_order", "without_purchase_order"])
def test_approval_bands_follow_each_other_without_gap(kind: str) -> None:
    bands = BANDS[kind]
    assert bands[0]["over"] == 0
    assert bands[-1]["up_to"] is None
    assert [band["up_to"] for band in bands[:-1]] == [band["over"] for band in bands[1:]]


@pytest.mark.parametrize(
    "band",
    [
        *BANDS["with_purchase_order"],
        *BANDS["without_purchase_order"],
        *BANDS["framework_call_off"],
    ],
    ids=lambda band: band["band"],
)
def test_a_band_reads_the_same_in_the_matrix(band: dict[str, Any]) -> None:
    matrix = POLICIES["POL-APPROVAL-MATRIX"]
    row = next(line for line in matrix.splitlines() if line.startswith(f"| {band['band']} ("))
    _, limits, approvers = (cell.strip() for cell in row.strip("|").split("|"))
    figures = [int(text.replace(",", "")) for text in re.findall(r"[\d,]+", limits)]
    assert figures == [limit for limit in (band["over"], band["up_to"]) if limit]
    assert approvers.split(" and ") == [BANDS["role_titles"][role] for role in band["approvers"]]
