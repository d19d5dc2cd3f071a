"""What a prompt says: instructions, documents, options to choose from, and the question.

A model knows what a call is for from the messages, the tools and the response
format. So does this one: nothing here depends on who sent the prompt.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from services.llm.wire import ChatCompletionRequest

_DOCUMENT = re.compile(r"<document\b(?P<attrs>[^>]*)>\s*(?P<text>.*?)\s*</document>", re.DOTALL)
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
_QUESTION = re.compile(
    r"^[ \t]*(?:the )?(?:user'?s? )?(?:question|query|user question|task)\s*:\s*(?P<q>.+)$",
    re.I | re.M,
)
_WISH = re.compile(
    r"^(?:please |now |your task is to )?(?:extract|list|find|give|tell|summari[sz]e|read|return|"
    r"fill|classify|describe|explain|name|state|identify|write|get|show|determine|collect)\b.*[\w.:!]$",
    re.I,
)
_CHECK = re.compile(
    r"^[ \t]*(?:answer|statement|claim|text|draft)s? to (?:check|verify)\s*:\s*(?P<a>.+)",
    re.I | re.M | re.S,
)
_OPTION = re.compile(r"^\s*[-*]\s+`?(?P<name>[\w-]+)`?\s*[:–—-]\s+(?P<text>.+)$")
_ONLY = re.compile(
    r"\b(?:only|solely|strictly|exclusively|nothing but)\b[^.]{0,80}"
    r"\b(?:documents?|context|passages?|evidence|information|sources?|text|results?)\b|"
    r"\b(?:documents?|context|passages?|evidence|sources?)\b[^.]{0,40}\b(?:only|alone)\b",
    re.I,
)
_ABSTAIN = re.compile(
    r"\bif\b[^.]{0,120}\b(?:not|n't|no|cannot|nothing|lacks?|missing|insufficient|unsure|without)\b"
    r"[^.]{0,120}\b(?:say|reply|answer|respond|state|write|tell)\b(?P<rest>[^\n]{0,240})",
    re.I,
)
_CITE = re.compile(r"\bcit(?:e|ation|ations|ing)\b|\breference the\b|\bname the source\b", re.I)
# A clause needs one of these, and most documents have none: looking for them is cheap.
_ONLY_WORDS = ("only", "solely", "strictly", "exclusively", "nothing but", "alone")
_CITE_WORDS = ("cite", "citat", "citing", "reference the", "name the source")


@dataclass(frozen=True, slots=True)
class Block:
    """A document in the prompt: what it is called there, and its text."""

    id: str
    title: str
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One of the choices that a prompt describes; ``lines`` are its description and examples."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt as understood."""

    instructions: str
    question: str
    blocks: tuple[Block, ...]
    options: tuple[Option, ...]
    to_check: str
    known: tuple[tuple[str, str], ...]
    question_first: bool
    grounded: bool
    abstain_phrase: str | None
    cites: bool
    called_tools: tuple[str, ...]

    @classmethod
    def of(
        cls, question: str, blocks: Sequence[Block] = (), known: Sequence[tuple[str, str]] = ()
    ) -> Prompt:
        """Return the plainest prompt that asks a question about some blocks."""
        return cls("", question, tuple(blocks), (), "", tuple(known), False, True, "", True, ())


def understand(request: ChatCompletionRequest) -> Prompt:
    """Return what the messages of a request say."""
    system = "\n".join(m.text for m in request.messages if m.role in ("system", "developer"))
    users = [m.text for m in request.messages if m.role == "user"]
    last = users[-1] if users else ""
    names = {call.id: call.function.name for m in request.messages for call in (m.tool_calls or ())}
    blocks = [
        Block(f"T{i + 1}", names.get(m.tool_call_id or "", "tool result"), m.text, source="tool")
        for i, m in enumerate(m for m in request.messages if m.role == "tool")
    ]
    everything = system + "\n" + "\n".join(users)
    documents = list(_documents(everything))
    outside = _DOCUMENT.sub("\n", last)
    question, at = _question(outside)
    check = _CHECK.search(outside)
    options = _options(system + "\n" + outside)
    if not documents and not options:
        documents = _loose_context(outside, question)
    first_doc = last.find("<document")
    question_first = bool(documents) and (
        last.find(question) < first_doc if first_doc >= 0 else at < len(outside) / 2
    )
    clauses = [_clauses(system), *(_clauses(text) for text in users)]
    return Prompt(
        instructions=_DOCUMENT.sub("\n", system),
        question=question,
        blocks=(*documents, *blocks),
        options=options,
        to_check=check["a"].strip() if check else "",
        known=tuple(re.findall(r"(\w+)\s*=\s*([^;\n(]+?)\s*(?=[;\n(]|$)", _known(everything))),
        question_first=question_first,
        grounded=any(clause.grounded for clause in clauses),
        abstain_phrase=next((c.abstains for c in clauses if c.abstains is not None), None),
        cites=any(clause.cites for clause in clauses),
        called_tools=tuple(names.values()),
    )


@dataclass(frozen=True, slots=True)
class _Clauses:
    grounded: bool
    abstains: str | None
    cites: bool


@lru_cache(maxsize=256)
def _clauses(text: str) -> _Clauses:
    """Return what a message says of how to answer; many begin with the same one."""
    folded = text.casefold()
    abstain = _conditional(text, folded)
    return _Clauses(
        _any_of(_ONLY_WORDS, folded) and bool(_ONLY.search(text)),
        _phrase(abstain["rest"]) if abstain else None,
        _any_of(_CITE_WORDS, folded) and bool(_CITE.search(text)),
    )


def _any_of(words: Sequence[str], folded: str) -> bool:
    return any(word in folded for word in words)


def _conditional(text: str, folded: str) -> re.Match[str] | None:
    """Return the first clause that says what to reply if something is not there.

    It can only begin where an "if" stands, which is found much faster than the clause.
    """
    if len(folded) != len(text):  # some letters fold to two, so that places differ
        return _ABSTAIN.search(text)
    at = folded.find("if")
    while at >= 0:
        found = _ABSTAIN.match(text, at)
        if found:
            return found
        at = folded.find("if", at + 2)
    return None


def _documents(text: str) -> Sequence[Block]:
    found: list[Block] = []
    for number, match in enumerate(_DOCUMENT.finditer(text), start=1):
        attributes = dict(_ATTRIBUTE.findall(match["attrs"]))
        found.append(
            Block(
                id=attributes.get("id", f"D{number}"),
                title=html.unescape(attributes.get("title", "")),
                text=match["text"],
                source=html.unescape(attributes.get("source", "")),
            )
        )
    return found


def _question(text: str) -> tuple[str, int]:
    """Return the question and its offset: labelled, else the last line with a question mark."""
    labelled = list(_QUESTION.finditer(text))
    if labelled:
        match = labelled[-1]
        return match["q"].strip(), match.start()
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    asking = [line for line in lines if line.endswith("?")]
    asking = asking or [line for line in lines if _WISH.match(line)]
    question = (asking or lines or [""])[-1]
    if len(question) > 600:
        sentences = re.split(r"(?<=[.!?])\s+", question)
        question = next((s for s in reversed(sentences) if s.endswith("?")), sentences[-1])
    return question, max(text.rfind(question), 0)


def _options(text: str) -> tuple[Option, ...]:
    options: list[Option] = []
    lines: list[str] = []
    for line in text.splitlines():
        match = _OPTION.match(line)
        if match:
            lines = [match["text"].strip()]
            options.append(Option(match["name"], ()))
        elif lines and line.startswith((" ", "\t")) and line.strip():
            body = re.sub(r"^\s*examples?\s*:\s*", "", line, flags=re.I)
            quoted = re.findall(r"[\"“]([^\"”]+)[\"”]", body)
            lines.extend(quoted or [body.strip()])
        else:
            lines = []
        if options and lines:
            options[-1] = Option(options[-1].name, tuple(lines))
    return tuple(options)


def _loose_context(text: str, question: str) -> list[Block]:
    """Take what surrounds the question as one document, when there is enough of it."""
    rest = text.replace(question, "\n", 1) if question else text
    rest = re.sub(r"^\s*(?:question|context|document|documents|text)\s*:\s*", "", rest, flags=re.I)
    return [Block("D1", "", rest.strip())] if len(rest.split()) >= 8 else []


def _known(text: str) -> str:
    return "\n".join(re.findall(r"^\s*Known\s*:\s*(.+)$", text, re.M))


def _phrase(rest: str) -> str:
    quoted = re.search(r"[\"“]([^\"”]{4,200})[\"”]", rest)
    return quoted[1] if quoted else ""
