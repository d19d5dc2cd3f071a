"""Asks the simulated models over their own HTTP interface, streamed, in virtual time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from agents.abstention import abstains
from agents.clients.completion import Completion, read_stream
from corpus.luck import Luck
from corpus.questions import judge
from services.foundation import Foundation
from services.lab.calibration.errors import ModelRefused
from services.lab.calibration.trial import PromptWriter, Result, Trial
from services.llm.app import create_app
from services.llm.profiles import Catalogue
from services.transport import AppTransport
from services.virtual_time import VirtualClock

REMEMBERED = 640
"""Passages that the models remember: the filler of the long prompts recurs with every question."""

_PATIENCE = 3600.0
"""Seconds of virtual time after which a model is given up."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one prompt. Times are seconds of the model's time.

    ``answerable`` tells whether the prompt held the gold passage.
    """

    condition: str
    preset: str
    question: str
    result: Result
    confidence: float
    first_token: float
    per_token: float
    input_tokens: int
    text: str
    answerable: bool = True


class Models:
    """The simulated models behind their application, as the agents reach them."""

    def __init__(self, foundation: Foundation, catalogue: Catalogue) -> None:
        self._clock = VirtualClock(0)
        app = create_app(
            foundation.embedder,
            self._clock,
            token_store=foundation.token_store,
            catalogue=catalogue,
            blocks=REMEMBERED,
        )
        self._client = httpx.AsyncClient(
            transport=AppTransport(app), base_url="http://llm/v1/", timeout=_PATIENCE
        )
        self._writer = PromptWriter()

    async def ask_all(self, jobs: Sequence[tuple[Trial, str]], seed: int) -> list[Answer]:
        """Return what each model answers to its trial, one after the other."""
        return [await self.ask(trial, preset, seed) for trial, preset in jobs]

    async def ask(self, trial: Trial, preset: str, seed: int) -> Answer:
        """Return what a model answers to a trial, judged; raises ``ModelRefused``."""
        # Luck of its own for each cell, so that one lucky draw does not lift a whole report.
        luck = Luck(seed).child(trial.question.id, trial.condition, preset)
        reply = await self.complete(self._writer.body(trial, preset, luck.seed))
        text = reply.content.strip()
        verdict = judge(trial.question, text, abstains(text))
        if verdict.abstained:
            result = Result.ABSTAINED
        else:
            result = Result.CORRECT if verdict.correct else Result.WRONG
        return Answer(
            condition=trial.condition,
            preset=preset,
            question=trial.question.id,
            result=result,
            confidence=reply.completion.confidence or 0.0,
            first_token=reply.completion.time_to_first_token or 0.0,
            per_token=reply.per_token,
            input_tokens=reply.completion.input_tokens,
            text=text,
            answerable=trial.answerable,
        )

    async def complete(self, body: dict[str, Any]) -> Reply:
        """Return a streamed reply with its pace, or raise ``ModelRefused``."""
        started = self._clock.now_ns()
        request = self._client.build_request("POST", "chat/completions", json=body)
        response = await self._client.send(request, stream=True)
        try:
            if not response.is_success:
                await response.aread()
                raise ModelRefused(
                    f"{body['model']}: status {response.status_code}, {response.text}"
                )
            completion = await read_stream(response, None, self._clock, started)
        finally:
            await response.aclose()
        return Reply(completion, (self._clock.now_ns() - started) / 1e9)


@dataclass(frozen=True, slots=True)
class Reply:
    """A streamed completion and how long all of it took, in seconds."""

    completion: Completion
    seconds: float

    @property
    def content(self) -> str:
        """Return the text."""
        return self.completion.content

    @property
    def per_token(self) -> float:
        """Return the seconds for each token after the first."""
        rest = self.seconds - (self.completion.time_to_first_token or 0.0)
        return rest / max(self.completion.output_tokens - 1, 1)
