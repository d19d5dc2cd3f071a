"""Profiles: how one simulated model reads, writes, costs and takes time."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from importlib.resources import files

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
    effective_context: int
    length_penalty: float
    question_first_penalty: float
    nothing_bias: float
    abstain_told: float
    abstain_untold: float
    format_obedience: float
    citation_obedience: float
    confidence_bias: float
    confidence_sharpness: float
    input_price: float
    output_price: float
    first_token_base: float
    first_token_per_input: float
    seconds_per_token: float
    jitter: float

    def cost(self, input_tokens: int, output_tokens: int) -> float:
        """Return US dollars; the prices are per million tokens."""
        return (input_tokens * self.input_price + output_tokens * self.output_price) / 1e6


@lru_cache(maxsize=1)
def _load() -> dict[str, Profile]:
    raw = yaml.safe_load(files("services.llm").joinpath("profiles.yml").read_text("utf-8"))
    known = {field.name for field in fields(Profile)}
    profiles: dict[str, Profile] = {}
    for name, values in raw["profiles"].items():
        merged = {**raw["defaults"], **values, "name": name}
        if unknown := set(merged) - known:
            raise ValueError(f"profiles.yml, {name}: unknown parameters {sorted(unknown)}")
        profiles[name] = Profile(**merged)
    return profiles


def profiles() -> tuple[Profile, ...]:
    """Return all profiles, in the file's order."""
    return tuple(_load().values())


def find_profile(model: str) -> Profile:
    """Return the profile of a model name or alias, or raise ``UnknownModel``."""
    for profile in _load().values():
        if model in (profile.name, profile.alias):
            return profile
    offered = ", ".join(sorted({p.alias or p.name for p in _load().values()}))
    raise UnknownModel(f"The model `{model}` does not exist. Models here: {offered}.", "model")
