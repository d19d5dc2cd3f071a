"""The shapes that published curves have, looked for in ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from observability.statistics import Estimate
from services.lab.calibration.curves import (
    GPT4,
    GPT4O,
    LLAMA2,
    LLAMA33,
    LONGCHAT,
    WEAK,
    Answers,
)
from services.lab.calibration.estimates import estimate


@dataclass(frozen=True, slots=True)
class Shape:
    """A claim about curves: whether ours bear it out with intervals apart, and the numbers."""

    row: str
    claim: str
    source: str
    preset: str
    is_present: bool
    numbers: str


def shapes(answers: Answers) -> list[Shape]:
    """Return all shapes in the order of the table."""
    return [make(answers) for make in _SHAPES]


def _text(estimate: Estimate) -> str:
    return f"{estimate.value:.1%} [{estimate.low:.1%}, {estimate.high:.1%}]"


def _less(smaller: Estimate, larger: Estimate) -> bool:
    """Tell whether one is below the other and their intervals have nothing in common."""
    return smaller.high < larger.low


def _store(preset: str, row: str) -> Callable[[Answers], Shape]:
    def make(answers: Answers) -> Shape:
        narrow, wide = (
            estimate(answers.of(preset, name), "correct")
            for name in ("store_filtered", "store_shared")
        )
        return Shape(
            row,
            "a store over everything answers fewer than one within the entity",
            "FinanceBench",
            preset,
            _less(wide, narrow),
            f"{_text(narrow)}, shared {_text(wide)}",
        )

    return make


def _propensity(answers: Answers) -> Shape:
    missed = {
        preset: [
            answer
            for name in ("store_filtered", "store_shared", "insufficient")
            for answer in answers.of(preset, name)
            if not answer.answerable
        ]
        for preset in (GPT4, LLAMA2)
    }
    sizes = {preset: estimate(given, "wrong_of_failed") for preset, given in missed.items()}
    return Shape(
        "2, 4",
        "without the evidence, Llama 2 rather says something wrong and GPT-4 Turbo nothing",
        "FinanceBench: of the failures in both stores 89 and 19 % are wrong answers",
        f"{GPT4}, {LLAMA2}",
        _less(sizes[GPT4], sizes[LLAMA2]),
        f"{_text(sizes[LLAMA2])}, {_text(sizes[GPT4])}",
    )


def _order(answers: Answers) -> Shape:
    last, first = (
        estimate(answers.of(GPT4, f"filing_question_{place}"), "correct")
        for place in ("last", "first")
    )
    return Shape(
        "5",
        "the question after a long file is answered better than before it",
        "FinanceBench",
        GPT4,
        _less(first, last),
        f"last {_text(last)}, first {_text(first)}",
    )


def _primacy(answers: Answers) -> Shape:
    curve = answers.curve("position", LONGCHAT)
    start, middle = curve.at("gold_at_0"), curve.at("gold_at_9")
    return Shape(
        "6",
        "a falling curve: the first passage is read best",
        "Lost in the Middle",
        LONGCHAT,
        _less(middle, start),
        f"first {_text(start)}, middle {_text(middle)}",
    )


def _recency(answers: Answers) -> Shape:
    curve = answers.curve("position", LLAMA2)
    end, middle = curve.at("gold_at_19"), curve.at("gold_at_4")
    rise = answers.gap(LLAMA2, "gold_at_0", "gold_at_4")
    return Shape(
        "6",
        "a U: the last passage is read best, the first a little better than the next ones",
        "Lost in the Middle",
        LLAMA2,
        _less(middle, end) and rise.value > 0,
        f"last {_text(end)}, fifth {_text(middle)}, first above fifth by {rise.value:.1%}",
    )


def _length(preset: str) -> Callable[[Answers], Shape]:
    def make(answers: Answers) -> Shape:
        curve = answers.curve("length", preset)
        short, middle, long = (curve.at(f"length_{k}k") for k in (1, 8, 32))
        return Shape(
            "7",
            "accuracy falls with the length of the prompt",
            "NoLiMa",
            preset,
            _less(long, short) and short.value >= middle.value >= long.value,
            f"1K {_text(short)}, 8K {_text(middle)}, 32K {_text(long)}",
        )

    return make


def _models_apart(answers: Answers) -> Shape:
    ours = {p: answers.curve("length", p).at("length_32k") for p in (GPT4O, LLAMA33)}
    return Shape(
        "7",
        "at 32K tokens GPT-4o reads better than Llama 3.3",
        "NoLiMa",
        f"{GPT4O}, {LLAMA33}",
        _less(ours[LLAMA33], ours[GPT4O]),
        f"{_text(ours[GPT4O])}, {_text(ours[LLAMA33])}",
    )


def _saturation(answers: Answers) -> Shape:
    curve = answers.curve("distractors", GPT4)
    none, tenth, every = (curve.at(f"hard_{percent}") for percent in (0, 10, 100))
    early = answers.gap(GPT4, "hard_0", "hard_10")
    return Shape(
        "8",
        "most of what similar passages cost is lost to the first tenth of them",
        "The First Drop of Ink",
        GPT4,
        early.low > 0 and none.value - tenth.value > tenth.value - every.value,
        f"none {_text(none)}, a tenth {_text(tenth)}, all {_text(every)}",
    )


def _random_hurts_little(answers: Answers) -> Shape:
    alone = estimate(answers.of(GPT4, "gold_only"), "correct")
    random, hard = (
        estimate(answers.of(GPT4, f"hard_{percent}"), "correct") for percent in (0, 100)
    )
    return Shape(
        "8",
        "unrelated passages cost less than similar ones",
        "Context Rot",
        GPT4,
        _less(hard, random) and alone.value - random.value < alone.value - hard.value,
        f"alone {_text(alone)}, 100 unrelated {_text(random)}, 100 similar {_text(hard)}",
    )


def _interior(answers: Answers) -> Shape:
    """Compare five passages, as many as the application shows, with the ends, by question."""
    curve = answers.curve("passages", LLAMA33)
    one, five, forty = (curve.at(f"k_{number}") for number in (1, 5, 40))
    gains = [answers.gap(LLAMA33, "k_5", end) for end in ("k_1", "k_40")]
    return Shape(
        "9",
        "five passages are better than one and better than forty, question by question",
        "Long-Context LLMs Meet RAG",
        LLAMA33,
        all(gain.low > 0 for gain in gains),
        f"1 {_text(one)}, 5 {_text(five)}, 40 {_text(forty)}; "
        f"gains {_text(gains[0])} and {_text(gains[1])}",
    )


def _made_up(answers: Answers) -> Shape:
    gpt, llama = (estimate(answers.of(p, "insufficient"), "wrong") for p in (GPT4, LLAMA2))
    return Shape(
        "10",
        "without the answer in the context, Llama 2 makes up more than GPT-4 Turbo",
        "Sufficient Context: smaller models answer wrongly more often",
        f"{GPT4}, {LLAMA2}",
        _less(gpt, llama),
        f"{_text(llama)}, {_text(gpt)}",
    )


_SHAPES: tuple[Callable[[Answers], Shape], ...] = (
    _store(GPT4, "2"),
    _store(LLAMA2, "4"),
    _propensity,
    _order,
    _primacy,
    _recency,
    _length(GPT4O),
    _length(LLAMA33),
    _length(WEAK),
    _models_apart,
    _saturation,
    _random_hurts_little,
    _interior,
    _made_up,
)
