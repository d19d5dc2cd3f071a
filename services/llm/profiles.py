"""Profiles: how one simulated model reads, writes, costs and takes time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from services.llm.errors import UnknownModel


@dataclass(frozen=True, slots=True)
class Profile:
    """One model snapshot; every parameter is documented in ``profiles.yml``."""

    name: str
    alias: str | None
    created: int
    window_tokens: int
    temperature: float
    primacy: float
    recency: float
    position_scale: float
    position_passages: float
    effective_context: int
    length_penalty: float
    length_blur: float
    question_first_penalty: float
    question_first_blur: float
    nothing_bias: float
    slip: float
    abstain_told: float
    abstain_untold: float
    format_obedience: float
    citation_obedience: float
    verbosity: float
    embellishment: float
    injection_susceptibility: float
    confidence_bias: float
    confidence_sharpness: float
    input_price: float
    output_price: float
    first_token_base: float
    first_token_per_input: float
    seconds_per_token: float
    jitter: float
    load_slowdown: float
    serving_noise: float

    def cost(self, input_tokens: int, output_tokens: int) -> float:
        """Return US dollars; the prices are per million tokens."""
        return (input_tokens * self.input_price + output_tokens * self.output_price) / 1e6


class Catalogue:
    """The profiles that a server offers, by name and alias."""

    def __init__(self, profiles: Iterable[Profile]) -> None:
        self._profiles = {profile.name: profile for profile in profiles}

    @classmethod
    def from_yaml(cls, text: str) -> Catalogue:
        """Read a file of the form of ``profiles.yml``; raises ``ValueError`` for another."""
        raw: Mapping[str, Any] = yaml.safe_load(text)
        known = {field.name for field in fields(Profile)}
        made: list[Profile] = []
        for name, values in raw["profiles"].items():
            merged = {**raw["defaults"], **values, "name": name}
            if unknown := set(merged) - known:
                raise ValueError(f"profiles, {name}: unknown parameters {sorted(unknown)}")
            made.append(Profile(**merged))
        return cls(made)

    def __iter__(self) -> Iterator[Profile]:
        return iter(self._profiles.values())

    def find(self, model: str) -> Profile:
        """Return the profile of a model name or alias, or raise ``UnknownModel``."""
        for profile in self:
            if model in (profile.name, profile.alias):
                return profile
        offered = ", ".join(sorted({p.alias or p.name for p in self}))
        raise UnknownModel(f"The model `{model}` does not exist. Models here: {offered}.", "model")

    def with_profiles(self, *others: Profile) -> Catalogue:
        """Return a catalogue that offers these, too, in place of any of the same name."""
        return Catalogue({**self._profiles, **{each.name: each for each in others}}.values())


@lru_cache(maxsize=1)
def shipped() -> Catalogue:
    """Return the profiles that ship with the package."""
    return Catalogue.from_yaml(files("services.llm").joinpath("profiles.yml").read_text("utf-8"))


def profiles() -> tuple[Profile, ...]:
    """Return all shipped profiles, in the file's order."""
    return tuple(shipped())


def find_profile(model: str) -> Profile:
    """Return the shipped profile of a model name or alias, or raise ``UnknownModel``."""
    return shipped().find(model)
