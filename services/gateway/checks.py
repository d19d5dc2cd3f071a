"""What the gateway does not let through, and how it says so."""

from __future__ import annotations

import unicodedata

from services.problems import FieldProblem, ProblemError

_ALLOWED_CONTROLS = "\t\n\r"


def checked_question(text: str, max_chars: int) -> str:
    """Return the question without outer blanks, or raise ``ProblemError``.

    Empty is 422, over ``max_chars`` characters 413, and control characters or
    lone surrogates, which no text holds, are 400.
    """
    if len(text) > max_chars:
        raise ProblemError(
            413,
            f"The question has {len(text):,} characters; at most {max_chars:,} are read. "
            "Shorten it, or add the text as a document with `stillgreen ingest`.",
        )
    for character in text:
        if unicodedata.category(character) in {"Cc", "Cs"} and character not in _ALLOWED_CONTROLS:
            raise ProblemError(
                400,
                f"The question holds the control character U+{ord(character):04X}. "
                "Send plain text in UTF-8.",
            )
    stripped = text.strip()
    # Format characters alone (zero-width space, direction marks) are blank too.
    if not any(unicodedata.category(character)[0] not in "ZC" for character in stripped):
        raise ProblemError(
            422,
            "The question is empty. Send some text.",
            errors=[FieldProblem(pointer="/question", detail="must not be blank")],
        )
    return stripped


def checked_seed(header: str | None) -> int | None:
    """Return the seed of a request header, None without one; 400 if it is no integer."""
    if header is None:
        return None
    try:
        seed = int(header)
    except ValueError:
        seed = -1
    if not 0 <= seed < 2**63:
        raise ProblemError(400, "X-StillGreen-Seed is not an integer from 0 to 2^63-1.")
    return seed
