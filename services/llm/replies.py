"""The JSON that the API answers with: whole completions, streamed chunks, model cards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.luck import Luck
from services.llm.chances import tokens_of
from services.llm.profiles import Profile
from services.llm.simulator import Completion
from services.llm.wire import ChatCompletionRequest


def model_card(name: str, profile: Profile) -> dict[str, object]:
    """Return a model as ``/v1/models`` lists it."""
    return {"id": name, "object": "model", "created": profile.created, "owned_by": "stillgreen"}


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

    def whole(
        self, completions: Sequence[Completion], body: ChatCompletionRequest
    ) -> dict[str, object]:
        """Return a complete chat completion."""
        return self._head("chat.completion") | {
            "choices": [
                {
                    "index": index,
                    "message": self._message(index, completion),
                    "logprobs": _logprobs(completion, body),
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

    def usage_chunk(self, completions: Sequence[Completion]) -> dict[str, object]:
        """Return the last chunk, which tells the usage."""
        return self._head("chat.completion.chunk") | {"choices": [], "usage": _usage(completions)}

    def call_deltas(
        self, completion: Completion, burst: int
    ) -> Iterator[tuple[int, dict[str, object]]]:
        """Yield the deltas of a reply's tool calls with the number of tokens in each.

        A call's name comes first, its arguments follow in bursts.
        """
        for number, call in enumerate(completion.calls):
            opening = {
                "index": number,
                "id": self._call_id(number),
                "type": "function",
                "function": {"name": call.name, "arguments": ""},
            }
            yield 1, {"tool_calls": [opening]}
            tokens = tokens_of(call.arguments)
            for start in range(0, len(tokens), burst):
                part = tokens[start : start + burst]
                more = {"index": number, "function": {"arguments": "".join(part)}}
                yield len(part), {"tool_calls": [more]}

    def _message(self, index: int, completion: Completion) -> dict[str, object]:
        message: dict[str, object] = {
            "role": "assistant",
            "content": None
            if completion.refusal or (completion.calls and not completion.content)
            else completion.content,
            "refusal": completion.refusal,
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


def _logprobs(completion: Completion, body: ChatCompletionRequest) -> dict[str, object] | None:
    if not body.logprobs or not completion.content:
        return None
    found = completion.tokens(body.top_logprobs or 0)
    return {"content": [chance.as_json() for chance in found], "refusal": None}


def _usage(completions: Sequence[Completion]) -> dict[str, object]:
    prompt = completions[0].input_tokens
    output = sum(c.output_tokens for c in completions)
    return {"prompt_tokens": prompt, "completion_tokens": output, "total_tokens": prompt + output}
