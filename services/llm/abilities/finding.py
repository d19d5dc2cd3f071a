"""Find one argument of a tool: a value in the question that fits a JSON schema."""

from __future__ import annotations

import re
from typing import Any

from services.llm.abilities.choosing import resemblance
from services.llm.glossary import concepts
from services.llm.prompt import Prompt
from services.llm.reading import ReadingRoom
from services.llm.values import MONTHS, Kind, find_values, parse_number
from services.llm.words import STOP_WORDS, stems

_NAMES_SOMEBODY = re.compile(
    r"\b(?:name|vendor|supplier|company|person|customer|city|location|place)\b", re.IGNORECASE
)
_SEARCHES = re.compile(r"\b(?:query|question|text|search|term)\b", re.IGNORECASE)


def find_argument(room: ReadingRoom, prompt: Prompt, name: str, spec: dict[str, Any]) -> Any:
    """Return a value for one property of a tool's schema from the question, or None."""
    known = dict(prompt.known)
    question = prompt.question
    if name in known and _fits(known[name], spec):
        return _typed(known[name], spec)
    if "const" in spec:
        return spec["const"]
    if "enum" in spec:
        return member_of(room, question, spec)
    return _sought(question, f"{name} {spec.get('description', '')}", spec)


def _sought(question: str, about: str, spec: dict[str, Any]) -> Any:
    kind = spec.get("type", "string")
    if "YYYY-MM" in about and "YYYY-MM-DD" not in about:
        return _month(question, about)
    if pattern := spec.get("pattern"):
        return _matching(question, pattern)
    if kind in ("integer", "number"):
        return _number(question, kind)
    return _text(question, about, spec) if kind == "string" else None


def named_ids(question: str, pattern: str) -> list[str]:
    """Return what a question names that has the form of a pattern, in its order, in upper case."""
    bare = pattern.removeprefix("^").removesuffix("$")
    try:
        matches = re.finditer(rf"(?<![\w-])(?:{bare})(?![\w-])", question, re.IGNORECASE)
        return list(dict.fromkeys(match.group().upper() for match in matches))
    except re.error:
        return []


def _matching(question: str, pattern: str) -> str | None:
    return next(iter(named_ids(question, pattern)), None)


def _text(question: str, about: str, spec: dict[str, Any]) -> str | None:
    if spec.get("format") == "date" or "date" in stems(about):
        return next((v.text for v in find_values(question) if v.kind is Kind.DATE), None)
    if _NAMES_SOMEBODY.search(about):
        return _proper_name(question)
    return question if _SEARCHES.search(about) else None


def _fits(value: str, spec: dict[str, Any]) -> bool:
    if "enum" in spec:
        return value in spec["enum"]
    pattern = spec.get("pattern")
    return pattern is None or re.search(pattern, value) is not None


def _typed(value: str, spec: dict[str, Any]) -> Any:
    if spec.get("type") in ("number", "integer"):
        number = parse_number(value)
        if number is None:
            return None
        return int(number) if spec["type"] == "integer" else number
    return value


def member_of(room: ReadingRoom, text: str, spec: dict[str, Any], *, forced: bool = False) -> Any:
    """Return the member of an enumeration that a text names, by its words or their meaning.

    With ``forced`` the likeliest one is returned even if the text names none.
    """
    glosses = _glosses(spec)
    there, meant = stems(text), concepts(text)
    # A word may be part of a phrase that means something else: "tax" in "tax included".
    named = [
        m
        for m in glosses
        if stems(m.replace("_", " "))
        and stems(m.replace("_", " ")) <= there
        and concepts(m.replace("_", " ")) <= meant
    ]
    if named:
        return max(named, key=len)
    shared = {m: len(concepts(gloss) & meant) for m, gloss in glosses.items()}
    most = max(shared.values())
    if most and sum(count == most for count in shared.values()) == 1:
        return max(shared, key=lambda member: shared[member])
    if forced:
        asked = room.question(text)
        return max(glosses, key=lambda m: resemblance(asked, room.question(glosses[m])))
    return None


def _glosses(spec: dict[str, Any]) -> dict[str, str]:
    """Return the members with what the description says of each, as in ``a = this; b = that``."""
    glosses = {str(member): str(member).replace("_", " ") for member in spec["enum"]}
    for names, gloss in re.findall(r"([\w, ]+?)\s*[=:]\s*([^;.]+)", spec.get("description", "")):
        for name in re.split(r",\s*", names):
            if name.strip() in glosses:
                glosses[name.strip()] += f" {gloss.strip()}"
    return glosses


def _month(question: str, about: str) -> str | None:
    match = re.search(r"\b(\d{4})-(\d{2})\b(?!-)", question)
    if match and 1 <= int(match[2]) <= 12:
        return match.group()
    for number, month in enumerate(MONTHS, start=1):
        found = re.search(
            rf"\b({month[:3]}|{month})\b\.?,?(?:\s+(?:of\s+)?(\d{{4}}))?", question, re.I
        )
        if found and (
            month != "may" or found[2] or re.search(r"\b(?:in|of|for|during)\s+May\b", question)
        ):
            example = re.search(r"\b(20\d{2})-\d{2}\b", about)
            year = found[2] or (example[1] if example else None)
            return f"{year}-{number:02d}" if year else None
    return None


def _number(question: str, kind: str) -> Any:
    for value in find_values(question):
        if value.kind in (Kind.NUMBER, Kind.MONEY):
            number = parse_number(value.text)
            if number is not None:
                return int(number) if kind == "integer" else number
    return None


def _proper_name(question: str) -> str | None:
    """Return the longest run of capitalised words that does not open the sentence."""
    runs = re.findall(
        r"(?<!^)(?<![.?!]\s)\b[A-Z][\w&'-]*(?:\s+(?:[A-Z][\w&'-]*|&|of|und|and(?=\s[A-Z])))*",
        question,
    )
    names = [run for run in runs if run.casefold() not in STOP_WORDS and len(run) > 2]
    return max(names, key=len) if names else None
