"""A reply's tokens with their log-probabilities, as the reader's confidence spreads over them."""

from __future__ import annotations

import math
import re
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
    weights = [_TELLING if _is_telling(token) else 1.0 for token in tokens]
    doubt = math.log(min(max(confidence, 1e-6), 1.0)) * len(tokens) / max(sum(weights), 1.0)
    found = []
    for place, (token, weight) in enumerate(zip(tokens, weights, strict=True)):
        logprob = max(doubt * weight, _LOWEST)
        others = _others(token, logprob, place, rivals, top) if top else ()
        found.append(Chance(token, logprob, others))
    return found


def _is_telling(token: str) -> bool:
    bare = token.strip()
    return bare[:1].isdigit() or (bare[:1].isupper() and len(bare) > 1)


def _others(
    token: str, logprob: float, place: int, rivals: Sequence[Rival], top: int
) -> tuple[tuple[str, float], ...]:
    space = token[: len(token) - len(token.lstrip())]
    shares: dict[str, float] = {}
    for rival in rivals:
        said = tokens_of(rival.text)
        same = [t.strip() for t in said if _is_telling(t) == _is_telling(token)]
        if same:
            other = space + same[min(place, len(same) - 1)]
            if other != token:
                shares[other] = shares.get(other, 0.0) + rival.share
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
