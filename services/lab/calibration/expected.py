"""What a profile is expected to answer to a prompt, without running it.

Adding Gumbel noise and taking the best is drawing from the softmax. Once the
bare logits of a prompt's segments are known, and which of them give a right
answer, the chance of a right, a wrong and an abstaining answer is a sum of
shares, and smooth in the profile's parameters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.luck import Luck
from corpus.questions import Question, judge
from services.lab.calibration.trial import PromptWriter, Trial
from services.llm.abilities.answering import beside, compose, near_misses
from services.llm.attention import NEAR, Attention, glance, weigh
from services.llm.profiles import Profile
from services.llm.prompt import Prompt, understand
from services.llm.reading import ReadingRoom
from services.llm.salience import learned
from services.llm.wire import ChatCompletionRequest

_CITED = re.compile(r" \[[DT]\d+\]")
_STILL = Luck(0)
Numbers = npt.NDArray[np.float64]
_JUDGED = 16
"""How many of a prompt's most salient segments are tried, besides those of the gold document."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A prompt's segments as bare numbers, each of shape (segments,).

    ``raw`` are logits before any profile; ``right`` tells whether the answer
    that rests on a segment is right, ``slipped`` how often one that rests on a
    line beside it is; ``block`` and ``middle`` are where it stands, the
    latter as a share of the prompt. ``lucky`` is how often a guess is right.
    """

    raw: Numbers
    right: Numbers
    slipped: Numbers
    block: Numbers
    middle: Numbers
    blocks: int
    tokens: int
    question_first: bool
    lucky: float


_BLANK = Seen(
    raw=np.full(1, -1e3),
    right=np.zeros(1),
    slipped=np.zeros(1),
    block=np.zeros(1),
    middle=np.zeros(1),
    blocks=1,
    tokens=1,
    question_first=False,
    lucky=0.0,
)


class Reader:
    """Looks at prompts as the simulated models do, and judges what each segment would answer."""

    def __init__(
        self, room: ReadingRoom, count_tokens: Callable[[str], int], neutral: Profile
    ) -> None:
        """Take a room to read in and the profile whose manner of writing answers is judged."""
        self._room = room
        self._count_tokens = count_tokens
        self._neutral = neutral
        self._writer = PromptWriter()
        self._verdicts: dict[tuple[str, str], bool] = {}
        self._sizes: dict[str, int] = {}

    def batch(self, trials: Iterable[Trial]) -> Batch:
        """Return what there is to see in some trials' prompts."""
        return Batch.of([self.see(trial) for trial in trials], learned().nothing)

    def see(self, trial: Trial) -> Seen:
        """Return what there is to see in a trial's prompt."""
        body = self._writer.body(trial, self._neutral.name, seed=0)
        prompt = understand(ChatCompletionRequest.model_validate(body))
        bare, raw, nothing = glance(self._room, prompt)
        tokens = self.tokens(body["messages"])
        seen = weigh(bare, raw, nothing, self._neutral, tokens, prompt)
        right, slipped, lucky = self._judge(trial, prompt, seen)
        lengths = np.array([max(p.reading.own.stop - p.reading.own.start, 1) for p in seen.places])
        middle = (np.cumsum(lengths) - lengths / 2) / max(lengths.sum(), 1)
        return Seen(
            raw=raw,
            right=right,
            slipped=slipped,
            block=np.array([p.block for p in seen.places], dtype=np.float64),
            middle=np.asarray(middle, dtype=np.float64),
            blocks=len(prompt.blocks),
            tokens=tokens,
            question_first=prompt.question_first,
            lucky=lucky,
        )

    def solves(self, trial: Trial) -> bool:
        """Tell whether the segment that speaks most to the question answers it."""
        seen = self.see(trial)
        if not len(seen.raw) or seen.raw.max() < learned().nothing:
            return False
        return bool(seen.right[int(seen.raw.argmax())])

    def tokens(self, messages: Sequence[dict[str, str]]) -> int:
        """Return roughly how many tokens messages take: line by line, as lines recur."""
        total = 3
        for message in messages:
            total += 4
            for line in message["content"].split("\n"):
                if line not in self._sizes:
                    self._sizes[line] = self._count_tokens(line)
                total += self._sizes[line]
        return total

    def _judge(
        self, trial: Trial, prompt: Prompt, seen: Attention
    ) -> tuple[Numbers, Numbers, float]:
        right, slipped = np.zeros(len(seen.places)), np.zeros(len(seen.places))
        documents = {evidence.doc_id for evidence in trial.question.evidence}
        gold = {i for i, block in enumerate(prompt.blocks) if block.source in documents}
        tried = {i for i, place in enumerate(seen.places) if place.block in gold}
        tried.update(seen.order()[:_JUDGED])
        for index in sorted(tried):
            right[index] = self._is_right(trial.question, prompt, seen, index)
        for index in sorted(tried):
            odds = beside(seen, index)
            if odds and any(right[other] for other in odds):
                weights = np.exp(np.array(list(odds.values())))
                slipped[index] = float(weights @ right[list(odds)] / weights.sum())
            elif not odds:
                slipped[index] = right[index]
        guesses = near_misses(seen)
        if not guesses:
            return right, slipped, 0.0
        weights = np.exp(seen.logits[guesses] - seen.logits[guesses].max())
        hits = [self._is_right(trial.question, prompt, seen, index) for index in guesses]
        return right, slipped, float(weights @ np.array(hits) / weights.sum())

    def _is_right(self, question: Question, prompt: Prompt, seen: Attention, index: int) -> bool:
        # Citations are left out, so that the same words are judged once wherever they stand.
        said = compose(prompt, seen, index, self._neutral, _STILL).text
        words = _CITED.sub("", said)
        key = (question.id, words)
        if key not in self._verdicts:
            self._verdicts[key] = judge(question, words, False).correct
        return self._verdicts[key]


@dataclass(frozen=True)
class Batch:
    """Many prompts' segments end to end, so that a profile is tried on all of them at once."""

    raw: Numbers
    right: Numbers
    slipped: Numbers
    block: Numbers
    middle: Numbers
    starts: npt.NDArray[np.intp]
    owner: npt.NDArray[np.intp]
    blocks: Numbers
    tokens: Numbers
    question_first: Numbers
    lucky: Numbers
    empty: npt.NDArray[np.bool_]
    nothing: float

    @classmethod
    def of(cls, seen: Sequence[Seen], nothing: float) -> Batch:
        """Return the batch of some prompts, with the bare logit of *nothing here*."""
        # A prompt without segments gets one that nobody sees.
        parts = [s if len(s.raw) else _BLANK for s in seen]
        sizes = np.array([len(p.raw) for p in parts])
        return cls(
            raw=np.concatenate([p.raw for p in parts]),
            right=np.concatenate([p.right for p in parts]),
            slipped=np.concatenate([p.slipped for p in parts]),
            block=np.concatenate([p.block for p in parts]),
            middle=np.concatenate([p.middle for p in parts]),
            starts=np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.intp),
            owner=np.repeat(np.arange(len(parts)), sizes),
            blocks=np.array([float(p.blocks) for p in parts]),
            tokens=np.array([float(max(s.tokens, 1)) for s in seen]),
            question_first=np.array([float(s.question_first) for s in seen]),
            lucky=np.array([s.lucky for s in seen]),
            empty=np.array([not len(s.raw) for s in seen]),
            nothing=nothing,
        )

    def results(self, profile: Profile) -> Numbers:
        """Return the chances of right, wrong and abstaining answers, shape (prompts, 3)."""
        far = np.maximum(0.0, np.log2(self.tokens / profile.effective_context))
        near = np.maximum(0.0, np.log2(self.tokens / NEAR)) * self.question_first
        lost = profile.length_penalty * far + profile.question_first_penalty * near
        factor = 1.0 + profile.length_blur * far + profile.question_first_blur * near
        temperature = np.maximum(profile.temperature * factor, 1e-3)
        logits = self.raw + self._position(profile) - lost[self.owner]
        scaled = logits / temperature[self.owner]
        silent = (self.nothing + profile.nothing_bias) / temperature
        top = np.maximum(np.maximum.reduceat(scaled, self.starts), silent)
        mass = np.exp(scaled - top[self.owner])
        silence = np.exp(silent - top)
        total = np.add.reduceat(mass, self.starts) + silence
        good = (1 - profile.slip) * self.right + profile.slip * self.slipped
        correct = np.add.reduceat(mass * good, self.starts) / total
        nothing = silence / total
        correct[self.empty], nothing[self.empty] = 0.0, 1.0
        abstained = nothing * profile.abstain_told
        correct = correct + (nothing - abstained) * self.lucky
        return np.stack([correct, 1 - correct - abstained, abstained], axis=1)

    def _position(self, profile: Profile) -> Numbers:
        if profile.position_passages > 0:
            before = self.block / profile.position_passages
            behind = (self.blocks[self.owner] - 1 - self.block) / profile.position_passages
        else:
            before = self.middle / profile.position_scale
            behind = (1 - self.middle) / profile.position_scale
        bonus = profile.primacy * np.exp(-before) + profile.recency * np.exp(-behind)
        return np.asarray(bonus, dtype=np.float64)
