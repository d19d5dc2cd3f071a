"""Answer a question from the segments that attention chose, abstain, or guess."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from corpus.luck import Luck
from services.llm import features
from services.llm.abilities.saying import say
from services.llm.abilities.summarising import embellished, telling, wants_summary
from services.llm.attention import Attention, Place
from services.llm.profiles import Profile
from services.llm.prompt import Prompt
from services.llm.values import Kind
from services.llm.words import denies

_MOST_SEGMENTS = 6
_TELLING = [
    features.AT[name]
    for name in ("kind_present", "condition_met", "condition_missed", "cell_named", "id_in_segment")
]
"""Features by which one of several alike segments would be meant and the others not."""
_MISSING = 6.0
"""Logits below *nothing here* down to which a segment may supply a kind that is still missing."""
_CLOSE = 1.2
_ALONGSIDE = 3.0
"""The same for a row that says so of a further person or thing, where several may be asked for."""
"""Logits below the chosen segment within which another one of its block is worth adding."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply in words. ``places`` are the segments that it rests on; none for an abstention."""

    text: str
    confidence: float
    places: tuple[Place, ...]
    abstained: bool


def answer(prompt: Prompt, attention: Attention, profile: Profile, luck: Luck) -> Answer:
    """Return what the profile says to the prompt's question, or to the wish for a summary."""
    if attention.blocks and wants_summary(prompt.question):
        return _summary(prompt, attention, profile, luck)
    chosen = attention.draw(luck)
    if chosen is None:
        told = prompt.abstain_phrase is not None or prompt.grounded
        propensity = profile.abstain_told if told else profile.abstain_untold
        if luck.uniform("abstain") < propensity:
            return Answer(abstention(prompt), _belief(profile, attention.nothing_share), (), True)
        return _guess(prompt, attention, profile, luck)
    if luck.uniform("slip") < profile.slip:
        odds = beside(attention, chosen)
        chosen = max(odds, key=lambda i: odds[i] + _noise(attention, i, luck), default=chosen)
    return compose(prompt, attention, chosen, profile, luck)


def _summary(prompt: Prompt, attention: Attention, profile: Profile, luck: Luck) -> Answer:
    places = tuple(attention.places[i] for i in telling(attention, luck))
    told = _write(prompt, attention, places, profile, luck)
    text = " ".join(embellished([told] if told else [], profile, luck))
    return Answer(text or abstention(prompt), _belief(profile, 0.5), places, not text)


def compose(
    prompt: Prompt, attention: Attention, chosen: int, profile: Profile, luck: Luck
) -> Answer:
    """Return the answer that rests on a chosen place and on what completes it."""
    indices = _gather(attention, chosen)
    if luck.uniform("verbose") < profile.verbosity:
        indices += _further(attention, indices)
    places = tuple(attention.places[i] for i in indices)
    share = float(
        sum(
            attention.shares[i]
            for i, p in enumerate(attention.places)
            if p.block == places[0].block and attention.logits[i] > attention.nothing_logit
        )
    )
    return Answer(
        _write(prompt, attention, places, profile, luck), _belief(profile, share), places, False
    )


def beside(attention: Attention, chosen: int) -> dict[int, float]:
    """Return logits of the other lines of a passage: near ones and those of the same kind first.

    So a reader slips that has found the right table and reads the wrong row.
    """
    block, kinds = attention.places[chosen].block, attention.places[chosen].reading.kinds
    return {
        index: 2.0 * bool(kinds & place.reading.kinds) - 0.3 * abs(index - chosen)
        for index, place in enumerate(attention.places)
        if place.block == block and index != chosen and place.reading.segment.kind != "heading"
    }


def _noise(attention: Attention, index: int, luck: Luck) -> float:
    return luck.gumbel("slip", attention.places[index].reading.segment.text)


def _belief(profile: Profile, share: float) -> float:
    """Turn attention's mass into a stated confidence, miscalibrated as the profile says."""
    share = min(max(share, 1e-4), 1 - 1e-4)
    odds = (share / (1 - share)) ** profile.confidence_sharpness
    odds *= math.exp(profile.confidence_bias)
    return float(odds / (1 + odds))


def _gather(attention: Attention, chosen: int) -> list[int]:
    """Return the segments to draw on: the chosen one, and what completes it."""
    place = attention.places[chosen]
    same = [i for i, p in enumerate(attention.places) if p.block == place.block]
    picked = [chosen]
    segment = place.reading.segment
    asked = attention.asked
    at = same.index(chosen)
    if segment.text.rstrip().endswith(":"):
        picked += _items(attention, same[at + 1 :])
    elif asked.wants_list and segment.kind == "prose" and _is_item(attention, chosen):
        before = list(reversed(_items(attention, list(reversed(same[:at])))))
        picked = [*before, chosen, *_items(attention, same[at + 1 :])]
    picked += _parallel(attention, chosen, same)
    if denies(segment.text):
        # That there is none is the whole answer; a figure beside it would be of something else.
        return picked[:_MOST_SEGMENTS]
    floor = attention.nothing_logit - _MISSING
    for kind in asked.kinds:
        if any(kind in attention.places[i].reading.kinds for i in picked):
            continue
        fitting = [
            i
            for i in same
            if i not in picked
            and kind in attention.places[i].reading.kinds
            and attention.logits[i] > floor
            and attention.places[i].reading.segment.kind != "heading"
        ]
        if fitting and len(asked.kinds) > 1:
            picked.append(max(fitting, key=lambda i: attention.logits[i]))
    if asked.kinds[:1] == (Kind.REASON,) or not asked.kinds:
        bar = max(attention.logits[chosen] - _CLOSE, attention.nothing_logit)
        near = [
            i
            for i in same
            if i not in picked
            and attention.logits[i] > bar
            and attention.places[i].reading.segment.kind != "heading"
        ]
        picked += sorted(near, key=lambda i: -attention.logits[i])[:1]
    return picked[:_MOST_SEGMENTS]


def _further(attention: Attention, picked: list[int]) -> list[int]:
    """Return the next best statement of the context, which nobody asked for."""
    rest = (
        i
        for i in attention.order()
        if i not in picked and attention.places[i].reading.segment.kind != "heading"
    )
    return list(rest)[:1]


def _parallel(attention: Attention, chosen: int, same: list[int]) -> list[int]:
    """Return segments that say the same of a further case, such as the second of two approvals.

    They are rows of the same table, or sentences of the same opening, in which
    the question finds as much as in the chosen one.
    """
    first = attention.places[chosen].reading.segment
    rows = attention.rows
    met = bool(rows[chosen][features.AT["condition_met"]])
    alike = []
    for index in same:
        segment = attention.places[index].reading.segment
        if index == chosen or segment.kind != first.kind:
            continue
        columns = [column for column, _ in first.cells] == [column for column, _ in segment.cells]
        opening = first.text.split()[:1] == segment.text.split()[:1]
        if not (columns if first.cells else opening and first.kind == "prose"):
            continue
        if not abs(rows[index] - rows[chosen])[_TELLING].any():
            alike.append(index)
    several = attention.asked.wants_list or attention.asked.kinds[:1] == (Kind.PERSON,)
    reach = _ALONGSIDE if several and not met else _CLOSE
    near = [i for i in alike if abs(attention.logits[i] - attention.logits[chosen]) < reach]
    return near[:3] if len(near) <= 3 else []


def _is_item(attention: Attention, index: int) -> bool:
    place = attention.places[index]
    block = attention.blocks[place.block]
    segment = place.reading.segment
    return bool(re.match(r"(?:[-*•]|\d{1,2}[.)])\s", block.text[segment.start : segment.end]))


def _items(attention: Attention, indices: list[int]) -> list[int]:
    """Return the run of list items at the start of the given segments."""
    run: list[int] = []
    for index in indices:
        segment = attention.places[index].reading.segment
        if not (_is_item(attention, index) or segment.kind in ("pair", "row")):
            break
        run.append(index)
    return run


def _write(
    prompt: Prompt, attention: Attention, places: tuple[Place, ...], profile: Profile, luck: Luck
) -> str:
    sentences = []
    cites = prompt.cites and luck.uniform("cite") < profile.citation_obedience
    for place in places:
        text = say(place.reading.segment, attention).rstrip()
        if text[-1:] not in ".!?:":
            text += "."
        label = prompt.blocks[place.block].id
        sentences.append(f"{text[:-1]} [{label}]{text[-1]}" if cites else text)
    return " ".join(dict.fromkeys(sentences))


def abstention(prompt: Prompt) -> str:
    """Return the words in which it is said that nothing was found."""
    if prompt.abstain_phrase:
        return prompt.abstain_phrase
    if prompt.grounded:
        return "I could not find this in the documents."
    return "I do not have enough information to answer that."


_PRIORS: dict[Kind, tuple[str, ...]] = {
    Kind.DATE: ("10 March 2026", "15 April 2026", "28 February 2026", "22 May 2026"),
    Kind.MONEY: ("1,250.00 EUR", "4,800.00 EUR", "12,500.00 EUR", "640.00 EUR"),
    Kind.PERCENT: ("19 %", "2 %", "5 %", "10 %"),
    Kind.DURATION: ("30 days", "14 days", "three months", "60 days"),
    Kind.NUMBER: ("3", "5", "12", "8"),
    Kind.PERSON: ("the finance manager", "the head of procurement", "the department head"),
    Kind.REASON: ("an approval was still pending", "the documents were incomplete"),
}


def near_misses(attention: Attention) -> list[int]:
    """Return the places that a guess is taken from."""
    kinds = attention.asked.kinds
    return [
        i
        for i in attention.order()[:40]
        if attention.places[i].reading.segment.kind != "heading"
        and (not kinds or kinds[0] in attention.places[i].reading.kinds)
    ][:3]


def _guess(prompt: Prompt, attention: Attention, profile: Profile, luck: Luck) -> Answer:
    """Say something plausible: a near miss of the right kind, else what one would expect."""
    kinds = attention.asked.kinds
    near = near_misses(attention)
    belief = _belief(profile, 0.5)
    if near:
        index = max(
            near,
            key=lambda i: (
                attention.logits[i] + luck.gumbel("guess", attention.places[i].reading.segment.text)
            ),
        )
        places = (attention.places[index],)
        return Answer(_write(prompt, attention, places, profile, luck), belief, places, False)
    priors = _PRIORS.get(kinds[0] if kinds else Kind.REASON, _PRIORS[Kind.REASON])
    value = max(priors, key=lambda text: luck.gumbel("prior", text))
    return Answer(f"Based on the usual practice, it is {value}.", belief, (), False)
