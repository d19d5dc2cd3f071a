"""Fill in a JSON schema: choices from described options, claims, and fields from documents."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from corpus.luck import Luck
from services.llm.abilities.answering import answer
from services.llm.abilities.checking import CheckedClaim, check
from services.llm.abilities.choosing import Choice, choose
from services.llm.abilities.extracting import extract_field
from services.llm.abilities.listing import list_items
from services.llm.attention import attend
from services.llm.profiles import Profile
from services.llm.prompt import Option, Prompt
from services.llm.reading import ReadingRoom
from services.llm.schemas import resolved

_BLANK_OF: Mapping[str, Any] = {
    "string": "",
    "number": 0,
    "integer": 0,
    "boolean": False,
    "array": [],
    "object": {},
}
"""What stands for a value that the prompt does not hold, by its type."""
_MOST_LEVELS = 8
_MOST_FIELDS = 500
"""A schema that asks for more is filled with blanks from there on."""
_CHECKED = 0.8
"""Confidence in a judgement of claims, whichever it is."""
_ANSWERS = ("answer", "reply", "response", "summary")


@dataclass(frozen=True, slots=True)
class Filled:
    """An object of the asked shape, and how sure the reader is of it, 0 to 1.

    ``found_nothing`` tells that documents were searched for all of it in vain.
    """

    value: dict[str, Any]
    confidence: float
    found_nothing: bool


def fill_schema(
    room: ReadingRoom, prompt: Prompt, schema: Mapping[str, Any], profile: Profile, luck: Luck
) -> Filled:
    """Return an object of the schema's shape, as well as the prompt allows.

    Without a shape it is an object with the answer.
    """
    filler = _Filler(room, prompt, schema or _ANSWER, profile, luck)
    value = filler.top()
    searched = bool(prompt.blocks) and not prompt.to_check and bool(value)
    in_vain = searched and not filler.beliefs and not any(value.values())
    stated = value.get("confidence")
    if isinstance(stated, int | float) and not isinstance(stated, bool):
        return Filled(value, min(max(float(stated), 0.0), 1.0), in_vain)
    return Filled(value, filler.confidence, in_vain)


_ANSWER: Mapping[str, Any] = {"type": "object", "properties": {"answer": {"type": "string"}}}


@dataclass(slots=True)
class _Filler:
    room: ReadingRoom
    prompt: Prompt
    schema: Mapping[str, Any]
    profile: Profile
    luck: Luck
    beliefs: list[float] = field(default_factory=list)
    left: int = _MOST_FIELDS

    @property
    def confidence(self) -> float:
        """Return the mean confidence of the fields that were found, one half without any."""
        if self.prompt.to_check:
            return _CHECKED
        return sum(self.beliefs) / len(self.beliefs) if self.beliefs else 0.5

    def top(self) -> dict[str, Any]:
        """Fill the outermost object."""
        spec = resolved(self.schema, self.schema)
        properties = {
            name: resolved(part, self.schema) for name, part in spec.get("properties", {}).items()
        }
        chosen = self._choices(properties)
        claims = check(self.room, self.prompt, self.profile) if self.prompt.to_check else []
        # Confidence comes last in the order of knowing, wherever it stands in that of telling.
        stated = [n for n, part in properties.items() if _is_confidence(n, part)]
        known = {
            name: self._at_top(name, part, chosen, claims)
            for name, part in properties.items()
            if name not in stated
        }
        known |= {name: self._stated(chosen, claims) for name in stated}
        return {name: known[name] for name in properties}

    def _at_top(
        self,
        name: str,
        spec: dict[str, Any],
        chosen: tuple[str, list[Choice]] | None,
        claims: list[CheckedClaim],
    ) -> Any:
        is_list = spec.get("type") == "array"
        if chosen and name == chosen[0]:
            self.beliefs.append(chosen[1][0].share)
            return chosen[1][0].name
        if is_list and chosen and chosen[0] in self._of_items(spec):
            return [self._choice(spec, chosen[0], choice) for choice in chosen[1][1:4]]
        if is_list and self.prompt.to_check:
            return [self._claim(spec, claim) for claim in claims]
        if "enum" in spec and self.prompt.to_check:
            return _verdict(spec["enum"], claims)
        return self._field(name, spec, 0)

    def _stated(self, chosen: tuple[str, list[Choice]] | None, claims: list[CheckedClaim]) -> float:
        if chosen:
            return round(chosen[1][0].share, 3)
        if self.prompt.to_check:
            supported = sum(claim.supported for claim in claims)
            return round(supported / len(claims), 3) if claims else 0.5
        return round(self.confidence, 3)

    def _of_items(self, spec: dict[str, Any]) -> dict[str, Any]:
        items = resolved(spec.get("items", {}), self.schema)
        return {k: resolved(v, self.schema) for k, v in items.get("properties", {}).items()}

    def _choices(self, properties: dict[str, Any]) -> tuple[str, list[Choice]] | None:
        """Return the first enumerated property that the prompt describes, its members ranked."""
        if self.prompt.to_check:
            return None
        described = {option.name: option for option in self.prompt.options}
        for name, spec in properties.items():
            members = [str(m) for m in spec.get("enum", ()) if m is not None]
            if members and (described or not self.prompt.blocks):
                options = [described.get(m, Option(m, ())) for m in members]
                luck = self.luck.child(name)
                question = self.prompt.question
                return name, choose(self.room, question, options, self.profile, luck)
        return None

    def _choice(self, spec: dict[str, Any], name: str, choice: Choice) -> dict[str, Any]:
        return {
            key: choice.name if key == name else round(choice.share, 3)
            for key in self._of_items(spec)
        }

    def _claim(self, spec: dict[str, Any], claim: CheckedClaim) -> Any:
        properties = self._of_items(spec)
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

    def _field(self, name: str, spec: dict[str, Any], level: int) -> Any:
        kind = spec.get("type", "object" if "properties" in spec else "string")
        self.left -= 1
        if self.left < 0 or level > _MOST_LEVELS:
            return self._blank(spec)
        if kind == "object":
            return {
                key: self._field(f"{name} {key}", resolved(inner, self.schema), level + 1)
                for key, inner in spec.get("properties", {}).items()
            }
        if kind == "array":
            return self._list(name, spec, level)
        if kind == "string" and name in _ANSWERS:
            attention = attend(self.room, self.prompt, self.profile)
            spoken = answer(self.prompt, attention, self.profile, self.luck)
            self.beliefs.append(spoken.confidence)
            return spoken.text
        found = extract_field(self.room, self.prompt, name, spec, self.profile, self.luck)
        if found is not None:
            self.beliefs.append(found.confidence)
        return self._blank(spec) if found is None else found.value

    def _list(self, name: str, spec: dict[str, Any], level: int) -> list[Any]:
        items = resolved(spec.get("items", {}), self.schema)
        properties = self._of_items(spec)
        found = list_items(self.room, self.prompt, name, items, properties, self.profile)
        most = min(int(spec.get("maxItems", _MOST_FIELDS)), max(self.left, 0))
        self.left -= len(found[:most])
        least = int(spec.get("minItems", 0))
        padding = [self._field(name, items, level + 1) for _ in range(least - len(found))]
        return [*found[:most], *padding]

    def _blank(self, spec: dict[str, Any]) -> Any:
        if "const" in spec:
            return spec["const"]
        if spec.get("nullable") or ("type" not in spec and "enum" not in spec):
            return None
        if "enum" in spec:
            return spec["enum"][0]
        if spec["type"] in ("number", "integer") and spec.get("minimum", 0) > 0:
            return spec["minimum"]
        blank = _BLANK_OF.get(str(spec["type"]))
        return copy(blank)


def _is_confidence(name: str, spec: dict[str, Any]) -> bool:
    return "confidence" in name and spec.get("type") in ("number", "integer")


def _verdict(members: list[str], claims: list[CheckedClaim]) -> str:
    supported = sum(claim.supported for claim in claims)
    if claims and supported == len(claims):
        index = 0
    else:
        index = len(members) - 1 if supported == 0 else min(1, len(members) - 1)
    return str(members[index])
