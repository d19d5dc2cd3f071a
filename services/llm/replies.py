"""The JSON that the API answers with: whole completions, streamed chunks, model cards."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.luck import Luck
from services.llm.profiles import Profile
from services.llm.simulator import Completion
from services.llm.wire import ChatCompletionRequest


def model_card(name: str, profile: Profile) -> dict[str, object]:
    """Return a model as ``/v1/models`` lists it."""
    return {"id": name, "object": "model", "created": profile.created, "owned_by": "stillgreen"}


def logprobs(completion: Completion, text: str) -> dict[str, object]:
    """Return per-word log-probabilities whose mean is the log of the confidence."""
    logprob = math.log(min(max(completion.confidence, 1e-6), 1.0))
    content = [
        {"token": word, "logprob": logprob, "bytes": list(word.encode()), "top_logprobs": []}
        for word in text.split(" ")
    ]
    return {"content": content, "refusal": None}


@dataclass(frozen=True, slots=True)
class Reply:
    """What all parts of one reply share."""

    id: str
    created: int
    model: str
    fingerprint: str

    @classmethod
    def of(cls, body: ChatCompletionRequest, profile: Profile, seed: int, created: int) -> Reply:
        """Derive the reply's identifiers from the request, so that they repeat with it."""
        name = f"{Luck(seed).child('reply', *(m.text for m in body.messages[-1:])).seed:012x}"
        return cls(f"chatcmpl-{name}", created, profile.name, f"fp_{profile.created:x}")

    def whole(self, completions: list[Completion]) -> dict[str, object]:
        """Return a complete chat completion."""
        return self._head("chat.completion") | {
            "choices": [
                {
                    "index": index,
                    "message": self._message(index, completion),
                    "logprobs": logprobs(completion, completion.content)
                    if completion.content
                    else None,
                    "finish_reason": completion.finish_reason,
                }
                for index, completion in enumerate(completions)
            ],
            "usage": _usage(completions),
        }

    def chunk(
        self,
        index: int,
        delta: dict[str, object],
        finish: str | None = None,
        probabilities: dict[str, object] | None = None,
    ) -> dict[str, object]:
        """Return one streamed chunk."""
        choice = {
            "index": index,
            "delta": delta,
            "logprobs": probabilities,
            "finish_reason": finish,
        }
        return self._head("chat.completion.chunk") | {"choices": [choice]}

    def usage_chunk(self, completions: list[Completion]) -> dict[str, object]:
        """Return the last chunk, which tells the usage."""
        return self._head("chat.completion.chunk") | {"choices": [], "usage": _usage(completions)}

    def call_deltas(self, completion: Completion) -> Iterator[dict[str, object]]:
        """Yield the deltas of a reply's tool calls."""
        for number, call in enumerate(completion.calls):
            function = {"name": call.name, "arguments": call.arguments}
            part = {
                "index": number,
                "id": self._call_id(number),
                "type": "function",
                "function": function,
            }
            yield {"tool_calls": [part]}

    def _message(self, index: int, completion: Completion) -> dict[str, object]:
        message: dict[str, object] = {
            "role": "assistant",
            "content": completion.content or (None if completion.calls else ""),
            "refusal": None,
        }
        if completion.calls:
            message["tool_calls"] = [
                {
                    "id": self._call_id(number),
                    "type": "function",
                    "function": {"name": call.name, "arguments": call.arguments},
                }
                for number, call in enumerate(completion.calls)
            ]
        return message

    def _call_id(self, number: int) -> str:
        return f"call_{self.id.removeprefix('chatcmpl-')}{number}"

    def _head(self, kind: str) -> dict[str, object]:
        return {
            "id": self.id,
            "object": kind,
            "created": self.created,
            "model": self.model,
            "system_fingerprint": self.fingerprint,
        }


def _usage(completions: list[Completion]) -> dict[str, object]:
    prompt = completions[0].input_tokens
    output = sum(c.output_tokens for c in completions)
    return {"prompt_tokens": prompt, "completion_tokens": output, "total_tokens": prompt + output}
