"""Extract fields of a JSON reply from documents that nobody prepared for it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from corpus.luck import Luck
from services.llm.abilities.choosing import resemblance
from services.llm.abilities.finding import member_of
from services.llm.abilities.typed import read_value
from services.llm.abilities.wants import Sort, Wanted, wanted
from services.llm.attention import Attention, attend
from services.llm.labels import Meaning, as_field, fit, meaning
from services.llm.profiles import Profile
from services.llm.prompt import Prompt
from services.llm.reading import ReadingRoom
from services.llm.styles import Style, style_of

_NOTHING = 0.15
"""How well the best candidate must fit to be as convincing as there being none."""
_FORCED = 0.45
"""By how much less it must fit where the schema leaves no room to say that there is none."""
_SOLE = 0.5
"""What speaks for the only value of the wanted sort that there is."""
_YEAR = 0.7
"""What speaks against a number that looks like a year."""
_SHARPNESS = 0.35
"""Fit by which one candidate must be better than another to be e times as convincing."""
_NEAR = 12
"""How many of the best candidates by their labels are compared in meaning, too."""


@dataclass(frozen=True, slots=True)
class Found:
    """A field's value, and how sure the reader is of it, 0 to 1."""

    value: Any
    confidence: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that may be a field's value: what labels it, where it stands, and what it says.

    ``about`` names the thing that the value belongs to, such as the first cell
    of a row; ``place`` is the number of the segment in the prompt.
    """

    label: str
    text: str
    about: str
    heading: str
    place: int
    kind: str


def extract_field(
    room: ReadingRoom,
    prompt: Prompt,
    name: str,
    spec: dict[str, Any],
    profile: Profile,
    luck: Luck,
) -> Found | None:
    """Return the value of a field from the documents, or None if it is in none of them."""
    attention = attend(room, prompt, profile, question=f"What is the {_asked(name, spec)}?")
    if not attention.places:
        return None
    style = style_of("\n".join(block.text for block in attention.blocks))
    want = wanted(name, spec)
    values: list[tuple[Candidate, Any]] = []
    for candidate in _candidates(attention, want):
        value = _value(room, candidate, spec, want, style)
        if value is not None:
            values.append((candidate, value))
    if not values:
        return None
    scores = _scores(room, name, spec, [candidate for candidate, _ in values], attention)
    if len({repr(value) for _, value in values}) == 1 and want.sort not in (Sort.TEXT, Sort.FLAG):
        scores = [score + _SOLE for score in scores]
    if want.sort is Sort.NUMBER and "year" not in name.casefold():
        scores = [
            s - _YEAR * (v in range(1900, 2100)) for s, (_, v) in zip(scores, values, strict=True)
        ]
    if want.sort is Sort.CURRENCY:
        # Any amount tells it, whatever the amount is for.
        scores = [score + 2 * _SOLE for score in scores]
    nothing = _NOTHING + profile.nothing_bias * _SHARPNESS
    if not spec.get("nullable"):
        nothing -= _FORCED
    return _drawn(values, scores, nothing, profile, luck.child("field", name))


def _asked(name: str, spec: dict[str, Any]) -> str:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " ")
    return f"{words} {spec.get('description', '')}".strip()


def _drawn(
    values: Sequence[tuple[Candidate, Any]],
    scores: Sequence[float],
    nothing: float,
    profile: Profile,
    luck: Luck,
) -> Found | None:
    """Choose with the profile's luck; values that are the same count together."""
    best: dict[str, tuple[float, Any]] = {}
    for (_, value), score in zip(values, scores, strict=True):
        key = repr(value)
        if key not in best or score > best[key][0]:
            best[key] = (score, value)
    logits = {key: score / _SHARPNESS for key, (score, _) in best.items()}
    logits[""] = nothing / _SHARPNESS
    noisy = {
        key: logit + profile.temperature * luck.gumbel("choose", key)
        for key, logit in logits.items()
    }
    chosen = max(noisy, key=lambda key: noisy[key])
    if not chosen:
        return None
    top = max(logits.values())
    mass = {key: math.exp(logit - top) for key, logit in logits.items()}
    share = min(max(mass[chosen] / sum(mass.values()), 1e-4), 1 - 1e-4)
    odds = (share / (1 - share)) ** profile.confidence_sharpness
    odds *= math.exp(profile.confidence_bias)
    return Found(best[chosen][1], odds / (1 + odds))


def _candidates(attention: Attention, want: Wanted) -> Iterator[Candidate]:
    tops: set[int] = set()
    for number, place in enumerate(attention.places):
        segment = place.reading.segment
        block = attention.blocks[place.block]
        heading = segment.heading or block.title
        if want.names_somebody and place.block not in tops:
            tops.add(place.block)
            for line in _first_lines(block.text):
                yield Candidate("", line, "", heading, number, "top")
        if segment.kind == "pair":
            yield Candidate(segment.key, segment.value, "", heading, number, "pair")
            if len(segment.value.split()) > 2 and want.sort not in (Sort.TEXT, Sort.FLAG):
                for label, text in want.in_prose(segment.value):
                    within = f"{segment.key} {label}"
                    yield Candidate(within, text, "", heading, number, "pair")
        elif segment.kind == "row":
            about = next((v for _, v in segment.cells if not v[:1].isdigit()), "")
            for column, value in segment.cells:
                own = "" if value == about else about
                yield Candidate(column, value, own, heading, number, "row")
        elif segment.kind == "prose":
            for label, text in want.in_prose(segment.text):
                yield Candidate(label, text, "", heading, number, "prose")
        if segment.kind in ("prose", "heading") and want.names_somebody:
            yield Candidate("", segment.text, "", heading, number, segment.kind)


def _first_lines(text: str) -> list[str]:
    """Return the first two lines that say something, without what stands beside them."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [re.split(r"\s{2,}|\t", line)[0] for line in lines[:2]]


def _value(
    room: ReadingRoom, candidate: Candidate, spec: dict[str, Any], want: Wanted, style: Style
) -> Any:
    if "enum" in spec:
        return member_of(room, f"{candidate.label} {candidate.text}", spec)
    return read_value(candidate.text, candidate.label, want, style)


def _scores(
    room: ReadingRoom,
    name: str,
    spec: dict[str, Any],
    candidates: Sequence[Candidate],
    attention: Attention,
) -> list[float]:
    """Return how well each candidate fits: by its label, its row, its meaning, and at a glance."""
    field = as_field(meaning(name))
    described = meaning(spec.get("description", ""))
    scores = np.array([_label_score(field, described, c) for c in candidates])
    logits = np.array([attention.logits[c.place] for c in candidates])
    scores += 0.7 * np.tanh((logits - attention.nothing_logit) / 4)
    asked = room.question(_asked(name, spec))
    for index in np.argsort(-scores, kind="stable")[:_NEAR]:
        candidate = candidates[index]
        label = f"{candidate.about} {candidate.label}".strip()
        if label:
            scores[index] += 1.4 * resemblance(asked, room.question(label)) - 0.3
    return [float(score) for score in scores]


def _label_score(field: Meaning, described: Meaning, candidate: Candidate) -> float:
    own = meaning(candidate.label)
    score = fit(field, own)
    if described.stems:
        score = max(score, 0.7 * score + 0.5 * fit(described, own))
    if candidate.about:
        whole = fit(field, meaning(f"{candidate.about} {candidate.label}"))
        row = fit(field, meaning(candidate.about))
        score = max(score - 0.6, whole, row)
    if candidate.kind == "prose":
        score -= 0.2
    if candidate.kind == "top" and "seller" in field.fields:
        score += 1.4  # a letterhead is the sender's
    if candidate.heading:
        score += 0.4 * max(fit(field, meaning(candidate.heading)), 0.0)
    return score
