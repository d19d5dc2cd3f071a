"""Counts the tokens of prompts and replies with a real tokenizer, remembering what recurs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

from services.llm.wire import ChatCompletionRequest

_MESSAGE_OVERHEAD = 4
"""Tokens that a message costs besides its text."""
_REPLY_OVERHEAD = 3
"""Tokens that open the reply."""
_REMEMBERED_CHARACTERS = 8_000
"""Longer pieces are counted anew, so that the memory stays small."""
_REMEMBERED_PIECES = 20_000
_ONE_PIECE = 200
"""Characters up to which a text is not worth cutting up."""
_BREAK = re.compile(r"\n\n|(?<=</document>)\n|(?<=\">)\n")
"""Between paragraphs and around documents, which come again in other prompts."""
_SLICE = 100_000
"""Characters that are counted at once, so that an endless prompt is refused early."""


class TokenCounter(Protocol):
    """Counts the tokens of a text with a real tokenizer."""

    def count_tokens(self, text: str) -> int: ...


class TokenCount:
    """Counts texts and whole requests."""

    def __init__(self, counter: TokenCounter) -> None:
        self._counter = counter
        self._known: dict[str, int] = {}

    def text(self, text: str) -> int:
        """Return the tokens of a text."""
        if not text:
            return 0
        known = self._known.get(text)
        if known is None:
            known = self._counter.count_tokens(text)
            if len(text) <= _REMEMBERED_CHARACTERS:
                if len(self._known) >= _REMEMBERED_PIECES:
                    self._known.clear()
                self._known[text] = known
        return known

    def prompt(self, request: ChatCompletionRequest, enough: int) -> int:
        """Return the tokens of a request, messages, tools and shape of the reply included.

        Counting ends once there are more than ``enough``.
        """
        total = _REPLY_OVERHEAD
        for message in request.messages:
            total += _MESSAGE_OVERHEAD
            for piece in _pieces(message.text):
                total += self.text(piece)
                if total > enough:
                    return total
            for call in message.tool_calls or ():
                total += self.text(call.function.name + call.function.arguments)
        for tool in request.tools or ():
            total += self.text(tool.function.text)
        if request.response_format and request.response_format.json_schema:
            total += self.text(request.response_format.json_schema.text)
        return total

    def cut(self, text: str, limit: int) -> str:
        """Return the longest start of a text, in whole words, that has no more tokens."""
        words = text.split(" ")
        low, high = 0, len(words)
        while low < high:
            middle = (low + high + 1) // 2
            if self._counter.count_tokens(" ".join(words[:middle])) <= limit:
                low = middle
            else:
                high = middle - 1
        return " ".join(words[:low])


def _pieces(text: str) -> Iterator[str]:
    """Cut a text where whitespace is, so that the pieces have as many tokens as the whole."""
    if len(text) <= _ONE_PIECE:
        yield text
        return
    for paragraph in _BREAK.split(text):
        start = 0
        while len(paragraph) - start > _SLICE:
            end = paragraph.find(" ", start + _SLICE)
            if end < 0:
                break
            yield paragraph[start:end]
            start = end
        yield paragraph[start:]
