"""Fill in a JSON schema: choices from described options, claims, and fields from documents."""

from __future__ import annotations

from typing import Any

from corpus.luck import Luck
from services.llm.abilities.answering import answer
from services.llm.abilities.checking import CheckedClaim, check
from services.llm.abilities.choosing import Choice, choose
from services.llm.abilities.finding import extract_field
from services.llm.attention import attend
from services.llm.profiles import Profile
from services.llm.prompt import Option, Prompt
from services.llm.reading import ReadingRoom

_BLANK = ("array", "boolean")
_BLANK_OF = {"array": [], "boolean": False, "string": "", "number": 0, "integer": 0}
"""What stands for a value that the prompt does not hold, by its type."""


def fill_schema(
    room: ReadingRoom, prompt: Prompt, schema: dict[str, Any], profile: Profile, luck: Luck
) -> dict[str, Any]:
    """Return an object of the schema's shape, as well as the prompt allows."""
    properties: dict[str, Any] = schema.get("properties", {})
    chosen = _choices(room, prompt, properties, profile, luck)
    claims = check(room, prompt, profile) if prompt.to_check else []
    reply: dict[str, Any] = {}
    for name, spec in properties.items():
        if chosen and name == chosen[0]:
            reply[name] = chosen[1][0].name
        elif spec.get("type") == "array" and chosen and chosen[0] in _item_properties(spec):
            reply[name] = [_choice(spec, chosen[0], c) for c in chosen[1][1:4]]
        elif spec.get("type") == "array" and prompt.to_check:
            reply[name] = [_claim(spec, c) for c in claims]
        elif "confidence" in name:
            reply[name] = round(chosen[1][0].share, 3) if chosen else _confidence(claims)
        elif "enum" in spec and prompt.to_check:
            reply[name] = _verdict(spec["enum"], claims)
        else:
            reply[name] = _field(room, prompt, name, spec, profile, luck)
    return reply


def _item_properties(spec: dict[str, Any]) -> dict[str, Any]:
    items = spec.get("items", {})
    return items.get("properties", {}) if isinstance(items, dict) else {}


def _choices(
    room: ReadingRoom, prompt: Prompt, properties: dict[str, Any], profile: Profile, luck: Luck
) -> tuple[str, list[Choice]] | None:
    """Return the first enumerated property that the prompt describes, with its ranked members."""
    if prompt.to_check:
        return None
    described = {option.name: option for option in prompt.options}
    for name, spec in properties.items():
        members = [str(m) for m in spec.get("enum", ())]
        if members and (described or not prompt.blocks):
            options = [described.get(m, Option(m, ())) for m in members]
            return name, choose(room, prompt.question, options, profile, luck.child(name))
    return None


def _choice(spec: dict[str, Any], name: str, choice: Choice) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key in _item_properties(spec):
        made[key] = choice.name if key == name else round(choice.share, 3)
    return made


def _claim(spec: dict[str, Any], claim: CheckedClaim) -> Any:
    properties = _item_properties(spec)
    if not properties:
        return claim.claim
    made: dict[str, Any] = {}
    for key, kind in properties.items():
        if kind.get("type") == "boolean":
            made[key] = claim.supported
        elif key in ("claim", "statement", "sentence", "text"):
            made[key] = claim.claim
        else:
            made[key] = claim.evidence
    return made


def _verdict(members: list[str], claims: list[CheckedClaim]) -> str:
    supported = sum(claim.supported for claim in claims)
    if claims and supported == len(claims):
        index = 0
    else:
        index = len(members) - 1 if supported == 0 else min(1, len(members) - 1)
    return str(members[index])


def _confidence(claims: list[CheckedClaim]) -> float:
    return round(sum(c.supported for c in claims) / len(claims), 3) if claims else 0.5


def _field(
    room: ReadingRoom,
    prompt: Prompt,
    name: str,
    spec: dict[str, Any],
    profile: Profile,
    luck: Luck,
) -> Any:
    kind = spec.get("type")
    if name in ("answer", "reply", "response", "summary") and kind == "string":
        return answer(prompt, attend(room, prompt, profile), profile, luck).text
    if kind == "object":
        return {
            key: _field(room, prompt, f"{name} {key}", inner, profile, luck)
            for key, inner in spec.get("properties", {}).items()
        }
    found = None if kind in _BLANK else extract_field(room, prompt, name, spec)
    if found is None and "enum" in spec:
        return spec["enum"][0]
    return _BLANK_OF.get(str(kind)) if found is None else found
