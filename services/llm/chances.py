"""A reply's tokens with their log-probabilities, as the reader's confidence spreads over them."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_TOKEN = re.compile(r"\s*\w+|\s*[^\w\s]|\s+")
_LOWEST = -20.0
_TELLING = 4.0
"""How much more of the doubt a figure or a name carries than any other token."""


@dataclass(frozen=True, slots=True)
class Rival:
    """What else could have been said, with its share of the attention, 0 to 1."""

    text: str
    share: float


@dataclass(frozen=True, slots=True)
class Chance:
    """A token with its log-probability and the likeliest tokens in its place, itself included."""

    token: str
    logprob: float
    others: tuple[tuple[str, float], ...]

    def as_json(self) -> dict[str, object]:
        """Return it as the API shows a token."""
        return _shown(self.token, self.logprob) | {
            "top_logprobs": [_shown(token, logprob) for token, logprob in self.others]
        }


def tokens_of(text: str) -> list[str]:
    """Cut a reply into words and marks with the space before them; joined they are the reply."""
    return _TOKEN.findall(text)


def chances(
    text: str, confidence: float, rivals: Sequence[Rival] = (), top: int = 0
) -> list[Chance]:
    """Return the reply's tokens; the geometric mean of their probabilities is the confidence.

    Figures and names carry most of the doubt. With ``top`` up to so many
    tokens are listed for each: what the rivals say in a token's place gets
    what its own probability leaves over.
    """
    tokens = tokens_of(text)
    sorts = [_sort(token) for token in tokens]
    weights = [1.0 if sort == "word" else _TELLING for sort in sorts]
    doubt = math.log(min(max(confidence, 1e-6), 1.0)) * len(tokens) / max(sum(weights), 1.0)
    said = [(rival.share, _by_sort(rival.text)) for rival in rivals] if top else []
    seen: Counter[str] = Counter()
    found = []
    for token, sort, weight in zip(tokens, sorts, weights, strict=True):
        logprob = max(doubt * weight, _LOWEST)
        # The second figure of the reply stands where a rival's second figure would.
        same = [
            (share, by_sort[sort][seen[sort]])
            for share, by_sort in said
            if seen[sort] < len(by_sort[sort])
        ]
        found.append(Chance(token, logprob, _others(token, logprob, same, top) if top else ()))
        seen[sort] += 1
    return found


def _sort(token: str) -> str:
    bare = token.strip()
    if bare[:1].isdigit():
        return "figure"
    return "name" if bare[:1].isupper() and len(bare) > 1 else "word"


def _by_sort(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"figure": [], "name": [], "word": []}
    for token in tokens_of(text):
        found[_sort(token)].append(token.strip())
    return found


def _others(
    token: str, logprob: float, same: Sequence[tuple[float, str]], top: int
) -> tuple[tuple[str, float], ...]:
    space = token[: len(token) - len(token.lstrip())]
    shares: dict[str, float] = {}
    for share, said in same:
        if space + said != token:
            shares[space + said] = shares.get(space + said, 0.0) + share
    left = max(1.0 - math.exp(logprob), 1e-9)
    total = max(sum(shares.values()), 1e-9)
    ranked = [
        (other, max(math.log(left * max(share, 1e-9) / total), _LOWEST))
        for other, share in shares.items()
    ]
    ranked.append((token, logprob))
    return tuple(sorted(ranked, key=lambda pair: -pair[1])[:top])


def _shown(token: str, logprob: float) -> dict[str, object]:
    return {"token": token, "logprob": logprob, "bytes": list(token.encode())}
