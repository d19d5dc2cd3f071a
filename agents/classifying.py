"""Asks the model to choose one of several described options, with its doubts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agents.ports import JsonObject


@dataclass(frozen=True, slots=True)
class Chosen:
    """An option with the model's confidence in it, 0 to 1, and in the others."""

    name: str
    confidence: float
    alternatives: Mapping[str, float]


def choice_schema(key: str, names: Sequence[str]) -> JsonObject:
    """Return the schema of a choice: ``key`` names one option, alternatives the others."""
    option: JsonObject = {"type": "string", "enum": list(names)}
    number: JsonObject = {"type": "number", "minimum": 0, "maximum": 1}
    return {
        "type": "object",
        "properties": {
            key: option,
            "confidence": number,
            "alternatives": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {key: option, "confidence": number},
                    "required": [key, "confidence"],
                    "additionalProperties": False,
                },
            },
        },
        "required": [key, "confidence", "alternatives"],
        "additionalProperties": False,
    }


def read_choice(key: str, content: str) -> Chosen:
    """Return the choice in a reply that has the schema's shape."""
    reply = json.loads(content)
    return Chosen(
        name=reply[key],
        confidence=float(reply["confidence"]),
        alternatives={
            other[key]: float(other["confidence"])
            for other in reply["alternatives"]
            if other[key] != reply[key]
        },
    )
